using System.Runtime.InteropServices;

namespace PSConvNet.Tests.Runtime;

public class ConvNetEnvironmentTests
{
    [Fact]
    public void Inspecting_loads_no_native_library_and_still_knows_the_versions()
    {
        var report = FreshProcess.Inspect(load: false);

        Assert.False(report.IsLoaded);
        Assert.Null(report.LoadError);
        Assert.Empty(report.Libraries);
        Assert.DoesNotContain(report.Mapped, path => path.Contains("torch_cpu", StringComparison.Ordinal));
        Assert.DoesNotContain(report.Mapped, path => path.Contains("LibTorchSharp", StringComparison.Ordinal));
        Assert.Matches(@"^\d+\.\d+\.\d+$", report.TorchSharpVersion);
        Assert.Matches(@"^2\.\d+\.\d+$", report.LibTorchVersion);
    }

    [Fact]
    public void Loading_works_with_an_empty_package_cache_and_all_comes_from_the_dependencies_folder()
    {
        var report = FreshProcess.Inspect(load: true);

        Assert.Null(report.LoadError);
        Assert.True(report.IsLoaded);
        Assert.Contains(report.Libraries, path => path.Contains("LibTorchSharp", StringComparison.Ordinal));
        Assert.All(report.Libraries, path => Assert.Equal(DependencyContext.Folder, Path.GetDirectoryName(path)));
    }

    [SkippableFact]
    public void The_libraries_are_those_that_the_kernel_has_mapped()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux lists a process's mappings in /proc/self/maps");

        var report = FreshProcess.Inspect(load: true);

        Assert.Equal(
            report
                .Mapped.Where(path =>
                    path.StartsWith(DependencyContext.Folder, StringComparison.Ordinal)
                    && path.Contains(".so", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal),
            report.Libraries
        );
    }

    [Fact]
    public void What_cannot_be_loaded_is_reported_in_a_sentence_and_not_thrown()
    {
        using var copy = CopyWithoutDependencies();

        var report = FreshProcess.Inspect(load: true, copy.Path);

        Assert.False(report.IsLoaded);
        Assert.Contains(copy.File("dependencies"), report.LoadError, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", report.LoadError, StringComparison.Ordinal);
        Assert.Contains("TorchSharp", report.LoadErrorDetail, StringComparison.Ordinal);
        Assert.Null(report.TorchSharpVersion);
    }

    [SkippableFact]
    public void A_missing_library_is_named()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "links the libraries, which needs no privilege on Linux");
        using var copy = CopyWithoutDependencies();
        LinkDependencies(copy, except: "libc10.so");

        var report = FreshProcess.Inspect(load: true, copy.Path);

        Assert.StartsWith(
            "libc10.so is missing from " + copy.File("dependencies"),
            report.LoadError,
            StringComparison.Ordinal
        );
    }

    [SkippableFact]
    public void Without_the_mend_an_old_system_is_told_what_is_too_old()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the mend is for Linux");
        Skip.IfNot(
            File.Exists(NativeMendTests.Original),
            $"the package's own library is not in {NativeMendTests.Original}"
        );
        using var copy = CopyWithoutDependencies();
        LinkDependencies(copy, except: "libLibTorchSharp.so");
        File.Copy(NativeMendTests.Original, Path.Combine(copy.File("dependencies"), "libLibTorchSharp.so"));

        var report = FreshProcess.Inspect(load: true, copy.Path);

        Skip.If(report.IsLoaded, "this system's libstdc++ is new enough for the library as it is");
        Assert.Contains("GLIBCXX_3.4.32", report.LoadError, StringComparison.Ordinal);
        Assert.Contains("too old", report.LoadError, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", report.LoadError, StringComparison.Ordinal);
    }

    [Fact]
    public void It_describes_this_process()
    {
        var environment = ConvNetEnvironment.Inspect();

        Assert.Equal(typeof(ConvNetEnvironment).Assembly.GetName().Version!.ToString(3), environment.Version);
        Assert.Equal(Environment.Version.ToString(), environment.RuntimeVersion);
        Assert.Equal(RuntimeInformation.RuntimeIdentifier, environment.RuntimeIdentifier);
        Assert.Equal(Environment.ProcessorCount, environment.Cores);
        Assert.InRange(environment.Threads, 1, environment.Cores);
        Assert.Equal(DependencyContext.Folder, environment.DependencyFolder);
        Assert.Equal(
            CpuFeatures.Current.HasFastBFloat16 ? Precision.BFloat16 : Precision.Float32,
            environment.Precision
        );
        Assert.False(string.IsNullOrWhiteSpace(environment.Cpu.Name));
    }

    private static TemporaryFolder CopyWithoutDependencies()
    {
        var copy = new TemporaryFolder();
        // Without the .deps.json, which would ask for every assembly the tests need.
        foreach (var name in (string[])["Tests.dll", "Tests.runtimeconfig.json", "dll"])
        {
            var file = "PSConvNet.Engine." + name;
            File.Copy(Path.Combine(AppContext.BaseDirectory, file), copy.File(file));
        }
        return copy;
    }

    private static void LinkDependencies(TemporaryFolder copy, string except)
    {
        var dependencies = Directory.CreateDirectory(copy.File("dependencies")).FullName;
        foreach (var file in Directory.GetFiles(DependencyContext.Folder).Where(f => Path.GetFileName(f) != except))
            File.CreateSymbolicLink(Path.Combine(dependencies, Path.GetFileName(file)), file);
    }
}
