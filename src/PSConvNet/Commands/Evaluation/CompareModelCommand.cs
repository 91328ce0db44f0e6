using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Compares models on the test images, best first.</summary>
/// <seealso cref="MeasureModelCommand" />
/// <seealso cref="InvokeTrainingCommand" />
/// <seealso cref="InvokeSweepCommand" />
/// <seealso cref="ShowConfusionMatrixCommand" />
/// <seealso cref="NewModelReportCommand" />
/// <remarks>
/// <para>
/// Takes models, training runs, or the trials that Invoke-Sweep returns. Each gets a row: parameters, test accuracy with its 95 % interval, loss,
/// errors, training seconds and images per second (from runs), the difference from the best in points, and McNemar's exact test against the best: p
/// is the probability of so large a difference by chance alone. The verdict says this in a sentence. The command measures and never trains. Classes
/// are matched by
/// name, so the models may have them in different orders.
/// </para>
/// <para>
/// With -Augmentation all models are measured on the same -Times versions of each image (test-time augmentation), as by Measure-Model, and the summary says so.
/// </para>
/// <para>
/// Errors: ComparisonInputInvalid, ComparisonDataMissing, TrialModelMissing, DataShapeMismatch, AugmentationDoesNotFit, ClassUnknown, ClassCountMismatch, PredictionsInvalid, ModelBusy; for trials
/// also StudyNotFound, StudyInvalid, ModelFileInvalid.
/// </para>
/// </remarks>
/// <example>
/// <para>Compares two networks with the same training.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $wide = New-FlattenLayer | New-DenseLayer 64 -Activation ReLU | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name wide
/// $linear = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear
/// $wide, $linear | Invoke-Training -Data $digits -Epochs 2 | Compare-Model -Data $digits</code>
/// </example>
/// <example>
/// <para>Shows only the verdicts.</para>
/// <code>$wide, $linear | Compare-Model -Data $digits | ForEach-Object Verdict</code>
/// </example>
[Cmdlet(VerbsData.Compare, "Model", HelpUri = HelpPages.Address + "Compare-Model.md")]
[OutputType(typeof(ModelComparisonRow))]
public sealed class CompareModelCommand : MeasuringCommand
{
    private readonly ModelInput _input = new("Compare-Model", ErrorIds.ComparisonInputInvalid);

    /// <summary>Models, the runs that Invoke-Training returns, or the trials that Invoke-Sweep returns.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Model", "Run", "Trial")]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>
    /// The data set, of which the test part is used, or a part of one ($digits.Test). Trials use that of their study. Default: the study's.
    /// </summary>
    [Parameter(Position = 1)]
    [ValidateNotNull]
    [DatasetTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset? Data { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInput() => _input.Add(InputObject, WriteError);

    /// <inheritdoc />
    private protected override void End()
    {
        if (_input.Models.Count == 0)
            return;
        var data = FindData();
        var entries = new List<ComparisonEntry>();
        // A model that was trained in several runs is one model, measured once.
        foreach (var group in _input.Models.GroupBy(entry => entry.Model))
        {
            var runs = group.Select(entry => entry.Run).OfType<TrainingRun>().Distinct().ToList();
            try
            {
                entries.Add(Measure(group.Key, runs, data));
            }
            catch (ConvNetException e)
            {
                WriteError(e, group.Key);
            }
        }
        if (entries.Count > 0)
            WriteObject(ModelComparison.Compare(entries), enumerateCollection: true);
    }

    /// <summary>What was given, or what the trials' study keeps for just this.</summary>
    private Dataset FindData()
    {
        try
        {
            if ((Data ?? _input.ReadStudyData()) is { } data)
                return data;
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e);
        }
        ThrowTerminating(
            new ConvNetException(
                ErrorIds.ComparisonDataMissing,
                ErrorKind.InvalidArgument,
                "Give the data set to measure on with -Data; only trials of one study have their own.",
                null
            )
        );
        return null!;
    }

    private ComparisonEntry Measure(Model model, List<TrainingRun> runs, Dataset data)
    {
        Warn(PixelDoubts.OfData(data.Test, model.TrainingPixels, model.Name));
        var options = Measuring($"Measuring {model.Name}", data.Test.Count);
        var metrics = Evaluator.Measure(model, data.Test, options, StopToken);
        return runs.Count == 0
            ? new ComparisonEntry(model.Name, model.ParameterCount, metrics)
            : new ComparisonEntry(
                model.Name,
                model.ParameterCount,
                metrics,
                runs.Sum(run => run.Seconds),
                runs[^1].ImagesPerSecond
            );
    }
}
