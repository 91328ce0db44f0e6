using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using PSConvNet.Completion;
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

/// <summary>Runs a sweep, which is many training runs with different settings and layers, and returns the best trials.</summary>
/// <seealso cref="NewSweepSpaceCommand" />
/// <seealso cref="GetSweepTrialCommand" />
/// <seealso cref="ShowSweepCommand" />
/// <seealso cref="CompareModelCommand" />
/// <seealso cref="InvokeTrainingCommand" />
/// <remarks>
/// <para>
/// Each trial takes a point of -Space, makes its layers from it with the script block, and trains them. Names that are parameters of Invoke-Training
/// go to the training. Trials are judged on images that are held out of the training part. The test part isn't used: pipe the result to Compare-Model
/// to measure the best trials on it, once.
/// </para>
/// <para>
/// A study is a folder with study.json, one JSON file per trial, the images, and the models of the best trials. Workers are processes that find their
/// work in the folder; there is no server. If a study was stopped or interrupted, Invoke-Sweep -Study ./study resumes it. If you run the command in
/// two terminals, or on two machines that share the folder, both work on the study. A different space, script block, training or data set is refused
/// for an existing study, because it would mix results; -Trials, -Parallel, -Replicate, -Retry and -Best can change.
/// </para>
/// <para>
/// A setting that the space varies in every trial can't also be given for all of them: -LearningRate is an error if the space has LearningRate, and
/// so is an -Optimizer with a setting that the space varies. A parameter with a condition (-When) overrides the given setting only in the trials that
/// have the parameter.
/// </para>
/// <para>
/// -Engine says where the workers run. The study, its trials and the result are the same everywhere. The options of an engine are given in a hashtable,
/// -EngineOption @{ … }, in which Tab completes their names. Durations are written as '1:30:00' and memory as 4GB:
/// </para>
/// <para>Local: processes on this machine. Parallel: the number of workers; also -Parallel.</para>
/// <para>
/// Slurm: tasks of job arrays, which all need access to the study's folder under the same path. Parallel: the maximum number of workers at the same
/// time; also -Parallel. Partition, Account: by default the cluster's. Time: the maximum duration of a task. StopBefore: how long before that it is
/// asked to stop, 2 minutes. Memory: per worker, in bytes. TrialsPerTask: the number of trials that a task runs before it ends, 1; use more for short
/// trials.
/// SchedulerArgument: more options for sbatch, such as '--qos=short'.
/// </para>
/// <para>
/// Ssh: PowerShell sessions on other machines, with or without access to the study's folder. Session: the sessions, with one worker in each; also
/// -Session:
/// -Engine Ssh -Session (New-PSSession -HostName first, first, second). A machine without access to the folder is sent what a trial needs, and a
/// machine without PSConvNet is sent the module once, into its cache; both go over the session. If a session breaks, its trial is continued
/// elsewhere, from its state at the beginning of its turn.
/// </para>
/// <para>
/// Kubernetes: a Job whose files are written for you to apply; nothing is sent to a cluster. Image, VolumeClaim: the worker's image and the volume
/// with the study, both required. SubPath: the study's folder within the volume. Parallel: the number of workers, 1; also
/// -Parallel. Time: the maximum duration of the Job. Memory: per worker, 2GB. TrialsPerTask: the number of trials that a worker runs before it ends;
/// without it, until no trial is left. Namespace, JobName, BackoffLimit (3), StopWithin (2 minutes), UserId (1654), BaseImage: of the Job, its pods
/// and
/// its image. ManifestPath: the folder for the files, by default kubernetes in the study's folder.
/// </para>
/// <para>
/// Ctrl-C stops all workers within a batch and leaves a study that can be resumed; a second Ctrl-C kills them. Trials whose worker died are
/// continued. Workers run the script block in processes of their own, so it can't use variables or functions of your session. A study's script is
/// code: resume only studies that you trust.
/// </para>
/// <para>
/// Equal seeds give equal trials: with Grid and Random for any number of workers; with Tpe, Median and Asha, which depend on the results of other
/// trials, only with -Parallel 1. With the same number of -Threads, results are equal to the last bit.
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
/// <para>Tries every combination of two numbers of units and two activations, and measures the best on the test part.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $space = New-SweepSpace -Choice @{ Units = 16, 32; Activation = 'ReLU', 'GELU' }
/// Invoke-Sweep -Space $space -Data $digits -Epochs 2 -Sampler Grid -Study units {
///     param($p)
///     New-FlattenLayer | New-DenseLayer $p.Units -Activation $p.Activation | New-DenseLayer 10 -Activation Softmax
/// } | Compare-Model</code>
/// </example>
/// <example>
/// <para>Resumes the same study: the best two trials are repeated with three other seeds each.</para>
/// <code>Invoke-Sweep -Study units -Best 2 -Replicate 3 | ForEach-Object { "$($_.Parameters): $($_.MeanText)" }</code>
/// </example>
[Cmdlet(
    VerbsLifecycle.Invoke,
    "Sweep",
    SupportsShouldProcess = true,
    DefaultParameterSetName = ResumeSet,
    HelpUri = HelpPages.Address + "Invoke-Sweep.md"
)]
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

    /// <summary>
    /// Makes the layers of a trial from its parameters, which are $p after param($p). It returns the result of New-ConvLayer and the other layer
    /// commands, without New-Model.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = BeginSet)]
    [ReadAs<ScriptBlock>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>The search space: the result of New-SweepSpace, or a hashtable of its parameters (@{ Choice = @{ Units = 16, 32 } }).</summary>
    [Parameter(Mandatory = true, ParameterSetName = BeginSet)]
    [SweepSpaceTransform]
    [ArgumentCompleter(typeof(VariableCompleter<SweepSpace>))]
    public SweepSpace Space { get; set; } = null!;

    /// <summary>The data set; trials are trained on its training part, except the images that are held out.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BeginSet)]
    [DatasetTransform(IsForLearning = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset Data { get; set; } = null!;

    /// <summary>The study's folder: a new one, or that of a study to resume.</summary>
    [Parameter(Mandatory = true)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string Study { get; set; } = "";

    /// <summary>The number of trials; a larger number than before resumes a study. Default: 20, with Grid all points.</summary>
    [Parameter]
    [PSDefaultValue(Value = StudySettings.DefaultTrials)]
    [ReadAs<int?>(Least = 1, Most = 10000000)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? Trials { get; set; }

    /// <summary>How points are chosen: Grid (all of them), Random, or Tpe (close to good points). Default: Random.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ReadAs<SweepSampler>]
    public SweepSampler Sampler { get; set; } = SweepSampler.Random;

    /// <summary>With Grid: the number of values in a range, 1 to 1000. Default: 5.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ReadAs<int>(Least = 1, Most = 1000)]
    [Needs(nameof(Sampler), SweepSampler.Grid)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int GridPoints { get; set; } = StudySettings.DefaultGridPoints;

    /// <summary>
    /// Which trials are stopped early: none (None), those that are worse than the median of the others after the same number of epochs (Median), or
    /// all but the best on each rung (Asha). Default: None.
    /// </summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ReadAs<SweepPruner>]
    public SweepPruner Pruner { get; set; }

    /// <summary>The number of epochs that every trial gets before it can be stopped; with Asha the lowest rung. At least 1. Default: 1.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ReadAs<int>(Least = 1)]
    [Needs(nameof(Pruner), SweepPruner.Median, SweepPruner.Asha)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int GraceEpochs { get; set; } = PrunerSpec.None.GraceEpochs;

    /// <summary>With Asha: one in this number of trials on a rung continues, to this multiple of its epochs. At least 2. Default: 4.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ReadAs<int>(Least = 2)]
    [Needs(nameof(Pruner), SweepPruner.Asha)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int ReductionFactor { get; set; } = PrunerSpec.None.ReductionFactor;

    /// <summary>The measure on the held-out images by which trials are judged: Accuracy or Loss. Default: Accuracy.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ReadAs<SweepObjective>]
    public SweepObjective Objective { get; set; }

    /// <summary>
    /// The number of threads per worker, 1 to 256. It belongs to the study, because the last bits of a result depend on it. Several workers with one
    /// thread do more than one worker with several. Default: 1.
    /// </summary>
    [Parameter(ParameterSetName = BeginSet)]
    [ValidateRange(1, 256)]
    [ReadAs<int>(Least = 1, Most = 256)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Threads { get; set; } = 1;

    /// <summary>The number of best trials to return, to repeat, and to keep the models of; at least 1. Default: 3.</summary>
    [Parameter]
    [PSDefaultValue(Value = StudySettings.DefaultBest)]
    [ReadAs<int?>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? Best { get; set; }

    /// <summary>
    /// How often each of the best trials is repeated with another seed, to tell luck from a finding. The best trials are then ranked by the mean of their
    /// repetitions. The trial's Mean, StandardDeviation, Repetitions (their number) and MeanMargin (half the 95 % interval) have the result. With one
    /// repetition, or equal ones, the margin can't be estimated and is $null. Default: 0.
    /// </summary>
    [Parameter]
    [ReadAs<int?>(Least = 0, Most = 1000)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? Replicate { get; set; }

    /// <summary>How often a trial whose worker died is continued. Default: 2.</summary>
    [Parameter]
    [PSDefaultValue(Value = StudySettings.DefaultRetry)]
    [ReadAs<int?>(Least = 0, Most = 1000)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? Retry { get; set; }

    /// <summary>The number of trials that may fail before the sweep ends. Default: any number.</summary>
    [Parameter]
    [ReadAs<int?>(Least = 0)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? MaxFailures { get; set; }

    /// <summary>Which trials keep their models in the study's folder: Best or All. Default: Best.</summary>
    [Parameter]
    [ReadAs<KeptModels>]
    public KeptModels KeepModel { get; set; }

    /// <summary>
    /// Where the workers run: Local, Slurm, Ssh, or Kubernetes, for which files are written but not applied. Its options are given as
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
    /// An option of Ssh: sessions on other machines, from New-PSSession -HostName, with one worker in each; use several for a machine with several
    /// cores. They are left open.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ReadAs<PSSession[]>(IsOptional = true)]
    [ArgumentCompleter(typeof(VariableCompleter<PSSession>))]
    public PSSession[] Session { get; set; } = [];

    /// <summary>
    /// The engine's options, a hashtable such as @{ Partition = 'gpu'; Time = '1:00:00' }; Tab completes their names after -Engine. The description lists
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
            this.WriteFile(file);
        if (workers is null)
        {
            if (TensorBoard is not null)
                WriteWarning(
                    "Nothing is written to -TensorBoard, because this session doesn't follow the sweep. Give -TensorBoard to the Invoke-Sweep -Study that resumes or completes it."
                );
            return;
        }
        WriteVerbose(
            $"{study.Folder}: workers: {workers.Place}; {Counted.Of(study.Settings.Training.Threads, "thread")} per worker; sampler: {study.Settings.Sampler}; pruner: {study.Settings.Pruner}."
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
        SweepScript.RequireKnown(
            script,
            [.. Space.Parameters.Select(parameter => parameter.Name)],
            "the space's parameters"
        );
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
                ErrorIds.SweepOptionInvalid,
                ErrorKind.InvalidArgument,
                $"-{option} is set when a study is started, with -Space, -Data and the script block, and stays: leave it out to resume the study in {Study} as it is, or start another study in another folder.",
                option
            );
        }
        var study = PSConvNet.Sweeps.Study.Open(folder, SweepScript.Condition);
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
            .Find(ErrorIds.SweepWorkerFailed, " and put it on the PATH")
            .CommandOf("sweep", "Start-SweepWorker.ps1");
        return new WorkerCommand(words[0], [.. words.Skip(1), study.Folder]);
    }
}
