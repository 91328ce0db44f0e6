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
}
