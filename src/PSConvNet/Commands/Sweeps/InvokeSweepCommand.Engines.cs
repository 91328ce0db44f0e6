using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PSConvNet.Commands;

/// <summary>Where the workers of a sweep run.</summary>
public enum SweepEngine
{
    /// <summary>As processes of this machine.</summary>
    Local,

    /// <summary>As tasks of Slurm's job arrays.</summary>
    Slurm,

    /// <summary>In PowerShell sessions on other machines.</summary>
    Ssh,

    /// <summary>In a Job of Kubernetes, whose manifest is written and not applied.</summary>
    Kubernetes,
}

/// <content>Where the workers run, and what is asked of whoever runs them.</content>
public sealed partial class InvokeSweepCommand
{
    /// <summary>The parameters that belong to some engines alone.</summary>
    private static readonly (string Parameter, SweepEngine[] Engines)[] s_engineOptions =
    [
        (nameof(Parallel), [SweepEngine.Local, SweepEngine.Slurm, SweepEngine.Kubernetes]),
        (nameof(Session), [SweepEngine.Ssh]),
        (nameof(Partition), [SweepEngine.Slurm]),
        (nameof(Account), [SweepEngine.Slurm]),
        (nameof(SchedulerArgument), [SweepEngine.Slurm]),
        (nameof(Time), [SweepEngine.Slurm, SweepEngine.Kubernetes]),
        (nameof(Memory), [SweepEngine.Slurm, SweepEngine.Kubernetes]),
        (nameof(TrialsPerTask), [SweepEngine.Slurm, SweepEngine.Kubernetes]),
        (nameof(Image), [SweepEngine.Kubernetes]),
        (nameof(VolumeClaim), [SweepEngine.Kubernetes]),
        (nameof(SubPath), [SweepEngine.Kubernetes]),
        (nameof(Namespace), [SweepEngine.Kubernetes]),
        (nameof(ManifestPath), [SweepEngine.Kubernetes]),
    ];

    /// <summary>Where the workers run: Local, Slurm, Ssh, or Kubernetes, for which files are written and nothing is applied. Default: Local.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public SweepEngine Engine { get; set; }

    /// <summary>
    /// Sessions on other machines, New-PSSession -HostName, a worker in each; several on a machine with several cores. They are left open. With
    /// -Engine Ssh instead of -Parallel.
    /// </summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    [ValidateNotNullOrEmpty]
    public PSSession[] Session { get; set; } = [];

    /// <summary>Slurm's partition. Default: the cluster's.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public string? Partition { get; set; }

    /// <summary>Whose account Slurm charges. Default: yours.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public string? Account { get; set; }

    /// <summary>The longest a worker may run, a TimeSpan or 1:30:00; it is asked to stop two minutes before. Default: the cluster's limit.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public TimeSpan? Time { get; set; }

    /// <summary>Memory a worker, in bytes: 4GB. Default: Slurm's own; with Kubernetes 2GB.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public long? Memory { get; set; }

    /// <summary>How many trials a task does before it ends; more for short ones, at least 1. Default: 1; with Kubernetes until nothing is left.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public int? TrialsPerTask { get; set; }

    /// <summary>More options for sbatch, one an item: --qos=short. Default: none.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public string[] SchedulerArgument { get; set; } = [];

    /// <summary>The worker's container image, which the Dockerfile that is written makes.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public string? Image { get; set; }

    /// <summary>The claim of the volume that the study lies on, which many nodes may write to.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public string? VolumeClaim { get; set; }

    /// <summary>The study's folder in that volume. Default: the volume's own root.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public string? SubPath { get; set; }

    /// <summary>The namespace of the Job. Default: that of whoever applies it.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    public string? Namespace { get; set; }

    /// <summary>The folder for manifest and Dockerfile. Default: kubernetes, in the study's.</summary>
    [Parameter(ParameterSetName = BeginSet)]
    [Parameter(ParameterSetName = ResumeSet)]
    [ValidateNotNullOrEmpty]
    public string? ManifestPath { get; set; }

    /// <summary>Refuses what the engine does not know, before a study is begun.</summary>
    private bool RequireEngine()
    {
        foreach (var (parameter, engines) in s_engineOptions)
        {
            if (Given(parameter) && !engines.Contains(Engine))
                throw Option(
                    $"-{parameter} belongs to -Engine {string.Join(" and ", engines)}; leave it out with {Engine}.",
                    parameter
                );
        }
        switch (Engine)
        {
            case SweepEngine.Slurm:
                SlurmOptions(Threads).Validate();
                break;
            case SweepEngine.Ssh:
                RequireSessions();
                break;
            case SweepEngine.Kubernetes:
                KubernetesOptions(Threads).Validate();
                break;
        }
        return true;
    }

    private void RequireSessions()
    {
        if (Session.Length == 0)
            throw Option("-Engine Ssh needs -Session, what New-PSSession -HostName gives.", Engine);
        if (
            Session.FirstOrDefault(session => session.Runspace.RunspaceStateInfo.State != RunspaceState.Opened) is
            { } closed
        )
            throw Option($"The session {closed.Name} is not open; make another with New-PSSession.", closed);
        if (Session.DistinctBy(session => session.InstanceId).Count() < Session.Length)
            throw Option(
                "A session comes twice in -Session; a second worker on its machine needs a session of its own.",
                Session
            );
    }

    private int Workers(Study study) =>
        Parallel ?? Math.Max(1, Environment.ProcessorCount / study.Settings.Training.Threads);

    private WorkerPool Pool(Study study) =>
        Engine switch
        {
            SweepEngine.Ssh => new SessionPool(study, Session),
            SweepEngine.Slurm => new SlurmPool(
                study.Folder,
                WorkerOf(study),
                SlurmOptions(study.Settings.Training.Threads),
                study.CountEpochs
            ),
            _ => new LocalPool(WorkerOf(study), Workers(study)),
        };

    private static WorkerCommand WorkerOf(Study study)
    {
        var words = ShellProgram.Find("SweepWorkerFailed").CommandOf("sweep", "Start-SweepWorker.ps1");
        return new WorkerCommand(words[0], [.. words.Skip(1), study.Folder]);
    }

    private SlurmOptions SlurmOptions(int threads) =>
        new()
        {
            Partition = Partition,
            Account = Account,
            Time = Time,
            Memory = Memory,
            Cores = threads,
            MostAtOnce = Parallel,
            TrialsPerTask = TrialsPerTask ?? 1,
            ExtraArguments = SchedulerArgument,
        };

    private KubernetesOptions KubernetesOptions(int threads)
    {
        var options = new KubernetesOptions
        {
            Image = Image ?? throw Option("-Engine Kubernetes needs -Image, the worker's container image.", Engine),
            VolumeClaim =
                VolumeClaim
                ?? throw Option("-Engine Kubernetes needs -VolumeClaim, the volume the study lies on.", Engine),
            SubPath = SubPath,
            Namespace = Namespace,
            Workers = Parallel ?? 1,
            TrialsPerWorker = TrialsPerTask,
            Cores = threads,
            Time = Time,
        };
        return Memory is { } memory ? options with { Memory = memory } : options;
    }

    private void WriteManifest(Study study)
    {
        var folder = ManifestPath is null ? Path.Combine(study.Folder, "kubernetes") : this.Target(ManifestPath);
        foreach (
            var file in KubernetesJob.Write(folder, study.Folder, KubernetesOptions(study.Settings.Training.Threads))
        )
            WriteObject(new FileInfo(file));
    }
}
