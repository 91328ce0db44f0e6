using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using PSConvNet.Module.Tests;
using PSConvNet.Tests.Data;

namespace PSConvNet.Tests.Package;

/// <summary>The engine as a NuGet package, and a C# program that uses nothing else of PSConvNet.</summary>
public sealed partial class PackageTests(ExampleProgram example) : IClassFixture<ExampleProgram>
{
    [SkippableFact]
    public void The_example_learns_saves_loads_and_predicts_the_same()
    {
        RequireExample();

        var (code, words) = example.Run();

        Assert.True(code == 0, words);
        var accuracy = Accuracy().Match(words);
        Assert.True(accuracy.Success, words);
        // Of ten classes, chance has one in ten right.
        Assert.InRange(double.Parse(accuracy.Groups[1].Value, CultureInfo.InvariantCulture), 80, 100);
        var answers = Answers().Match(words);
        Assert.True(answers.Success, words);
        Assert.Equal(answers.Groups[1].Value, answers.Groups[2].Value);
        Assert.DoesNotContain(
            "warn",
            example.Built.Words.Replace("0 Warning(s)", "", StringComparison.Ordinal),
            StringComparison.OrdinalIgnoreCase
        );
    }

    [SkippableFact]
    public void Without_libtorch_the_program_says_which_package_to_add()
    {
        RequireExample();
        using var folder = new TemporaryFolder();
        CopyWithoutLibTorch(folder.Path);

        var (code, words) = example.Run(folder.Path);

        Assert.NotEqual(0, code);
        Assert.Contains(
            $"dotnet add package TorchSharp-cpu --version {LibTorch.TorchSharpVersion}",
            words,
            StringComparison.Ordinal
        );
        Assert.Contains("RuntimeInstaller.InstallAsync", words, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_libtorch_that_the_module_installed_serves_a_program_too()
    {
        RequireExample();
        using var folder = new TemporaryFolder();
        CopyWithoutLibTorch(folder.Path);
        var installed = Path.Combine(
            example.Cache,
            "psconvnet",
            "runtime",
            $"libtorch-{LibTorch.Version}-{LibTorchRelease.ThisSystem}"
        );
        Skip.If(OperatingSystem.IsWindows(), "the cache of a program on Windows can't be moved by a variable");
        Directory.CreateDirectory(installed);
        try
        {
            foreach (var path in LibTorchFiles())
                File.CreateSymbolicLink(Path.Combine(installed, Path.GetFileName(path)), path);

            var (code, words) = example.Run(folder.Path);

            Assert.True(code == 0, words);
            Assert.Matches(Accuracy(), words);
        }
        finally
        {
            Directory.Delete(installed, recursive: true);
        }
    }

    [SkippableFact]
    public void The_package_has_documentation_a_licence_and_every_package_that_the_engine_is_compiled_against()
    {
        RequireExample();
        using var package = ZipFile.OpenRead(example.Package);
        var names = package.Entries.Select(entry => entry.FullName).ToArray();
        Assert.Superset(
            new HashSet<string> { "README.md", "lib/net8.0/PSConvNet.Engine.dll", "lib/net8.0/PSConvNet.Engine.xml" },
            names.ToHashSet()
        );
        using var stream = package.GetEntry("PSConvNet.Engine.nuspec")!.Open();
        var metadata = XDocument.Load(stream).Root!.Elements().Single();

        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Equal(ExampleProgram.Version, Value("version"));
        Assert.DoesNotContain('$', metadata.ToString());
        var dependencies = metadata
            .Descendants()
            .Where(element => element.Name.LocalName == "dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);
        var compiledAgainst = XDocument
            .Load(Path.Combine(Repository.Root, "src", "PSConvNet.Engine", "PSConvNet.Engine.csproj"))
            .Descendants("PackageReference")
            .Where(reference => reference.Attribute("PrivateAssets") is null)
            .Select(reference => reference.Attribute("Include")!.Value);
        Assert.Superset(compiledAgainst.ToHashSet(), dependencies.Keys.ToHashSet());
        Assert.All(dependencies.Values, version => Assert.Matches(@"^\d+\.\d+", version));

        string? Value(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
    }

    private void RequireExample()
    {
        Skip.If(example.Missing is not null, example.Missing);
        var (code, words) = example.Built;
        Skip.If(code != 0 && Unavailable().Match(words) is { Success: true }, $"NuGet can't get a package: {words}");
        Assert.True(code == 0, words);
    }

    private void CopyWithoutLibTorch(string folder)
    {
        var libtorch = LibTorchFiles().ToHashSet();
        Assert.NotEmpty(libtorch);
        foreach (var path in Directory.GetFiles(example.Output).Where(path => !libtorch.Contains(path)))
            File.Copy(path, Path.Combine(folder, Path.GetFileName(path)));
    }

    // All but TorchSharp's own library, which isn't part of libtorch.
    private IEnumerable<string> LibTorchFiles() =>
        Directory.GetFiles(example.Output).Where(path => LibTorchName().IsMatch(Path.GetFileName(path)));

    [GeneratedRegex(@"Test accuracy: ([\d.]+) ?%")]
    private static partial Regex Accuracy();

    [GeneratedRegex(@"The trained model says (.+), the loaded one (.+)\.")]
    private static partial Regex Answers();

    [GeneratedRegex("NU1301|NU1101")]
    private static partial Regex Unavailable();

    [GeneratedRegex(
        @"^(lib)?(torch\w*|c10|gomp[\w-]*|shm|omp|iomp5md|asmjit|fbgemm|uv|\w*backend\w*|aoti_custom_ops|jitbackend_test)\."
    )]
    private static partial Regex LibTorchName();
}
