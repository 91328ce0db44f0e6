namespace PSConvNet.Module.Tests.Shell;

/// <summary>A copy of the module with a version of its own; its dependencies are links, for they are large.</summary>
internal static class ModuleCopy
{
    /// <summary>Makes it below a folder, as an installed module lies in one of PSModulePath; gives its manifest.</summary>
    public static string Make(string folder, string version)
    {
        var module = Path.GetDirectoryName(Repository.Manifest)!;
        var target = Path.Combine(folder, "PSConvNet", version);
        foreach (var part in new[] { "bin", "formats", "types", "kernel", "sweep" })
        {
            Directory.CreateDirectory(Path.Combine(target, part));
            foreach (var file in Directory.GetFiles(Path.Combine(module, part)))
                File.Copy(file, Path.Combine(target, part, Path.GetFileName(file)));
        }
        const string dependencies = "bin/dependencies";
        foreach (var file in Directory.GetFiles(Path.Combine(module, dependencies)))
        {
            var copy = Path.Combine(target, dependencies, Path.GetFileName(file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (OperatingSystem.IsWindows())
                File.Copy(file, copy);
            else
                File.CreateSymbolicLink(copy, file);
        }
        var manifest = Path.Combine(target, "PSConvNet.psd1");
        var text = File.ReadAllText(Repository.Manifest);
        Assert.Contains("'0.1.0'", text);
        File.WriteAllText(manifest, text.Replace("'0.1.0'", $"'{version}'", StringComparison.Ordinal));
        return manifest;
    }
}
