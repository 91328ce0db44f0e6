using TorchSharp;

namespace PSConvNet.Tests.Training;

public class WorkerGradientsTests
{
    private static readonly ParameterStore s_store = new Model([new DenseLayer(64)], new Shape(80)).Store;

    private static ParameterSlot Kernel => s_store.Slots[0];

    [Theory]
    [InlineData(torch.ScalarType.Float32)]
    [InlineData(torch.ScalarType.BFloat16)]
    public void What_is_read_is_what_was_stored_last_and_can_be_summed(torch.ScalarType type)
    {
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var gradients = new WorkerGradients();
        var gradient = torch.randn([64, 80], type);
        // Left over from an earlier batch, in the other precision too.
        gradients.Set(Kernel, torch.ones([64, 80], torch.ScalarType.BFloat16));
        gradients.Set(Kernel, torch.ones([64, 80], torch.ScalarType.Float32));

        gradients.Set(Kernel, gradient);
        var once = Read(gradients, 100, 777);
        var twice = once.ToArray();
        gradients.Read(Kernel, 100, twice, add: true);

        var expected = gradient.to_type(torch.ScalarType.Float32).data<float>().ToArray()[100..877];
        Assert.Equal(expected, once);
        Assert.Equal(expected.Select(g => 2 * g), twice);
    }

    [Fact]
    public void Strides_of_a_gradient_do_not_matter()
    {
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var gradients = new WorkerGradients();
        var transposed = torch.randn([80, 64], torch.ScalarType.BFloat16).t();

        gradients.Set(Kernel, transposed);

        var expected = transposed.contiguous().to_type(torch.ScalarType.Float32).data<float>().ToArray();
        Assert.Equal(expected, Read(gradients, 0, expected.Length));
    }

    [Fact]
    public void A_gradient_outlives_the_scope_it_was_made_in()
    {
        LibTorch.EnsureLoaded();
        using var gradients = new WorkerGradients();
        float[] expected;
        using (torch.NewDisposeScope())
        {
            var gradient = torch.randn([64, 80], torch.ScalarType.BFloat16);
            expected = gradient.to_type(torch.ScalarType.Float32).data<float>().ToArray();
            gradients.Set(Kernel, gradient);
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
