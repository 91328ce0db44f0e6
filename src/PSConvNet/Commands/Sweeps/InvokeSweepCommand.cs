using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Which models of a study are kept.</summary>
public enum KeptModels
{
    /// <summary>Those of the best trials.</summary>
    Best,

    /// <summary>Those of all completed trials.</summary>
    All,
}

/// <summary>Runs a sweep: many trainings with other settings and other layers, and gives the best of them.</summary>
/// <remarks>
/// <para>
/// Each trial takes a point of -Space, has the script block make its layers from it, and trains them. The names that Invoke-Training knows
/// go to the training. Trials are judged by images held out of the training part; the test part is not touched: pipe the result to
/// Compare-Model to measure the best on it, once.
/// </para>
/// <para>
/// A study is a folder: study.json, one JSON file a trial, the images, the models of the best. Workers are processes that find their work in it;
/// there is no server. Called again on a study that was stopped or broke off, Invoke-Sweep goes on with it: Invoke-Sweep -Study ./study is
/// enough. Called in two terminals, or on two machines that see the folder, both work on it. It refuses to go on under another space,
/// script block, training or data, which would mix results; more -Trials, other -Parallel, -Replicate, -Retry and -Best are no such thing.
/// </para>
/// <para>
/// With -Engine the workers run elsewhere: as tasks of Slurm's job arrays, which all see the study's folder under its path; in PowerShell
/// sessions on other machines, which see it or not; or, written as a manifest for you to apply, in a Job of Kubernetes. The study, its
/// trials and the result are the same.
/// </para>
/// <para>
/// Of two workers on one machine and one on another: -Engine Ssh -Session (New-PSSession -HostName first, first, second). A machine without
/// the study's folder is sent what a trial needs, and one without PSConvNet is sent that, once, into its cache; both go over the
/// session. When a session breaks, its trial is taken up elsewhere, from where it was when its turn began.
/// </para>
/// <para>
/// Ctrl-C stops all workers within a batch and leaves a study that can be gone on with; a second Ctrl-C kills them. Trials whose worker
/// died are taken up again. Workers run the script block by themselves: it has to stand alone, without variables or functions of your
/// session. A study's script is code: go on with studies that you trust.
/// </para>
/// <para>
/// Equal seeds give equal trials: with Grid and Random whatever the number of workers; with Tpe, Median and Asha, which go by what others have
/// come to, with -Parallel 1. Numbers are equal to the last bit for an equal number of -Threads.
/// </para>
/// <para>
/// Errors: SweepOptionInvalid, SweepScriptInvalid, SweepGridTooLarge, StudyMismatch, StudyNotFound, StudyInvalid, StudyFolderNotEmpty,
/// StudyExists, SweepTooManyFailures, SweepNothingCompleted, SweepWorkerFailed, TrainingOptionInvalid, FractionOutOfRange,
/// DatasetTooSmall, DataShapeMismatch, FileNotWritten, FileNotReadable, PathNotFound, PathNotOfFileSystem. With -Engine Slurm also
/// SlurmNotFound, SlurmOptionInvalid, SlurmRefused, SlurmAnswerUnknown, SlurmUnreachable, SlurmCancelled, SlurmWorkersFailed; with
/// Kubernetes KubernetesOptionInvalid. A session that can't work is a warning, that says why; when none is left, SweepWorkerFailed does.
/// </para>
/// </remarks>
/// <example>
/// <para>Every combination of two numbers of units and two activations; the best on the test part.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $space = New-SweepSpace -Choice @{ Units = 16, 32; Activation = 'ReLU', 'GELU' }
/// Invoke-Sweep -Space $space -Data $digits -Epochs 2 -Sampler Grid -Study units {
///     param($p)
///     New-FlattenLayer | New-DenseLayer $p.Units -Activation $p.Activation | New-DenseLayer 10 -Activation Softmax
/// } | Compare-Model</code>
/// </example>
/// <example>
/// <para>The same study gone on with: the best two are trained again with three other seeds each.</para>
/// <code>Invoke-Sweep -Study units -Best 2 -Replicate 3 | ForEach-Object { "$($_.Parameters): $($_.Mean) ± $($_.MeanMargin)" }</code>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "Sweep", SupportsShouldProcess = true, DefaultParameterSetName = ResumeSet)]
[OutputType(typeof(SweepTrial))]
[OutputType(typeof(FileInfo))]
public sealed partial class InvokeSweepCommand : TrainingOptionsCommand
{
    private const string BeginSet = "Begin";
    private const string ResumeSet = "Resume";
    private const int UsualTrials = 20;

    private static readonly string[] s_studyOptions =
    [
        .. typeof(TrainingOptionsCommand)
            .GetProperties(
                System.Reflection.BindingFlags.DeclaredOnly
                    | System.Reflection.BindingFlags.Public
                    | System.Reflection.BindingFlags.Instance
            )
            .Select(property => property.Name),
        nameof(Sampler),
        nameof(GridPoints),
        nameof(Pruner),
        nameof(GraceEpochs),
        nameof(ReductionFactor),
        nameof(Objective),
        nameof(Threads),
    ];

    /// <summary>Makes the layers of a trial from its parameters, $p after param($p); what New-ConvLayer and the others give, without New-Model.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = BeginSet)]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>What is varied: what New-SweepSpace gives.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BeginSet)]
    public SweepSpace Space { get; set; } = null!;

    /// <summary>The data set; trials are trained on its training part, less what is held out.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BeginSet)]
    public Dataset Data { get; set; } = null!;

    /// <summary>The study's folder: a new one, or that of a study to go on with.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Study { get; set; } = "";

    /// <summary>How many trials there are; more than before go on with a study. Default: 20, with Grid all points.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public int Trials { get; set; } = UsualTrials;

    /// <summary>How points are chosen: Grid (every one), Random, or Tpe (where good ones were found). Default: Random.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    public SweepSampler Sampler { get; set; } = SweepSampler.Random;

    /// <summary>How many values of a range a grid has, 1 to 1000. Default: 5.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    public int GridPoints { get; set; } = 5;

    /// <summary>
    /// Who is given up: nobody (None), trials that are worse than the median of the others after as many epochs (Median), all but the best
    /// on each rung (Asha). Default: None.
    /// </summary>
    [Parameter(ParameterSetName = BeginSet)]
    public SweepPruner Pruner { get; set; }

    /// <summary>The epochs that every trial gets before it can be given up; with Asha the lowest rung. At least 1. Default: 1.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    public int GraceEpochs { get; set; } = 1;

    /// <summary>With Asha: of how many trials on a rung one goes on, to so many times the epochs. At least 2. Default: 4.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    public int ReductionFactor { get; set; } = 4;

    /// <summary>What is made good on the held-out images: Accuracy or Loss. Default: Accuracy.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    public SweepObjective Objective { get; set; }

    /// <summary>Worker processes. Default: as many as have a core for each of their threads.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    [ValidateRange(1, 1024)]
    public int? Parallel { get; set; }

    /// <summary>
    /// Threads a worker, 1 to 256: the study's, for the last bits of a result depend on it. Several workers of one thread do more than one of
    /// several. Default: 1.
    /// </summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ValidateRange(1, 256)]
    public int Threads { get; set; } = 1;

    /// <summary>How many of the best trials are given at the end, keep their models and are repeated; at least 1. Default: 3.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public int Best { get; set; } = 3;

    /// <summary>
    /// How often each of the best is trained again with another seed, to tell luck from a finding: the trial's Mean and MeanMargin say what
    /// came of it. Default: 0.
    /// </summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public int Replicate { get; set; }

    /// <summary>How often a trial whose worker died is taken up again. Default: 2.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public int Retry { get; set; } = 2;

    /// <summary>How many trials may fail before the sweep ends. Default: any number.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public int? MaxFailures { get; set; }

    /// <summary>Whose models are kept in the study's folder: Best or All. Default: Best.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public KeptModels KeepModel { get; set; }

    /// <inheritdoc />
    private protected override void End()
    {
        try
        {
            var folder = this.Target(Study);
            if (ParameterSetName == WorkerSet)
                Work(folder);
            else if (ParameterSetName == TurnSet)
                TakeTurn(folder);
            else if (RequireEngine() && ShouldProcess(folder, "Run a sweep"))
                Sweep(ParameterSetName == BeginSet ? Begin(folder) : Resume(folder));
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Study);
        }
    }

    private void Sweep(Study study)
    {
        if (Engine == SweepEngine.Kubernetes)
        {
            WriteManifest(study);
            return;
        }
        using var pool = Pool(study);
        WriteVerbose(
            $"{study.Folder}: {pool.Place}, {study.Settings.Training.Threads} threads each; {study.Settings.Sampler}, {study.Settings.Pruner}."
        );
        var run = new SweepRun(this, study, pool);
        if (!run.Follow(Quiet ? null : new SweepScreen(Progress, study), StopToken))
            return;
        Progress.Complete();
        study.DeleteOtherModels();
        foreach (var trial in study.BestTrials())
            WriteObject(TrialObject.Of(trial));
    }

    private Study Begin(string folder)
    {
        if (Given(nameof(ValidationSplit)) && ValidationData is not null)
            throw Option("Judge trials by a split or by data of its own, not by both.", ValidationSplit);
        var settings = new StudySettings
        {
            Space = Space,
            Script = ScriptBlock.ToString(),
            Training = ChooseShared(new TrainingOptions()) with
            {
                Threads = Threads,
                ValidationSplit = 0,
                ValidationData = null,
            },
            Objective = Objective,
            Sampler = Sampler,
            GridPoints = GridPoints,
            Pruner = new PrunerSpec
            {
                Kind = Pruner,
                GraceEpochs = GraceEpochs,
                ReductionFactor = ReductionFactor,
            },
            Seed = Seed,
            Trials = Trials,
        };
        settings.Validate();
        SweepScript.Of(settings.Script);
        var (data, validation) = ValidationData is { } separate
            ? (Data, separate)
            : HoldOut(Given(nameof(ValidationSplit)) ? ValidationSplit : 0.1);
        if (!PSConvNet.Study.Exists(folder))
        {
            if (Sampler == SweepSampler.Grid && !Given(nameof(Trials)))
                settings = settings with { Trials = SweepWatch.PointsOf(settings) };
            return PSConvNet.Study.Create(folder, Changed(settings), data, validation);
        }
        var study = Open(folder);
        study.RequireSame(settings, data, validation);
        return study.With(Changed(study.Settings));
    }

    private Study Resume(string folder)
    {
        if (s_studyOptions.FirstOrDefault(Given) is { } option)
        {
            throw Option(
                $"-{option} belongs to how a study is begun: give it with -Space, -Data and the script block, or leave it out to go on with the study as it is.",
                option
            );
        }
        var study = Open(folder);
        return study.With(Changed(study.Settings));
    }

    /// <summary>What may be another each time a study is gone on with.</summary>
    private StudySettings Changed(StudySettings settings) =>
        settings with
        {
            Trials = Given(nameof(Trials)) ? Trials : settings.Trials,
            Best = Given(nameof(Best)) ? Best : settings.Best,
            Replicate = Given(nameof(Replicate)) ? Replicate : settings.Replicate,
            Retry = Given(nameof(Retry)) ? Retry : settings.Retry,
            MaxFailures = Given(nameof(MaxFailures)) ? MaxFailures : settings.MaxFailures,
            KeepAllModels = Given(nameof(KeepModel)) ? KeepModel == KeptModels.All : settings.KeepAllModels,
        };

    private (Dataset Data, ImageSet Validation) HoldOut(double fraction)
    {
        var (kept, heldOut) = Data.Split(fraction, unchecked((int)Seed));
        return (kept, heldOut.Test);
    }

    private static Study Open(string folder) => PSConvNet.Study.Open(folder, text => SweepScript.Of(text).Holds);

    private static ConvNetException Option(string message, object target) =>
        new("SweepOptionInvalid", ErrorKind.InvalidArgument, message, target);
}
