using System.Text.RegularExpressions;
using PSConvNet;

[assembly: SweepEngine(typeof(KubernetesEngine))]

namespace PSConvNet.Sweeps;

/// <summary>Workers as an Indexed Job of Kubernetes, whose files are written for a person to look at and to apply.</summary>
public sealed partial record KubernetesEngine : SweepEngine
{
    private const int MostNameLength = 50;

    /// <summary>The name of the worker's image, which has to be given: <c>registry.example.org/me/psconvnet:1</c>.</summary>
    public string? Image { get; init; }

    /// <summary>
    /// The persistent volume claim that holds the study's folder, which has to be given; many nodes must be able to write to its volume
    /// (ReadWriteMany).
    /// </summary>
    public string? VolumeClaim { get; init; }

    /// <summary>The study's folder within the volume, as <c>sweeps/units</c>; null where the volume is the study's folder.</summary>
    public string? SubPath { get; init; }

    /// <summary>How many workers there are, from 1 to 100,000.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>The longest the whole Job may run; null for no limit.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Memory per worker, in bytes, rounded up to whole MiB.</summary>
    public long Memory { get; init; } = 2L << 30;

    /// <summary>How many trials a worker does before it ends, from 1; null for as many as it finds.</summary>
    public int? TrialsPerTask { get; init; }

    /// <summary>The Job's namespace; null for the one that kubectl is set to.</summary>
    public string? Namespace { get; init; }

    /// <summary>The Job's name: small letters, digits and hyphens, at most 50; null for one made from the study's name.</summary>
    public string? JobName { get; init; }

    /// <summary>How often a worker that failed is started again, from 0.</summary>
    public int BackoffLimit { get; init; } = 3;

    /// <summary>How long a worker has, from being asked to stop, until it is killed: a batch and a checkpoint; 1 s to a day.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The user the worker runs as, who must be able to write into the study's folder; not 0. The images of .NET have 1654.</summary>
    public int UserId { get; init; } = 1654;

    /// <summary>The image that the worker's image is built on: it needs .NET 10 and pwsh.</summary>
    public string BaseImage { get; init; } = "mcr.microsoft.com/dotnet/sdk:10.0-noble";

    /// <summary>The folder for the manifest and the Dockerfile; null for <c>kubernetes</c> in the study's.</summary>
    public DirectoryInfo? ManifestPath { get; init; }

    /// <inheritdoc />
    public override void Validate()
    {
        const string ImageText = "an image's name, registry.example.org/me/psconvnet:1 for instance";
        Require(IsImage(Image), Image, ImageText);
        Require(IsImage(BaseImage), BaseImage, ImageText);
        Require(
            VolumeClaim is { Length: <= 253 } claim && Subdomain().IsMatch(claim),
            VolumeClaim,
            "the name of a volume claim as kubectl get pvc shows it: small letters, digits, hyphens and dots"
        );
        Require(SubPath is null || IsWithin(SubPath), SubPath, "a path below the volume's root, such as sweeps/units");
        Require(Parallel is >= 1 and <= 100_000, Parallel, "1 to 100,000");
        Require(Time is null || Time >= TimeSpan.FromSeconds(1), Time, "at least a second");
        Require(Memory >= 1, Memory, "bytes, 4GB for instance");
        Require(TrialsPerTask is null or >= 1, TrialsPerTask, "a whole number from 1");
        Require(
            Namespace is null || (Namespace.Length <= 63 && Label().IsMatch(Namespace)),
            Namespace,
            "small letters, digits and hyphens"
        );
        Require(
            JobName is null || (JobName.Length <= MostNameLength && Label().IsMatch(JobName)),
            JobName,
            "at most 50 small letters, digits and hyphens, with a letter or a digit at both ends"
        );
        Require(BackoffLimit >= 0, BackoffLimit, "a whole number from 0");
        Require(StopWithin.TotalSeconds is >= 1 and <= 86_400, StopWithin, "1 second to a day");
        Require(UserId >= 1, UserId, "the number of a user other than root who may write to the study's folder");
    }

    /// <inheritdoc />
    public override EngineStart Start(Study study, Func<WorkerCommand> worker) =>
        new(
            null,
            KubernetesFiles.Write(
                ManifestPath?.FullName ?? Path.Combine(study.Folder, "kubernetes"),
                study.Folder,
                this,
                study.Settings.Training.Threads
            )
        );

    /// <summary>The Job's name, made from the study's where none was given.</summary>
    internal string NameFor(string study)
    {
        if (JobName is not null)
            return JobName;
        var made = NoLabel()
            .Replace(Path.GetFileName(Path.TrimEndingDirectorySeparator(study)).ToLowerInvariant(), "-");
        made = $"psconvnet-{made}";
        return (made.Length > MostNameLength ? made[..MostNameLength] : made).TrimEnd('-');
    }

    // What a registry accepts as a name, without its many rules: no spaces, quotes or anything that a shell would take for more.
    private static bool IsImage(string? image) => image is { Length: <= 512 } && ImageName().IsMatch(image);

    private static bool IsWithin(string path) =>
        path.Length is > 0 and <= 4096
        && !path.Any(char.IsControl)
        && path.Split('/') is var parts
        && !parts.Contains("..")
        && !parts.Contains("");

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._:/@-]*\z")]
    private static partial Regex ImageName();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoLabel();
}
