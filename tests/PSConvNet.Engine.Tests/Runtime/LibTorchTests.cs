using PSConvNet.Runtime;
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
}
