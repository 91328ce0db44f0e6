using System.Diagnostics;

namespace PSConvNet.Module.Tests.Diagnosis;

/// <summary>What only a process of its own can show: the shell, started with an empty package cache and an empty home.</summary>
public class FreshShellTests
{
    [Fact]
    public void Importing_the_module_loads_nothing_native()
    {
        // Tells by what the kernel has mapped where it tells, and by the environment's own word elsewhere.
        var output = Run(
            """
            $environment = Get-ConvNetEnvironment
            $maps = '/proc/self/maps'
            $mapped = [System.IO.File]::Exists($maps) -and [System.IO.File]::ReadAllText($maps) -match 'libtorch|LibTorchSharp|libc10'
            "$($environment.IsLoaded) $($environment.Libraries.Count) $mapped"
            """
        );

        Assert.Equal("False 0 False", output.Trim());
    }

    [Fact]
    public void Libtorch_loads_with_an_empty_package_cache_from_the_modules_folder()
    {
        var output = Run(
            "$e = Get-ConvNetEnvironment -Load; $e.LoadError; $e.IsLoaded; $e.Libraries | ForEach-Object Folder"
        );

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal("True", lines[0]);
        Assert.Equal([Path.Combine(Repository.Root, "module", "bin", "dependencies")], lines.Skip(1).Distinct());
    }

    [Fact]
    public void The_default_view_is_a_list_that_names_what_matters()
    {
        var output = Run("Get-ConvNetEnvironment");

        Assert.Matches(@"(?m)^PSConvNet +: \d+\.\d+\.\d+", output);
        Assert.Matches(@"(?m)^TorchSharp +: \d+\.\d+\.\d+, for libtorch 2\.\d+\.\d+", output);
        Assert.Matches(@"(?m)^Precision +: (BFloat16|Float32)", output);
        Assert.Matches(@"(?m)^libtorch +: not loaded yet", output);
        if (OperatingSystem.IsLinux())
            Assert.Matches(@"(?m)^Old libstdc\+\+ +: supported \(", output);
    }

    private static string Run(string command)
    {
        var home = Directory.CreateTempSubdirectory("psconvnet-");
        try
        {
            var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
            var start = new ProcessStartInfo("dotnet")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = home.FullName,
            };
            start.ArgumentList.Add(ShellAssembly(configuration));
            start.ArgumentList.Add("-Command");
            start.ArgumentList.Add(command);
            foreach (var variable in (string[])["NUGET_PACKAGES", "HOME", "USERPROFILE"])
                start.Environment[variable] = home.FullName;
            start.Environment["NO_COLOR"] = "1";
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(5)))
            {
                process.Kill(entireProcessTree: true);
                Assert.Fail("the shell did not end within five minutes");
            }
            Assert.True(process.ExitCode == 0, $"the shell ended with {process.ExitCode}: {errors.Result}");
            return output.Result;
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    // By the file that makes an assembly a program, whatever name the program has been given.
    private static string ShellAssembly(string configuration)
    {
        var folder = Path.Combine(Repository.Root, "src", "PSConvNet.Shell", "bin", configuration, "net10.0");
        const string ending = ".runtimeconfig.json";
        var program = Directory.GetFiles(folder, "*" + ending).MaxBy(File.GetLastWriteTimeUtc);
        Assert.True(program is not null, $"the shell is not built: {folder} has no program");
        return program[..^ending.Length] + ".dll";
    }
}
