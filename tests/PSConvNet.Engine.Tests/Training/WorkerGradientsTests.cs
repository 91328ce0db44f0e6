using PSConvNet.Runtime;
using TorchSharp;

namespace PSConvNet.Tests.Training;

public class WorkerGradientsTests
{
    private static readonly ParameterStore s_store = new Model([new DenseLayer(64)], new Shape(80)).Store;

    private static ParameterSlot Kernel => s_store.Slots[0];

    [Theory]
    [InlineData(torch.ScalarType.Float32, torch.ScalarType.Float32)]
    [InlineData(torch.ScalarType.BFloat16, torch.ScalarType.BFloat16)]
    [InlineData(torch.ScalarType.BFloat16, torch.ScalarType.Float32)]
    [InlineData(torch.ScalarType.Float32, torch.ScalarType.BFloat16)]
    public void What_is_read_is_the_sum_of_what_was_stored_whatever_its_precision(
        torch.ScalarType first,
        torch.ScalarType second
    )
    {
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var gradients = new WorkerGradients(s_store);
        var (a, b) = (torch.randn([64, 80], first), torch.randn([64, 80], second));
        // Left over from an earlier batch.
        gradients.Set(Kernel, torch.ones([64, 80], first), add: false);

        gradients.Set(Kernel, a, add: false);
        var once = Read(gradients, 100, 777);
        gradients.Set(Kernel, b, add: true);
        var twice = Read(gradients, 100, 777);

        var one = a.to_type(torch.ScalarType.Float32).data<float>().ToArray()[100..877];
        var sum = (a.to_type(torch.ScalarType.Float32) + b).data<float>().ToArray()[100..877];
        Assert.Equal(one, once);
        Assert.Equal(sum, twice);
    }

    [Fact]
    public void A_gradient_outlives_the_scope_it_was_made_in()
    {
        LibTorch.EnsureLoaded();
        using var gradients = new WorkerGradients(s_store);
        float[] expected;
        using (torch.NewDisposeScope())
        {
            var gradient = torch.randn([64, 80], torch.ScalarType.BFloat16);
            expected = gradient.to_type(torch.ScalarType.Float32).data<float>().ToArray();
            gradients.Set(Kernel, gradient, add: false);
        }

        Assert.Equal(expected, Read(gradients, 0, expected.Length));
    }

    private static float[] Read(WorkerGradients gradients, int start, int length)
    {
        var values = new float[length];
        gradients.Read(Kernel, start, values, add: false);
        return values;
    }
}
