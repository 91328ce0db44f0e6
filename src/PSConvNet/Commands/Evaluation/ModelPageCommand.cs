using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>A cmdlet that makes a page to draw on.</summary>
public abstract class ModelPageCommand : LongCommand
{
    private ModelInput? _input;

    /// <summary>Models, the runs that Invoke-Training returns, or the trials that Invoke-Sweep returns.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Model", "Run", "Trial")]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>
    /// A data set; the reader can try those of its test images that a model gets most wrong. Trials use that of their study. Default: none, and no
    /// mistakes.
    /// </summary>
    [Parameter]
    [DatasetTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset? Data { get; set; }

    /// <summary>The page's title. Default: made of the models' names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public string? Title { get; set; }

    /// <summary>The number of mistakes of each model on the page, the most confident first: 0 to 200. Default: 12.</summary>
    [Parameter]
    [ReadAs<int>(Least = 0)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int MistakeCount { get; set; } = new ModelPageOptions().MistakeCount;

    /// <summary>The models that came, by name.</summary>
    private protected string Subject => string.Join(", ", Input.Models.Select(entry => entry.Model.Name).Distinct());

    private ModelInput Input => _input ??= new ModelInput(MyInvocation.MyCommand.Name, ErrorIds.PageInputInvalid);

    /// <inheritdoc />
    private protected override void ProcessInput() => Input.Add(InputObject, WriteError);

    /// <inheritdoc />
    private protected override void End()
    {
        try
        {
            Give();
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Subject);
        }
    }

    /// <summary>Makes the page and gives it in the cmdlet's own way.</summary>
    private protected abstract void Give();

    /// <summary>The page's options, refused where they can't be.</summary>
    private protected ModelPageOptions Options()
    {
        var options = new ModelPageOptions { Title = Title, MistakeCount = MistakeCount };
        options.Validate();
        return options;
    }

    /// <summary>The page.</summary>
    private protected ModelPage Create(ModelPageOptions options)
    {
        var data = Data ?? Input.ReadStudyData();
        if (data is null && Given(nameof(MistakeCount)))
            throw NotApplicable(
                nameof(MistakeCount),
                "for mistakes on test images, and there is no -Data that has any"
            );
        foreach (var (model, _) in Input.Models)
            Warn(data is null ? [] : PixelDoubts.OfData(data.Test, model.TrainingPixels, model.Name));
        var images = data?.Test.Count ?? 0;
        return ModelPage.Create(
            Input.Models.Select(entry => entry.Model),
            data,
            options,
            name => Measuring($"Measuring {name}", images, Precision.Auto),
            StopToken
        );
    }
}
