using System.Globalization;

namespace PSConvNet.Training;

/// <summary>A folder of checkpoints: <c>step-0000000469.psconvnet</c> for each, and <c>best.psconvnet</c>.</summary>
internal static class CheckpointFolder
{
    /// <summary>The best epoch's model.</summary>
    public const string Best = "best" + ModelFile.Extension;

    /// <summary>The ending that is appended to the name of a file that no longer counts as a checkpoint.</summary>
    public const string Aside = ".aside";

    private const string Prefix = "step-";
    private const string Pattern = Prefix + "*" + ModelFile.Extension;

    /// <summary>The path of the checkpoint after a number of steps.</summary>
    public static string PathOf(string folder, long step) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D10}{ModelFile.Extension}"));

    /// <summary>The checkpoints of a folder, the newest first.</summary>
    /// <exception cref="ConvNetException"><c>FileNotReadable</c>.</exception>
    public static IReadOnlyList<(long Step, string Path)> List(string folder)
    {
        try
        {
            return Directory.Exists(folder)
                ?
                [
                    .. Directory
                        .EnumerateFiles(folder, Pattern)
                        .Select(path => (Step: StepOf(path), Path: path))
                        .Where(checkpoint => checkpoint.Step >= 0)
                        .OrderByDescending(checkpoint => checkpoint.Step),
                ]
                : [];
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.NotReadable(folder, e);
        }
    }

    /// <summary>Deletes all but the newest checkpoints, and files that a crash left unfinished.</summary>
    public static void Prune(string folder, int keep)
    {
        var disk = WritingDisk.Current;
        foreach (var (_, path) in List(folder).Skip(keep))
            disk.Delete(path);
        foreach (
            var unfinished in Directory.EnumerateFiles(folder, "*" + ModelFile.Extension + ".*" + WholeFile.Unfinished)
        )
            disk.Delete(unfinished);
    }

    private static long StepOf(string path) =>
        long.TryParse(
            Path.GetFileNameWithoutExtension(path).AsSpan(Prefix.Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var step
        )
            ? step
            : -1;
}
