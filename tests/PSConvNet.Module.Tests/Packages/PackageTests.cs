using System.Diagnostics;
using System.Text.RegularExpressions;
using PSConvNet.Module.Tests.Shell;
using Xunit.Abstractions;

namespace PSConvNet.Module.Tests.Packages;

/// <summary>The packages of all systems, made on this one and opened.</summary>
[Collection("packages")]
public sealed partial class PackageTests(ITestOutputHelper output)
{
    // What each system has from the start; of Windows also the C++ runtime, which users are told to install.
    private static readonly Dictionary<string, Regex> s_base = new()
    {
        ["linux"] = new(@"^(ld-linux-x86-64\.so\.2|lib(c|m|pthread|dl|rt|gcc_s|stdc\+\+)\.so\.\d)$"),
        ["win"] = new(
            @"^(api-ms-win-.*|kernel32|advapi32|user32|gdi32|ole32|oleaut32|shell32|ws2_32|psapi|iphlpapi|userenv|dbghelp|wintrust|imagehlp|fontsub|bcrypt|crypt32|usp10|rpcrt4|msvcp140.*|vcruntime140.*|vcomp140)\.dll$",
            RegexOptions.IgnoreCase
        ),
        ["osx"] = new("^(/usr/lib/|/System/Library/)"),
    };

    [Theory]
    [InlineData("linux-x64", "libtorch_cpu.so")]
    [InlineData("win-x64", "torch_cpu.dll")]
    [InlineData("win-arm64", "torch_cpu.dll")]
    [InlineData("osx-arm64", "libtorch_cpu.dylib")]
    public void Whatever_a_native_library_asks_for_is_in_the_package_or_in_the_system(string runtime, string largest)
    {
        var package = Make(runtime);
        var dependencies = Path.Combine(package, "bin", "dependencies");
        string[] natives = [.. Directory.GetFiles(dependencies).Where(IsNative)];
        Assert.Contains(natives, path => Path.GetFileName(path) == largest);
        Assert.True(natives.Length >= 7, string.Join(' ', natives));

        var missing =
            from path in natives
            from import in NativeImports.Of(path)
            where !s_base[runtime.Split('-')[0]].IsMatch(import)
            // Homebrew's OpenMP, by its full path: the bundled one has that name, and is loaded first.
            where !natives.Any(other => Path.GetFileName(other).Equals(Path.GetFileName(import), Comparison(runtime)))
            select $"{Path.GetFileName(path)} asks for {import}";

        Assert.Empty(missing);
        Assert.DoesNotContain(Directory.GetFiles(package, "*.pdb", SearchOption.AllDirectories), _ => true);
        output.WriteLine($"{runtime}: {Size(package) / 1e6:0} MB");
    }

    [Fact]
    public void A_system_without_a_libtorch_is_refused_by_name()
    {
        var (code, words) = Run("linux-arm64");

        Assert.NotEqual(0, code);
        Assert.Contains("linux-arm64", words, StringComparison.Ordinal);
        Assert.Contains(
            "linux-x64, osx-arm64, win-arm64, win-x64",
            LineEnds().Replace(words, " "),
            StringComparison.Ordinal
        );
    }

    private static StringComparison Comparison(string runtime) =>
        runtime.StartsWith("win", StringComparison.Ordinal)
            ? StringComparison.OrdinalIgnoreCase
            : StringComparison.Ordinal;

    // Managed assemblies are .dll, too: of those the file says that they are.
    private static bool IsNative(string path)
    {
        if (Path.GetExtension(path) != ".dll")
            return true;
        using var reader = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(path));
        return !reader.HasMetadata;
    }

    private static long Size(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static string Make(string runtime)
    {
        var (code, words) = Run(runtime);
        Assert.True(code == 0, words);
        return Directory
            .GetDirectories(Path.Combine(Repository.Root, "artifacts", "packages", runtime, "PSConvNet"))
            .Single();
    }

    private static (int Code, string Words) Run(string runtime)
    {
        var start = new ProcessStartInfo(
            Pwsh.Path,
            ["-NoProfile", "-File", Path.Combine(Repository.Root, "build", "Package.ps1"), "-Runtime", runtime]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        var (words, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        return (process.ExitCode, words.Result + errors.Result);
    }

    [GeneratedRegex(@"[\s|]+")]
    private static partial Regex LineEnds();
}
