using System.Text;

namespace PSConvNet.TensorBoard;

/// <summary>The folder of a run among others: named after its model, and the same again when it goes on.</summary>
internal static class RunFolder
{
    /// <summary>Says whose a folder is; not read by TensorBoard.</summary>
    private const string MarkName = "psconvnet-run";

    /// <summary>Longer names are cut: systems allow 255 bytes.</summary>
    private const int Longest = 60;

    private static readonly string[] s_devices = ["CON", "PRN", "AUX", "NUL"];

    /// <summary>A run's folder, made where it is new.</summary>
    /// <param name="root">The folder of all runs.</param>
    /// <param name="name">What the run is called; where another run has that name, a number is put behind it.</param>
    /// <param name="mark">What tells the run from all others, however often it is continued.</param>
    /// <returns>The folder.</returns>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public static string Take(string root, string name, string mark)
    {
        var plain = NameOf(name);
        try
        {
            for (var number = 1; ; number++)
            {
                var folder = Path.Combine(root, number == 1 ? plain : FormattableString.Invariant($"{plain}-{number}"));
                Directory.CreateDirectory(folder);
                if (Claim(Path.Combine(folder, MarkName), mark))
                    return folder;
            }
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.FolderNotWritten(root, e);
        }
    }

    /// <summary>A name that every system takes for a folder's, and no path.</summary>
    public static string NameOf(string name)
    {
        var plain = new StringBuilder();
        foreach (var rune in name.EnumerateRunes())
        {
            if (plain.Length >= Longest)
                break;
            var isKept =
                Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '-' or '_' or '.' or '+' or '(' or ')' or ',';
            plain.Append(isKept ? rune.ToString() : "_");
        }
        var trimmed = plain.ToString().Trim(' ', '.');
        return trimmed.Length == 0 ? "model"
            : s_devices.Contains(trimmed, StringComparer.OrdinalIgnoreCase) ? trimmed + "_"
            : trimmed;
    }

    /// <summary>Whether the folder is this run's: it was before, or nobody's. Of several that want it at once one gets it.</summary>
    private static bool Claim(string path, string mark)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another run's, or this one's from before.
        }
        if (file is null)
        {
            try
            {
                return !RegularFile.IsSpecial(path) && File.ReadAllText(path) == mark;
            }
            catch (IOException)
            {
                // Another run is about to write its own mark.
                return false;
            }
        }
        try
        {
            using (file)
                file.Write(Encoding.UTF8.GetBytes(mark));
            return true;
        }
        catch (IOException)
        {
            // A full disk, and no other run: the next folder would fare no better.
            FileFault.Ignore(() => File.Delete(path));
            throw;
        }
    }
}
