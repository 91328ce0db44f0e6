using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Writes a report about one or several models, or about a sweep, as one self-contained HTML page.</summary>
/// <seealso cref="CompareModelCommand" />
/// <seealso cref="NewModelPageCommand" />
/// <seealso cref="ShowTrainingCurveCommand" />
/// <remarks>
/// <para>
/// Takes training runs, models, or the trials that Invoke-Sweep returns. The page has the result with its 95 % interval, a sample of the data, the
/// network, the
/// training curves and settings, the confusion matrix, the worst mistakes, the environment, and the commands that reproduce it all. Several models
/// are compared on the same test images, and then each one is shown. The command measures and never trains.
/// </para>
/// <para>
/// With -Study the page is about a sweep: its best trials with their repetitions, compared on the study's test images; all trials and what failed;
/// what was varied, and which of it matters; how the sweep was run, and on which images; the best network in full; and the commands that reproduce
/// the sweep. It also works while the sweep is running, and says what is missing. No code of the study is run.
/// </para>
/// <para>
/// A model keeps no images: without -Data the page shows networks and training runs, and says what is missing. Trials use the images of their study. What
/// is measured is the model as it is now, after all its training runs.
/// </para>
/// <para>
/// The page has no scripts and uses no network connection. It is light or dark like the reader's system, fits a phone, and can be printed. An
/// existing file is replaced only with -Force.
/// </para>
/// <para>
/// Errors: ReportInputInvalid (neither model, run nor trial), TrialModelMissing, ModelFileInvalid (the others continue), ReportEmpty,
/// ReportOptionInvalid, ParameterNotApplicable, ReportFormatUnsupported, FileExists, PathInvalid (a folder), PathNotFound (no such drive), PathNotOfFileSystem,
/// FileNotWritten, DataShapeMismatch, ClassUnknown, ClassCountMismatch, PredictionsInvalid, ModelBusy, NativeLibraryMissing; of studies StudyNotFound,
/// StudyInvalid, FileNotReadable. With any of them but the first three, no file is written.
/// </para>
/// </remarks>
/// <example>
/// <para>Compares two networks on one page.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $wide = New-FlattenLayer | New-DenseLayer 64 -Activation ReLU | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name wide
/// $linear = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear
/// $runs = $wide, $linear | Invoke-Training -Data $digits -Epochs 2
/// $runs | New-ModelReport -Path digits.html -Data $digits</code>
/// </example>
/// <example>
/// <para>Describes one training, with a title and text of your own and more of its mistakes.</para>
/// <code>New-ModelReport $runs[0] wide.html -Data $digits -Title 'Wide, first try' -Note 'Two epochs are not much.' -MistakeCount 60</code>
/// </example>
/// <example>
/// <para>Describes a model without data: only its network and its training.</para>
/// <code>New-ModelReport $wide network.html -WhatIf
/// New-ModelReport $wide network.html</code>
/// </example>
/// <example>
/// <para>Describes a whole sweep on one page.</para>
/// <code>$space = New-SweepSpace @{ Units = 8, 16; LearningRate = 0.001, 0.01 }
/// Invoke-Sweep -Space $space -Data $digits -Epochs 2 -Sampler Grid -Study told -Quiet { param($p) New-FlattenLayer | New-DenseLayer $p.Units | New-DenseLayer 10 -Activation Softmax }
/// New-ModelReport -Study told -Path sweep.html</code>
/// </example>
/// <example>
/// <para>Describes the sweep's two best models in full, measured on the test images that the study keeps.</para>
/// <code>Get-SweepTrial told -Best 2 | New-ModelReport -Path best.html</code>
/// </example>
[Cmdlet(
    VerbsCommon.New,
    "ModelReport",
    SupportsShouldProcess = true,
    DefaultParameterSetName = ModelSet,
    HelpUri = HelpPages.Address + "New-ModelReport.md"
)]
[OutputType(typeof(FileInfo))]
public sealed class NewModelReportCommand : LongCommand
{
    private const string ModelSet = "Model";
    private const string StudySet = "Study";

    private readonly ModelInput _input = new("New-ModelReport", ErrorIds.ReportInputInvalid);

    /// <summary>Models, the runs that Invoke-Training returns, or the trials that Invoke-Sweep returns.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = ModelSet)]
    [Alias("Model", "Run", "Trial")]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The folder of a study, for a page about all of it; wildcards aren't resolved.</summary>
    [Parameter(Mandatory = true, ParameterSetName = StudySet)]
    [Alias("LiteralPath", "PSPath")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string Study { get; set; } = "";

    /// <summary>The page to write; its name ends in .html or .htm.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string Path { get; set; } = null!;

    /// <summary>
    /// The data set, of which the test part is used. Trials use that of their study. Default: none, and what needs images is left out.
    /// </summary>
    [Parameter(ParameterSetName = ModelSet)]
    [DatasetTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset? Data { get; set; }

    /// <summary>The page's title. Default: the models' names, or the study's, and the data set's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public string? Title { get; set; }

    /// <summary>Text to show below the title; an empty line begins a new paragraph. Default: nothing.</summary>
    [Parameter]
    [ReadAs<string>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public string? Note { get; set; }

    /// <summary>The number of mistakes of each model to show, the most confident first: 0 to 200. Default: 24.</summary>
    [Parameter]
    [ReadAs<int>(Least = 0)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int MistakeCount { get; set; } = new ModelReportOptions().MistakeCount;

    /// <summary>The arithmetic of the measurement: Auto, Float32 or BFloat16. Default: Auto.</summary>
    [Parameter]
    [ReadAs<Precision>]
    public Precision Precision { get; set; }

    /// <summary>Replaces an existing file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInput() => _input.Add(InputObject, WriteError);

    /// <inheritdoc />
    private protected override void End()
    {
        try
        {
            Write();
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Path);
        }
    }

    private void Write()
    {
        var file = this.TargetPage(Path, Force, ErrorIds.ReportFormatUnsupported, "A report");
        var options = new ModelReportOptions
        {
            Title = Title,
            Note = string.IsNullOrWhiteSpace(Note) ? null : Note,
            MistakeCount = MistakeCount,
            FileName = System.IO.Path.GetFileName(file),
        };
        options.Validate();
        // Who gives a study that is not there is told by WhatIf too.
        var study = ParameterSetName == StudySet ? PSConvNet.Sweeps.Study.Open(this.Target(Study)) : null;
        var subject = study?.Folder ?? string.Join(", ", _input.Models.Select(entry => entry.Model.Name).Distinct());
        if (!ShouldProcess(file, $"Write a report on {subject}"))
            return;
        var report = study is null ? OnModels(options) : OnStudy(study, options);
        report.Save(file);
        this.WriteFile(file);
    }

    private ModelReport OnModels(ModelReportOptions options)
    {
        var data = Data ?? _input.ReadStudyData();
        foreach (var option in (string[])[nameof(MistakeCount), nameof(Precision)])
        {
            if (data is null && Given(option))
                throw NotApplicable(option, "for models that are measured, and there is no -Data to measure on");
        }
        foreach (var (model, _) in _input.Models)
            Warn(data is null ? [] : PixelDoubts.OfData(data.Test, model.TrainingPixels, model.Name));
        return ModelReport.Create(
            _input.Models.Select(entry =>
                (entry.Model, (IReadOnlyList<TrainingRun>)(entry.Run is { } run ? [run] : []))
            ),
            data,
            options,
            Measuring(data?.Test.Count ?? 0),
            StopToken
        );
    }

    private ModelReport OnStudy(Study study, ModelReportOptions options) =>
        ModelReport.Create(study, options, Measuring(study.TestImages), StopToken);

    private Func<string, PredictionOptions> Measuring(int images) =>
        name => Measuring($"Measuring {name}", images, Precision);
}
