using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PSConvNet.Sweeps;

/// <summary>
/// The files for an Indexed Job of workers, from the templates in <c>Templates</c>: <c>{{Name}}</c> stands for a value, and a line whose
/// value is null is left out. Nothing is sent to any cluster from here.
/// </summary>
internal static partial class KubernetesFiles
{
    /// <summary>The templates' names: the Job's manifest, what the worker's image is built from, and what to do with the two.</summary>
    public static IReadOnlyList<string> Names { get; } = ["job.yaml", "Dockerfile", "README.txt"];

    /// <summary>Writes the files into a folder, which is created if it is missing; files of their names are replaced.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="study">The study's folder, for the Job's name and for comments.</param>
    /// <param name="options">What is asked of the cluster; validated.</param>
    /// <param name="cores">Cores per worker.</param>
    /// <returns>The files' paths.</returns>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public static IReadOnlyList<string> Write(string folder, string study, KubernetesEngine options, int cores)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.FolderNotWritten(folder, e);
        }
        return [.. Names.Select(Write)];

        string Write(string name)
        {
            var path = Path.Combine(folder, name);
            var bytes = Encoding.UTF8.GetBytes(Text(name, study, options, cores));
            WholeFile.Write(path, stream => stream.Write(bytes));
            return path;
        }
    }

    /// <summary>A file's text.</summary>
    public static string Text(string name, string study, KubernetesEngine options, int cores)
    {
        var values = Values(study, options, cores);
        var lines = Template(name)
            .ReplaceLineEndings("\n")
            .Split('\n')
            .Where(line => Placeholder().Matches(line).All(match => values[match.Groups[1].Value] is not null))
            .Select(line => Placeholder().Replace(line, match => values[match.Groups[1].Value]!));
        return string.Join('\n', lines);
    }

    /// <summary>Values are safe where they stand: option names are checked, and all other text is quoted or within a comment.</summary>
    private static Dictionary<string, string?> Values(string study, KubernetesEngine options, int cores) =>
        new(StringComparer.Ordinal)
        {
            ["Study"] = string.Concat(study.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? '?' : c)),
            ["Name"] = options.NameFor(study),
            ["Image"] = options.Image,
            ["BaseImage"] = options.BaseImage,
            ["VolumeClaim"] = options.VolumeClaim,
            ["SubPath"] = options.SubPath is { } path ? Quoted(path) : null,
            ["Place"] = options.SubPath is { } within ? $"under {within}" : "at its top",
            ["Namespace"] = options.Namespace,
            ["InNamespace"] = options.Namespace is { } space ? $" -n {space}" : "",
            ["Parallel"] = Number(options.Parallel),
            ["BackoffLimit"] = Number(options.BackoffLimit),
            ["Time"] = options.Time is { } time ? Number(Math.Ceiling(time.TotalSeconds)) : null,
            ["StopWithin"] = Number(Math.Ceiling(options.StopWithin.TotalSeconds)),
            ["StoppedCode"] = Number(WorkerExit.Stopped),
            ["UserId"] = Number(options.UserId),
            ["Cores"] = Number(cores),
            ["Memory"] = Number(((options.Memory - 1) >> 20) + 1) + "Mi",
            ["Arguments"] = options.TrialsPerTask is { } trials
                ? $"[/study, -MostTrials, \"{Number(trials)}\"]"
                : "[/study]",
        };

    private static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);

    /// <summary>YAML reads double quotes as JSON does; there are no control characters in the text.</summary>
    private static string Quoted(string text) =>
        $"\"{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static string Template(string name)
    {
        var type = typeof(KubernetesFiles);
        using var stream = type.Assembly.GetManifestResourceStream($"Kubernetes/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Placeholder();
}
