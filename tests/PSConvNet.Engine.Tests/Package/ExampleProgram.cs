using System.Diagnostics;
using System.Reflection;
using PSConvNet.Module.Tests;
using PSConvNet.Tests.Data;

namespace PSConvNet.Tests.Package;

/// <summary>
/// The engine's package, made by <c>dotnet pack</c>, and examples/csharp, built from it in a folder that knows nothing of this checkout.
/// </summary>
/// <remarks>
/// The package has a version of its own for each run and is removed from this machine's NuGet folder afterwards. The natives, half a gigabyte, are
/// linked from there and not copied.
/// </remarks>
public sealed class ExampleProgram : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private static readonly string s_torchSharp = typeof(ExampleProgram)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "TorchSharpPackage")
        .Value!;

    /// <summary>This machine's folder of packages.</summary>
    private static readonly string s_packages = Path.GetFullPath(Path.Combine(s_torchSharp, "..", ".."));

    private readonly TemporaryFolder _folder = new();

    public ExampleProgram()
    {
        var torchSharp = new DirectoryInfo(s_torchSharp).Name;
        string[] needed = [Path.Combine("torchsharp-cpu", torchSharp), $"libtorch-cpu-{LibTorchRelease.ThisSystem}"];
        Missing = needed
            .Where(package => !Directory.Exists(Path.Combine(s_packages, package)))
            .Select(package => $"{package} isn't among this machine's NuGet packages ({s_packages})")
            .FirstOrDefault();
        if (Missing is not null)
            return;
        var packed = Pack();
        Assert.True(packed.Code == 0, packed.Words);
        CopyExample();
        Built = Dotnet([
            "build",
            "-c",
            "Release",
            $"-p:EngineVersion={Version}",
            "-p:CreateHardLinksForCopyLocalIfPossible=true",
        ]);
    }

    /// <summary>Why nothing could be built, or null.</summary>
    public string? Missing { get; }

    /// <summary>How the build of the example ended.</summary>
    public (int Code, string Words) Built { get; }

    /// <summary>The package's version.</summary>
    public static string Version { get; } = $"0.0.1-test.{DateTime.UtcNow:yyyyMMddHHmmss}";

    /// <summary>The package.</summary>
    public string Package => Path.Combine(Feed, $"PSConvNet.Engine.{Version}.nupkg");

    /// <summary>The folder with the built program.</summary>
    public string Output => Directory.GetDirectories(Path.Combine(Folder, "bin", "Release", "net10.0")).Single();

    /// <summary>The folder of the program's caches, where Install-ConvNetRuntime would put libtorch.</summary>
    public string Cache => Path.Combine(_folder.Path, "cache");

    private string Feed => Path.Combine(_folder.Path, "feed");

    private string Folder => Path.Combine(_folder.Path, "program");

    /// <summary>Runs the program as a user does, without building it again.</summary>
    public (int Code, string Words) Run() => Dotnet(["run", "-c", "Release", "--no-build"]);

    /// <summary>Runs the program from another folder with its files.</summary>
    public (int Code, string Words) Run(string output) => Dotnet(["exec", Path.Combine(output, "Digits.dll")]);

    public void Dispose()
    {
        _folder.Dispose();
        if (Path.Combine(s_packages, "psconvnet.engine", Version) is var unpacked && Directory.Exists(unpacked))
            Directory.Delete(unpacked, recursive: true);
    }

    private (int Code, string Words) Pack()
    {
        Directory.CreateDirectory(Folder);
        // What was built for these tests is packed.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var project = Path.Combine(Repository.Root, "src", "PSConvNet.Engine");
        return Dotnet(["pack", project, "-c", configuration, "--no-build", "-o", Feed, $"-p:PackageVersion={Version}"]);
    }

    private void CopyExample()
    {
        foreach (var path in Directory.GetFiles(Path.Combine(Repository.Root, "examples", "csharp")))
        {
            var text = File.ReadAllText(path);
            if (Path.GetFileName(path) == "nuget.config")
                text = text.Replace("../../artifacts/packages/nuget", Feed, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(Folder, Path.GetFileName(path)), text);
        }
    }

    private (int Code, string Words) Dotnet(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        // What `dotnet test` tells its own MSBuild.
        foreach (
            var name in start
                .Environment.Keys.Where(key => key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
                .ToArray()
        )
            start.Environment.Remove(name);
        start.Environment["NUGET_PACKAGES"] = s_packages;
        start.Environment["XDG_CACHE_HOME"] = Cache;
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // Numbers with a point, whatever the language of this machine; the compiler knows no language without cultures.
        if (arguments is ["run" or "exec", ..])
            start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using var process = Process.Start(start)!;
        var (words, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(s_patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet {arguments[0]} didn't end within {s_patience}.");
        }
        return (process.ExitCode, words.Result + errors.Result);
    }
}
