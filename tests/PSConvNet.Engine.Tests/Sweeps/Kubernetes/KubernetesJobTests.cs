using k8s;
using k8s.Models;
using PSConvNet.Tests.Data;

namespace PSConvNet.Tests.Sweeps.Kubernetes;

/// <summary>
/// The manifest is read by Kubernetes' own client for .NET, whose models are generated from the API's OpenAPI schema; strictly, so that a
/// field the schema does not know, or a value of another type, is an error.
/// </summary>
public sealed class KubernetesJobTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static KubernetesEngine Plain { get; } =
        new() { Image = "example.org/me/psconvnet:1", VolumeClaim = "sweeps" };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_manifest_is_an_Indexed_Job_as_the_schema_wants_it()
    {
        var job = Job(Plain with { Parallel = 8 });

        Assert.Equal(("batch/v1", "Job"), (job.ApiVersion, job.Kind));
        Assert.Equal("psconvnet-my-study", job.Metadata.Name);
        Assert.Null(job.Metadata.NamespaceProperty);
        Assert.Equal("Indexed", job.Spec.CompletionMode);
        Assert.Equal((8, 8, 3), (job.Spec.Completions, job.Spec.Parallelism, job.Spec.BackoffLimitPerIndex));
        Assert.Null(job.Spec.ActiveDeadlineSeconds);
        var pod = job.Spec.Template.Spec;
        // The API refuses a limit per index with any other.
        Assert.Equal("Never", pod.RestartPolicy);
        Assert.Equal(120, pod.TerminationGracePeriodSeconds);
        Assert.True(pod.SecurityContext.RunAsNonRoot);
        Assert.False(pod.AutomountServiceAccountToken);
        var worker = Assert.Single(pod.Containers);
        Assert.Equal("example.org/me/psconvnet:1", worker.Image);
        Assert.Equal(
            ["pwsh", "-NoLogo", "-NoProfile", "-NonInteractive", "-File", "/opt/PSConvNet/sweep/Start-SweepWorker.ps1"],
            worker.Command
        );
        Assert.Equal(["/study"], worker.Args);
    }

    [Fact]
    public void Every_option_is_where_it_belongs()
    {
        var job = Job(
            Plain with
            {
                JobName = "units-2",
                Namespace = "lab",
                SubPath = "a \"b\"/c\\d: #e é 😀",
                Parallel = 1000,
                TrialsPerTask = 10,
                BackoffLimit = 0,
                Memory = (4L << 30) + 1,
                Time = TimeSpan.FromHours(1.5),
                StopWithin = TimeSpan.FromSeconds(30.5),
                UserId = 2000,
            },
            cores: 2
        );

        Assert.Equal(("units-2", "lab"), (job.Metadata.Name, job.Metadata.NamespaceProperty));
        Assert.Equal((1000, 1000, 0), (job.Spec.Completions, job.Spec.Parallelism, job.Spec.BackoffLimitPerIndex));
        Assert.Equal(5400, job.Spec.ActiveDeadlineSeconds);
        var pod = job.Spec.Template.Spec;
        Assert.Equal(31, pod.TerminationGracePeriodSeconds);
        Assert.Equal(
            (2000, 2000, 2000),
            (pod.SecurityContext.RunAsUser, pod.SecurityContext.RunAsGroup, pod.SecurityContext.FsGroup)
        );
        var worker = pod.Containers[0];
        Assert.Equal(["/study", "-MostTrials", "10"], worker.Args);
        foreach (
            var side in (IDictionary<string, ResourceQuantity>[])[worker.Resources.Requests, worker.Resources.Limits]
        )
        {
            Assert.Equal(2, side["cpu"].ToDecimal());
            Assert.Equal(4097m * (1 << 20), side["memory"].ToDecimal());
        }
        Assert.Equal("a \"b\"/c\\d: #e é 😀", worker.VolumeMounts.Single(m => m.MountPath == "/study").SubPath);
        var volume = pod.Volumes.Single(v => v.Name == worker.VolumeMounts.Single(m => m.MountPath == "/study").Name);
        Assert.Equal("sweeps", volume.PersistentVolumeClaim.ClaimName);
        // What is mounted is there, and the other way round.
        Assert.Equal(pod.Volumes.Select(v => v.Name).Order(), worker.VolumeMounts.Select(m => m.Name).Order());
    }

    [Fact]
    public void A_worker_that_was_stopped_is_not_counted_as_failed()
    {
        var rules = Job(Plain).Spec.PodFailurePolicy.Rules;
        Assert.All(rules, rule => Assert.Equal("Ignore", rule.Action));
        Assert.Equal([WorkerExit.Stopped], rules.Single(r => r.OnExitCodes is not null).OnExitCodes.Values);
        Assert.Equal("worker", rules.Single(r => r.OnExitCodes is not null).OnExitCodes.ContainerName);
        Assert.Equal(
            "DisruptionTarget",
            rules.Single(r => r.OnPodConditions is not null).OnPodConditions.Single().Type
        );
    }

    [Fact]
    public void What_the_schema_does_not_know_would_be_seen()
    {
        // The judge itself: else these tests could not fail.
        var text = KubernetesFiles.Text("job.yaml", "s", Plain, cores: 1);
        Assert.ThrowsAny<Exception>(() =>
            Read(text.Replace("backoffLimitPerIndex", "backoffLimitPerWorker", StringComparison.Ordinal))
        );
        Assert.ThrowsAny<Exception>(() =>
            Read(text.Replace("completions: 1", "completions: one", StringComparison.Ordinal))
        );
        Assert.ThrowsAny<Exception>(() => Read(text.Replace("volumeMounts:", "mounts:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/data/My Study_2", "psconvnet-my-study-2")]
    [InlineData("/data/units/", "psconvnet-units")]
    [InlineData("/data/--", "psconvnet")]
    [InlineData("/data/Größe", "psconvnet-gr-e")]
    [InlineData(
        "/data/abcdefghijklmnopqrstuvwxyzabcdefghijklm--nopqrstu",
        "psconvnet-abcdefghijklmnopqrstuvwxyzabcdefghijklm"
    )]
    public void A_study_s_name_makes_one_that_Kubernetes_takes(string study, string name)
    {
        var made = Read(KubernetesFiles.Text("job.yaml", study, Plain, cores: 1)).Metadata.Name;
        Assert.Equal(name, made);
        // Pods are called by it with the index and five characters, and may have 63.
        Assert.Matches("^[a-z0-9]([-a-z0-9]{0,48}[a-z0-9])?$", made);
    }

    [Fact]
    public void Three_files_are_written_and_their_text_names_the_commands()
    {
        var study = Path.Combine(_folder.Path, "my study");
        var target = Path.Combine(_folder.Path, "new", "k8s");
        var files = KubernetesFiles.Write(target, study, Plain with { Namespace = "lab" }, cores: 1);

        Assert.Equal(["job.yaml", "Dockerfile", "README.txt"], files.Select(Path.GetFileName));
        Assert.Equal("lab", Read(File.ReadAllText(files[0])).Metadata.NamespaceProperty);
        var docker = File.ReadAllLines(files[1]);
        Assert.Equal("FROM mcr.microsoft.com/dotnet/sdk:10.0-noble", docker.First(l => !l.StartsWith('#')));
        Assert.Contains("USER 1654:1654", docker);
        Assert.Contains("COPY . /opt/PSConvNet/", docker);
        var readme = File.ReadAllText(files[2]);
        Assert.Contains("docker build -t example.org/me/psconvnet:1 -f Dockerfile", readme, StringComparison.Ordinal);
        Assert.Contains("kubectl -n lab apply -f job.yaml", readme, StringComparison.Ordinal);
        Assert.Contains("kubectl -n lab delete job psconvnet-my-study", readme, StringComparison.Ordinal);
        // Again, over what is there.
        Assert.Equal(files, KubernetesFiles.Write(target, study, Plain, cores: 1));
    }

    public static TheoryData<KubernetesEngine> Impossible =>
        [
            Plain with
            {
                Image = "",
            },
            Plain with
            {
                Image = "a b",
            },
            Plain with
            {
                Image = "x\nRUN rm -rf /",
            },
            Plain with
            {
                BaseImage = "debian\n",
            },
            Plain with
            {
                VolumeClaim = "Sweeps",
            },
            Plain with
            {
                VolumeClaim = "",
            },
            Plain with
            {
                JobName = "Units",
            },
            Plain with
            {
                JobName = "-units",
            },
            Plain with
            {
                JobName = new string('a', 51),
            },
            Plain with
            {
                Namespace = "a.b",
            },
            Plain with
            {
                SubPath = "/a",
            },
            Plain with
            {
                SubPath = "a/../b",
            },
            Plain with
            {
                SubPath = "a\nb",
            },
            Plain with
            {
                SubPath = "",
            },
            Plain with
            {
                Parallel = 0,
            },
            Plain with
            {
                Parallel = 100_001,
            },
            Plain with
            {
                TrialsPerTask = 0,
            },
            Plain with
            {
                BackoffLimit = -1,
            },
            Plain with
            {
                Memory = 0,
            },
            Plain with
            {
                Time = TimeSpan.Zero,
            },
            Plain with
            {
                StopWithin = TimeSpan.Zero,
            },
            Plain with
            {
                UserId = 0,
            },
        ];

    [Theory]
    [MemberData(nameof(Impossible))]
    public void What_Kubernetes_would_refuse_is_refused_here(KubernetesEngine options)
    {
        var error = Assert.Throws<ConvNetException>(options.Validate);
        Assert.Equal("EngineOptionInvalid", error.ErrorId);
    }

    private static V1Job Job(KubernetesEngine options, int cores = 1) =>
        Read(KubernetesFiles.Text("job.yaml", "/data/my study", options, cores));

    private static V1Job Read(string yaml)
    {
        // A BOM or a tab would be refused by others.
        Assert.DoesNotContain('\t', yaml);
        return KubernetesYaml.Deserialize<V1Job>(yaml, strict: true);
    }
}
