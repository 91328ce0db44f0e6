using System.Text.RegularExpressions;

namespace PSConvNet;

/// <summary>What a sweep's Job asks of a Kubernetes cluster.</summary>
public sealed partial record KubernetesOptions
{
    /// <summary>What the worker's image is to be called: <c>registry.example.org/me/psconvnet:1</c>.</summary>
    public required string Image { get; init; }

    /// <summary>The persistent volume claim that holds the study's folder; its volume has to let many nodes write (ReadWriteMany).</summary>
    public required string VolumeClaim { get; init; }

    /// <summary>Where in the volume the study's folder lies, as <c>sweeps/units</c>; null where the volume is the study's folder.</summary>
    public string? SubPath { get; init; }

    /// <summary>The Job's name: small letters, digits and hyphens, at most 50; null to make one of the study's name.</summary>
    public string? Name { get; init; }

    /// <summary>The namespace; null for the one that kubectl is set to.</summary>
    public string? Namespace { get; init; }

    /// <summary>How many workers there are, from 1 to 100,000.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>How many of them may run at the same time, from 1; null for all.</summary>
    public int? MostAtOnce { get; init; }

    /// <summary>How many trials a worker does before it ends, from 1; null for as many as it finds.</summary>
    public int? TrialsPerWorker { get; init; }

    /// <summary>How often a worker that failed is started again, from 0.</summary>
    public int Retry { get; init; } = 3;

    /// <summary>Cores a worker gets, from 1.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>Memory a worker gets, in bytes, rounded up to whole MiB.</summary>
    public long Memory { get; init; } = 2L << 30;

    /// <summary>The longest the whole Job may run; null for no limit.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>How long a worker has, from being asked to stop, until it is killed: a batch and a checkpoint; 1 s to a day.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The user the worker runs as, who must be able to write into the study's folder; not 0. The images of .NET have 1654.</summary>
    public int UserId { get; init; } = 1654;

    /// <summary>What the worker's image is made from: it needs .NET 10 and pwsh.</summary>
    public string BaseImage { get; init; } = "mcr.microsoft.com/dotnet/sdk:10.0-noble";

    /// <summary>Refuses what Kubernetes would refuse.</summary>
    /// <exception cref="ConvNetException"><c>KubernetesOptionInvalid</c>: its target is the value.</exception>
    public void Validate()
    {
        Require(IsImage(Image), "-Image must name an image, registry.example.org/me/psconvnet:1 for instance", Image);
        Require(IsImage(BaseImage), "The base image must name an image", BaseImage);
        Require(
            VolumeClaim is { Length: <= 253 } claim && Subdomain().IsMatch(claim),
            "The volume claim's name must be small letters, digits, hyphens and dots, as kubectl get pvc shows it",
            VolumeClaim
        );
        Require(
            Name is null || (Name.Length <= MostNameLength && Label().IsMatch(Name)),
            "The Job's name must be at most 50 small letters, digits and hyphens, and begin and end with none of the last",
            Name
        );
        Require(
            Namespace is null || (Namespace.Length <= 63 && Label().IsMatch(Namespace)),
            "The namespace must be small letters, digits and hyphens",
            Namespace
        );
        Require(
            SubPath is null || IsWithin(SubPath),
            "The path in the volume must lead down from its top, as sweeps/units does",
            SubPath
        );
        Require(Workers is >= 1 and <= 100_000, "There may be 1 to 100,000 workers", Workers);
        Require(MostAtOnce is null or >= 1, "At least 1 worker must be able to run at a time", MostAtOnce);
        Require(TrialsPerWorker is null or >= 1, "A worker must do at least 1 trial", TrialsPerWorker);
        Require(Retry >= 0, "A worker is started again 0 times or more", Retry);
        Require(Cores >= 1, "A worker needs at least 1 core", Cores);
        Require(Memory >= 1, "Give memory in bytes, 4GB for instance", Memory);
        Require(Time is null || Time >= TimeSpan.FromSeconds(1), "The Job needs at least a second", Time);
        Require(StopWithin.TotalSeconds is >= 1 and <= 86_400, "A worker has 1 second to a day to stop", StopWithin);
        Require(
            UserId >= 1,
            "Workers don't run as root; give the number of a user who may write into the study",
            UserId
        );
    }

    private const int MostNameLength = 50;

    /// <summary>The Job's name, made of the study's where none was given.</summary>
    internal string NameFor(string study)
    {
        if (Name is not null)
            return Name;
        var made = NoLabel()
            .Replace(Path.GetFileName(Path.TrimEndingDirectorySeparator(study)).ToLowerInvariant(), "-");
        made = $"psconvnet-{made}";
        return (made.Length > MostNameLength ? made[..MostNameLength] : made).TrimEnd('-');
    }

    // What a registry lets be a name, without its many rules: no spaces, quotes or anything that a shell would take for more.
    private static bool IsImage(string? image) => image is { Length: <= 512 } && ImageName().IsMatch(image);

    private static bool IsWithin(string path) =>
        path.Length is > 0 and <= 4096
        && !path.Any(char.IsControl)
        && path.Split('/') is var parts
        && !parts.Contains("..")
        && !parts.Contains("");

    private static void Require(bool holds, string otherwise, object? value)
    {
        if (!holds)
            throw new ConvNetException("KubernetesOptionInvalid", ErrorKind.InvalidArgument, otherwise + ".", value);
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._:/@-]*\z")]
    private static partial Regex ImageName();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NoLabel();
}
