namespace PSConvNet.Shell;

/// <summary>Finds the module the shell belongs to: beside the executable in a package, at the root of a checkout.</summary>
internal static class ModuleLocation
{
    /// <summary>The first <c>module/PSConvNet.psd1</c> in <paramref name="start"/> or a folder above it, or null.</summary>
    public static string? FindManifest(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            var manifest = Path.Combine(folder.FullName, "module", "PSConvNet.psd1");
            if (File.Exists(manifest))
                return manifest;
        }
        return null;
    }
}
