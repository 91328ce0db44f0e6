namespace PSConvNet.Commands;

/// <summary>Where the module lies.</summary>
internal static class ModulePlace
{
    /// <summary>The module's folder: that of its manifest, above the folder of its assemblies.</summary>
    public static string Folder { get; } = Path.GetFullPath(Path.Combine(DependencyContext.Folder, "..", ".."));

    /// <summary>The module's manifest.</summary>
    public static string Manifest { get; } = Path.Combine(Folder, "PSConvNet.psd1");
}
