using System.Globalization;
using System.Text;
using PSConvNet.Files;

namespace PSConvNet;

/// <summary>
/// Workers as an Indexed Job of Kubernetes: files for a person to look at and to apply. Nothing is sent to any cluster from here.
/// </summary>
public static class KubernetesJob
{
    /// <summary>The Job's manifest.</summary>
    public const string ManifestName = "job.yaml";

    /// <summary>What the worker's image is built by.</summary>
    public const string DockerfileName = "Dockerfile";

    /// <summary>What to do with the two.</summary>
    public const string ReadmeName = "README.txt";

    // Within the container.
    private const string StudyFolder = "/study";
    private const string ModuleFolder = "/opt/PSConvNet";

    /// <summary>Writes the files into a folder, which is made where it is not there; files of their names are replaced.</summary>
    /// <param name="folder">Where they go.</param>
    /// <param name="study">The study's folder, by whose name the Job is called and of which the text speaks.</param>
    /// <param name="options">What is asked of the cluster.</param>
    /// <returns>The files' paths.</returns>
    /// <exception cref="ConvNetException"><c>KubernetesOptionInvalid</c>, <c>FileNotWritten</c>.</exception>
    public static IReadOnlyList<string> Write(string folder, string study, KubernetesOptions options)
    {
        options.Validate();
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.NotWritten(folder, e);
        }
        return
        [
            Write(ManifestName, Manifest(study, options)),
            Write(DockerfileName, Dockerfile(options)),
            Write(ReadmeName, KubernetesReadme.Text(study, options)),
        ];

        string Write(string name, string text)
        {
            var path = Path.Combine(folder, name);
            var bytes = Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"));
            WholeFile.Write(path, stream => stream.Write(bytes));
            return path;
        }
    }

    /// <summary>The manifest. Text in it is in double quotes, which YAML reads as JSON does.</summary>
    internal static string Manifest(string study, KubernetesOptions options)
    {
        var name = options.NameFor(study);
        var memory = FormattableString.Invariant($"{((options.Memory - 1) >> 20) + 1}Mi");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # Workers of the sweep in {Comment(study)}, written by Invoke-Sweep. Needs Kubernetes 1.31 or later.
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {Quote(name)}{Line("  ", "namespace", options.Namespace)}
              labels:
                app.kubernetes.io/name: psconvnet
                app.kubernetes.io/component: sweep-worker
            spec:
              completionMode: Indexed
              # Workers find their trials in the study's folder by themselves; an index is a worker, not a trial.
              completions: {options.Workers}
              parallelism: {Math.Min(options.MostAtOnce ?? options.Workers, options.Workers)}
              # A worker that fails for good leaves its trials to the others.
              backoffLimitPerIndex: {options.Retry}{Line("  ", "activeDeadlineSeconds", options.Time?.TotalSeconds)}
              podFailurePolicy:
                rules:
                  # A node that is drained or a pod that is preempted is nobody's failure,
                  - action: Ignore
                    onPodConditions:
                      - type: DisruptionTarget
                        status: "True"
                  # and a worker that was stopped ({WorkerExit.Stopped}) has put its trial back.
                  - action: Ignore
                    onExitCodes:
                      containerName: worker
                      operator: In
                      values: [{WorkerExit.Stopped}]
              template:
                metadata:
                  labels:
                    app.kubernetes.io/name: psconvnet
                    app.kubernetes.io/component: sweep-worker
                spec:
                  restartPolicy: Never
                  # From SIGTERM on: a batch and a checkpoint.
                  terminationGracePeriodSeconds: {Math.Ceiling(options.StopWithin.TotalSeconds)}
                  automountServiceAccountToken: false
                  securityContext:
                    runAsNonRoot: true
                    runAsUser: {options.UserId}
                    runAsGroup: {options.UserId}
                    fsGroup: {options.UserId}
                    fsGroupChangePolicy: OnRootMismatch
                    seccompProfile:
                      type: RuntimeDefault
                  containers:
                    - name: worker
                      image: {Quote(options.Image)}
                      command:
                        - pwsh
                        - -NoLogo
                        - -NoProfile
                        - -NonInteractive
                        - -File
                        - {ModuleFolder}/sweep/Start-SweepWorker.ps1
                      args:
                        - {StudyFolder}{Trials(options)}
                      resources:
                        requests:
                          cpu: "{options.Cores}"
                          memory: {memory}
                        limits:
                          cpu: "{options.Cores}"
                          memory: {memory}
                      securityContext:
                        allowPrivilegeEscalation: false
                        capabilities:
                          drop: [ALL]
                      volumeMounts:
                        - name: study
                          mountPath: {StudyFolder}{Line("              ", "subPath", options.SubPath)}
                        - name: temporary
                          mountPath: /tmp
                  volumes:
                    - name: study
                      persistentVolumeClaim:
                        claimName: {Quote(options.VolumeClaim)}
                    - name: temporary
                      emptyDir: {"{}"}

            """
        );
    }

    /// <summary>What the image is built by, with a copy of the module as its context.</summary>
    internal static string Dockerfile(KubernetesOptions options) =>
        $"""
            # The worker of a sweep, written by Invoke-Sweep. The context is a whole copy of the module (see {ReadmeName}).
            # The base has .NET 10 and pwsh; images of .NET 10 come with Ubuntu, for Microsoft makes none with Debian any more.
            FROM {options.BaseImage}
            ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 \
                POWERSHELL_TELEMETRY_OPTOUT=1 \
                POWERSHELL_UPDATECHECK=Off \
                HOME=/tmp
            COPY . {ModuleFolder}/
            USER {options.UserId}:{options.UserId}
            WORKDIR /tmp
            # Fails where the module is not whole, before anything is pushed.
            RUN pwsh -NoLogo -NoProfile -NonInteractive -Command "Import-Module {ModuleFolder}/PSConvNet.psd1; Get-ConvNetEnvironment"
            ENTRYPOINT ["pwsh", "-NoLogo", "-NoProfile", "-NonInteractive", "-File", "{ModuleFolder}/sweep/Start-SweepWorker.ps1"]

            """;

    private static string Trials(KubernetesOptions options) =>
        options.TrialsPerWorker is { } trials
            ? FormattableString.Invariant($"\n            - -MostTrials\n            - \"{trials}\"")
            : "";

    private static string Line(string indentation, string key, string? value) =>
        value is null ? "" : $"\n{indentation}{key}: {Quote(value)}";

    private static string Line(string indentation, string key, double? value) =>
        value is { } number ? FormattableString.Invariant($"\n{indentation}{key}: {Math.Ceiling(number):0}") : "";

    /// <summary>Text without control characters as YAML's double-quoted scalar.</summary>
    private static string Quote(string text) =>
        $"\"{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    // A comment ends at the end of the line, whatever stands in it.
    private static string Comment(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? '?' : c));
}
