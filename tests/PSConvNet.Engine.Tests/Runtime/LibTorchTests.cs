using TorchSharp;

namespace PSConvNet.Tests.Runtime;

public class LibTorchTests
{
    [Fact]
    public void Libtorch_loads_from_the_dependencies_folder_and_adds()
    {
        LibTorch.EnsureLoaded();

        using var sum = torch.ones(3).add(1);

        Assert.Equal([2f, 2f, 2f], sum.data<float>().ToArray());
        Assert.True(LibTorch.IsLoaded);
    }

    [Fact]
    public void A_Windows_without_the_C_runtime_is_told_what_to_install_and_not_of_glibc()
    {
        var words = LibTorch.Explain(
            new DllNotFoundException("LibTorchSharp"),
            DependencyContext.Folder,
            "msvcp140.dll"
        );

        Assert.Contains("Microsoft Visual C++ Redistributable", words, StringComparison.Ordinal);
        Assert.Contains("msvcp140.dll", words, StringComparison.Ordinal);
        Assert.DoesNotContain("glibc", words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_with_an_old_system_library_is_told_what_to_do_and_nothing_of_PowerShell()
    {
        const string loader = """
            /app/libc10.so: cannot open shared object file: No such file or directory
            /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)
            """;

        var words = LibTorch.ExplainProgram(new DllNotFoundException(loader));

        Assert.Contains("libstdc++.so.6: version `GLIBCXX_3.4.32' not found", words, StringComparison.Ordinal);
        Assert.Contains($"let the program write to {LibTorchRelease.Root}", words, StringComparison.Ordinal);
        Assert.DoesNotContain("$Error", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MALLOC_TRIM_THRESHOLD_", "131072", true)]
    [InlineData("MALLOC_MMAP_MAX_", "65536", true)]
    [InlineData("MALLOC_MMAP_THRESHOLD_", "131072", true)]
    [InlineData("GLIBC_TUNABLES", "glibc.malloc.check=0", true)]
    [InlineData("GLIBC_TUNABLES", "glibc.rtld.nns=4", false)]
    [InlineData("MALLOC_MMAP_MAX_", "", false)]
    [InlineData("PATH", "/bin", false)]
    public void Memory_is_left_alone_where_the_user_has_set_malloc(string name, string value, bool isSet) =>
        Assert.Equal(isSet, KeptMemory.IsMallocSet(asked => asked == name ? value : null));
}
