namespace PSConvNet.Data;

/// <summary>Where folders really lie, behind all symbolic links: the way to see that two paths lead to one folder.</summary>
internal static class ImageFolderLinks
{
    // As many as Linux follows in one path.
    private const int MaximumLinks = 40;

    private static readonly StringComparison s_comparison = OperatingSystem.IsLinux()
        ? StringComparison.Ordinal
        : StringComparison.OrdinalIgnoreCase;

    /// <summary>Compares real paths as this system's file systems do.</summary>
    public static StringComparer Comparer { get; } = StringComparer.FromComparison(s_comparison);

    /// <summary>The full path of a folder that exists, with every link on the way resolved.</summary>
    /// <exception cref="IOException">A link can't be read, or links lead in a circle.</exception>
    public static string Resolve(string folder) => Resolve(folder, MaximumLinks);

    /// <summary>Whether <paramref name="inner"/> is <paramref name="outer"/> or lies in it; both are real paths.</summary>
    public static bool Contains(string outer, string inner) =>
        inner.StartsWith(outer, s_comparison)
        && (
            inner.Length == outer.Length
            || Path.EndsInDirectorySeparator(outer)
            || inner[outer.Length] == Path.DirectorySeparatorChar
        );

    private static string Resolve(string folder, int links)
    {
        if (links == 0)
            throw new IOException($"Too many symbolic links lead to {folder}.");
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        // Never a link, and on Windows not to be asked.
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;
        if (Directory.ResolveLinkTarget(full, returnFinalTarget: true) is { } target)
            return Resolve(target.FullName, links - 1);
        return Path.Combine(Resolve(parent, links), Path.GetFileName(full));
    }
}
