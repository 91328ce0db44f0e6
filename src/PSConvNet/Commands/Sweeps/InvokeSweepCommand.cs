using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using PSConvNet.Completion;
using PSConvNet.TensorBoard;
using PSConvNet.Transforms;

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
/// A study is a folder: study.json, one JSON file per trial, the images, the models of the best. Workers are processes that find their work
/// in it; there is no server. Called again on a study that was stopped or broke off, Invoke-Sweep resumes it: Invoke-Sweep -Study ./study is
/// enough. Called in two terminals, or on two machines that see the folder, both work on it. It refuses another space, script block, training
/// or data for a study that is there, which would mix results; -Trials, -Parallel, -Replicate, -Retry and -Best may change.
/// </para>
/// <para>
/// What the space varies in every trial is not given for all of them too: -LearningRate beside a space with LearningRate is an error, and so is an
/// -Optimizer with a setting that the space varies. A parameter with a condition (-When) takes the place of what was given in its trials alone.
/// </para>
/// <para>
/// -Engine says where the workers run. The study, its trials and the result are the same everywhere. An engine's options go into a table,
/// -EngineOption @{ … }, in which Tab completes their names; durations are written as '1:30:00', memory as 4GB:
/// </para>
/// <para>Local, processes on this machine. Parallel: how many; also -Parallel.</para>
/// <para>
/// Slurm, tasks of job arrays, which all see the study's folder under its path. Parallel: the most workers at the same time; also -Parallel.
/// Partition, Account: the cluster's unless you name others. Time: the longest a task may run. StopBefore: how long before that it is asked to
/// stop, 2 minutes. Memory: per worker, in bytes. TrialsPerTask: the trials that a task does before it ends, 1; more for short ones.
/// SchedulerArgument: more options for sbatch, such as '--qos=short'.
/// </para>
/// <para>
/// Ssh, PowerShell sessions on other machines, which see the study's folder or not. Session: the sessions, a worker in each; also -Session:
/// -Engine Ssh -Session (New-PSSession -HostName first, first, second). A machine without the study's folder is sent what a trial needs, and
/// one without PSConvNet is sent that, once, into its cache; both go over the session. When a session breaks, its trial is taken up
/// elsewhere, from where it was when its turn began.
/// </para>
/// <para>
/// Kubernetes, a Job whose files are written for you to apply; nothing is sent to a cluster. Image, VolumeClaim: the worker's image and the
/// volume that holds the study, both needed. SubPath: the study's folder within the volume. Parallel: the number of workers, 1; also
/// -Parallel. Time: the longest the Job may run. Memory: per worker, 2GB. TrialsPerTask: the trials that a worker does before it ends; without
/// it until nothing is left. Namespace, JobName, BackoffLimit (3), StopWithin (2 minutes), UserId (1654), BaseImage: of the Job, its pods and
/// its image. ManifestPath: the folder for the files, kubernetes in the study's.
/// </para>
/// <para>
/// Ctrl-C stops all workers within a batch and leaves a study that can be resumed; a second Ctrl-C kills them. Trials whose worker
/// died are taken up again. Workers run the script block by themselves: it has to stand alone, without variables or functions of your
/// session. A study's script is code: resume studies that you trust.
/// </para>
/// <para>
/// Equal seeds give equal trials: with Grid and Random whatever the number of workers; with Tpe, Median and Asha, which depend on the results
/// of other trials, with -Parallel 1. Numbers are equal to the last bit for an equal number of -Threads.
/// </para>
/// <para>
/// Errors: SweepOptionInvalid, ParameterNotApplicable (such as -ReductionFactor without -Pruner Asha), SweepScriptInvalid, SweepGridTooLarge, StudyMismatch, StudyNotFound, StudyInvalid, StudyFolderNotEmpty,
/// StudyExists, SweepTooManyFailures, SweepNothingCompleted, SweepWorkerFailed, EngineOptionInvalid, EngineOptionUnknown,
/// TrainingOptionInvalid, FractionOutOfRange, DatasetTooSmall, DataShapeMismatch, ClassUnknown, FileNotWritten, FileNotReadable, PathNotFound,
/// PathNotOfFileSystem. With -Engine Slurm also SlurmNotFound, SlurmRefused, SlurmAnswerUnknown, SlurmUnreachable, SlurmCancelled,
/// SlurmWorkersFailed. A session that can't work is a warning with the reason; when none is left, the error is SweepWorkerFailed.
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
/// <para>The same study resumed: the best two are trained again with three other seeds each.</para>
/// <code>Invoke-Sweep -Study units -Best 2 -Replicate 3 | ForEach-Object { "$($_.Parameters): $($_.MeanText)" }</code>
/// </example>
[Cmdlet(VerbsLifecycle.Invoke, "Sweep", SupportsShouldProcess = true, DefaultParameterSetName = ResumeSet)]
[OutputType(typeof(SweepTrial))]
[OutputType(typeof(FileInfo))]
public sealed class InvokeSweepCommand : TrainingOptionsCommand, IDynamicParameters
{
    private const string BeginSet = "Begin";
    private const string ResumeSet = "Resume";

    private static readonly string[] s_trainingOptions =
    [
        .. typeof(TrainingOptionsCommand)
            .GetProperties(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.Instance)
            .Select(property => property.Name),
    ];

    private readonly RuntimeDefinedParameterDictionary _dynamic = [];

    /// <summary>Makes the layers of a trial from its parameters, $p after param($p); what New-ConvLayer and the others give, without New-Model.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = BeginSet)]
    [ReadAs<ScriptBlock>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>The search space: the result of New-SweepSpace, or a table of its parameters (@{ Choice = @{ Units = 16, 32 } }).</summary>
    [Parameter(Mandatory = true, ParameterSetName = BeginSet)]
    [SweepSpaceTransform]
    [ArgumentCompleter(typeof(VariableCompleter<SweepSpace>))]
    public SweepSpace Space { get; set; } = null!;

    /// <summary>The data set; trials are trained on its training part, less what is held out.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BeginSet)]
    [DatasetTransform(IsForLearning = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset Data { get; set; } = null!;

    /// <summary>The study's folder: a new one, or that of a study to resume.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string Study { get; set; } = "";

    /// <summary>How many trials there are; more than before resume a study. Default: 20, with Grid all points.</summary>
    [Parameter]
    [ReadAs<int?>(Least = 1, Most = 10000000)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? Trials { get; set; }

    /// <summary>How points are chosen: Grid (every one), Random, or Tpe (where good ones were found). Default: Random.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ReadAs<SweepSampler>]
    public SweepSampler Sampler { get; set; } = SweepSampler.Random;

    /// <summary>With Grid: how many values of a range there are, 1 to 1000. Default: 5.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ReadAs<int>(Least = 1, Most = 1000)]
    [Needs(nameof(Sampler), SweepSampler.Grid)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int GridPoints { get; set; } = 5;

    /// <summary>
    /// Which trials are given up: none (None), those that are worse than the median of the others after as many epochs (Median), all but the
    /// best on each rung (Asha). Default: None.
    /// </summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ReadAs<SweepPruner>]
    public SweepPruner Pruner { get; set; }

    /// <summary>The epochs that every trial gets before it can be given up; with Asha the lowest rung. At least 1. Default: 1.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ReadAs<int>(Least = 1)]
    [Needs(nameof(Pruner), SweepPruner.Median, SweepPruner.Asha)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int GraceEpochs { get; set; } = 1;

    /// <summary>With Asha: of how many trials on a rung one goes on, to as many times the epochs. At least 2. Default: 4.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ReadAs<int>(Least = 2)]
    [Needs(nameof(Pruner), SweepPruner.Asha)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int ReductionFactor { get; set; } = 4;

    /// <summary>The measure on the held-out images by which trials are judged: Accuracy or Loss. Default: Accuracy.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ReadAs<SweepObjective>]
    public SweepObjective Objective { get; set; }

    /// <summary>
    /// Threads per worker, 1 to 256: the study's, because the last bits of a result depend on it. Several workers of one thread do more than
    /// one of several. Default: 1.
    /// </summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ValidateRange(1, 256)]
    [ReadAs<int>(Least = 1, Most = 256)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Threads { get; set; } = 1;

    /// <summary>How many of the best trials are given at the end, keep their models and are repeated; at least 1. Default: 3.</summary>
    [Parameter]
    [ReadAs<int?>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? Best { get; set; }

    /// <summary>
    /// How often each of the best is trained again with another seed, to tell luck from a finding: the trial's Mean and MeanMargin (half the
    /// 95 % interval) have the result. One repetition, and equal ones, are too few to know a margin: it is $null then. Default: 0.
    /// </summary>
    [Parameter]
    [ReadAs<int?>(Least = 0, Most = 1000)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? Replicate { get; set; }

    /// <summary>How often a trial whose worker died is taken up again. Default: 2.</summary>
    [Parameter]
    [ReadAs<int?>(Least = 0, Most = 1000)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? Retry { get; set; }

    /// <summary>How many trials may fail before the sweep ends. Default: any number.</summary>
    [Parameter]
    [ReadAs<int?>(Least = 0)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? MaxFailures { get; set; }

    /// <summary>Whose models are kept in the study's folder: Best or All. Default: Best.</summary>
    [Parameter]
    [ReadAs<KeptModels>]
    public KeptModels KeepModel { get; set; }

    /// <summary>
    /// Where the workers run: Local, Slurm, Ssh, or Kubernetes, for which files are written and nothing is applied. Its options are given as
    /// -EngineOption @{ … }. Default: Local.
    /// </summary>
    [Parameter]
    [ValidateNotNull]
    [EngineTransform]
    [ArgumentCompleter(typeof(EngineNameCompleter))]
    public SweepEngine Engine { get; set; } = new LocalEngine();

    /// <summary>The number of workers; an option of all engines but Ssh. Default: as many as have a core for each of their threads.</summary>
    [Parameter]
    [ReadAs<int?>(Least = 1, Most = 1024)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? Parallel { get; set; }

    /// <summary>
    /// An option of Ssh: sessions on other machines, from New-PSSession -HostName, a worker in each; several on a machine with several cores.
    /// They are left open.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ReadAs<PSSession[]>(IsOptional = true)]
    [ArgumentCompleter(typeof(VariableCompleter<PSSession>))]
    public PSSession[] Session { get; set; } = [];

    /// <summary>
    /// The engine's options, a table such as @{ Partition = 'gpu'; Time = '1:00:00' }; Tab completes their names after -Engine. The description lists
    /// the options of each engine. Default: the engine's own.
    /// </summary>
    // A parameter whose type depends on -Engine, for PowerShell completes a table's names by the properties of its type.
    public SweepEngine? EngineOption =>
        _dynamic.TryGetValue(nameof(EngineOption), out var option) ? option.Value as SweepEngine : null;

    /// <summary>Adds <see cref="EngineOption"/>, of the type of the chosen engine.</summary>
    public object GetDynamicParameters()
    {
        _dynamic.TryAdd(
            nameof(EngineOption),
            new RuntimeDefinedParameter(
                nameof(EngineOption),
                Engine.GetType(),
                [
                    new ParameterAttribute(),
                    new EngineOptionTransformAttribute(Engine),
                    new ArgumentCompleterAttribute(typeof(NothingCompleter)),
                ]
            )
        );
        return _dynamic;
    }

    /// <inheritdoc />
    private protected override void End()
    {
        try
        {
            var folder = this.Target(Study);
            var engine = ChosenEngine();
            if (ShouldProcess(folder, "Run a sweep"))
                Sweep(ParameterSetName == BeginSet ? Begin(folder) : Resume(folder), engine);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Study);
        }
    }

    private SweepEngine ChosenEngine()
    {
        var engine = EngineOption ?? Engine;
        foreach (var (option, value) in ((string, object?)[])[(nameof(Parallel), Parallel), (nameof(Session), Session)])
        {
            if (!Given(option))
                continue;
            engine = Engines.With(engine, [KeyValuePair.Create(option, Argument.Plain(value))], this.Target);
        }
        engine.Validate();
        return engine;
    }

    private void Sweep(Study study, SweepEngine engine)
    {
        Warn(study.Repair());
        var start = engine.Start(study, () => WorkerOf(study));
        using var workers = start.Workers;
        foreach (var file in start.Files)
            WriteObject(new FileInfo(file));
        if (workers is null)
        {
            if (TensorBoard is not null)
                WriteWarning(
                    "Nothing is written to -TensorBoard: nobody follows this sweep. Give it to Invoke-Sweep -Study where it is resumed or done."
                );
            return;
        }
        WriteVerbose(
            $"{study.Folder}: {workers.Place}, {study.Settings.Training.Threads} threads each; {study.Settings.Sampler}, {study.Settings.Pruner}."
        );
        var screen = Quiet ? null : new SweepScreen(Progress, study);
        if (!new SweepRun(this, study, workers, Log(study)).Follow(screen, StopToken))
            return;
        Progress.Complete();
        study.DeleteOtherModels();
        foreach (var trial in study.BestTrials())
            WriteObject(TrialObject.Of(trial));
    }

    private StudyLog? Log(Study study) =>
        TensorBoard is null
            ? null
            : new StudyLog(
                this.Target(TensorBoard),
                new DirectoryInfo(study.Folder).Name,
                text => Tell(() => WriteWarning(text))
            );

    private Study Begin(string folder)
    {
        Warn(PixelDoubts.OfData(Data.Train));
        var script = ScriptBlock.ToString();
        SweepScript.Of(script);
        var request = new StudyRequest
        {
            Settings = new StudySettings
            {
                Space = Space,
                Script = script,
                Training = ChooseShared(new TrainingOptions()) with { Threads = Threads },
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
            },
            Changes = Changes(),
            Data = Data,
            Chosen = [.. s_trainingOptions.Where(Given)],
            ValidationSplit = Given(nameof(ValidationSplit)) ? ValidationSplit : null,
            ValidationData = ValidationData,
            Warn = WriteWarning,
        };
        return request.Open(folder, SweepScript.Condition);
    }

    private Study Resume(string folder)
    {
        if (s_trainingOptions.FirstOrDefault(Given) is { } option)
        {
            throw new ConvNetException(
                "SweepOptionInvalid",
                ErrorKind.InvalidArgument,
                $"-{option} belongs to how a study is begun: give it with -Space, -Data and the script block, or leave it out to resume the study as it is.",
                option
            );
        }
        var study = PSConvNet.Study.Open(folder, SweepScript.Condition);
        return study.With(Changes().Apply(study.Settings));
    }

    private StudyChanges Changes() =>
        new()
        {
            Trials = Trials,
            Best = Best,
            Replicate = Replicate,
            Retry = Retry,
            MaxFailures = MaxFailures,
            KeepAllModels = Given(nameof(KeepModel)) ? KeepModel == KeptModels.All : null,
        };

    private static WorkerCommand WorkerOf(Study study)
    {
        var words = ShellProgram
            .Find("SweepWorkerFailed", " and put it on the PATH")
            .CommandOf("sweep", "Start-SweepWorker.ps1");
        return new WorkerCommand(words[0], [.. words.Skip(1), study.Folder]);
    }
}
