using PSConvNet.Runtime.Kernels;
using TorchSharp;

namespace PSConvNet.Tests.Kernels;

/// <summary>Kernels run a few samples at a time against the same kernels run on all samples at once.</summary>
public class SlicedKernelTests
{
    private static readonly LayerSpec[] s_layers =
    [
        new ConvLayer(16) { Activation = Activation.ReLU },
        new ConvLayer(16),
        new MaxPoolLayer(new(2, 2)),
        new DropoutLayer(0.25),
        new FlattenLayer(),
    ];

    [Theory]
    [InlineData(1, 4)]
    [InlineData(4, 4)]
    [InlineData(9, 4)]
    [InlineData(70, 2)]
    public void Slices_give_the_outputs_and_gradients_of_the_whole(int count, int samples)
    {
        using var scope = torch.NewDisposeScope();
        using var whole = new KernelHarness(Sequence());
        var body = Sequence();
        using var sliced = new KernelHarness(body, replacement: new SlicedKernel(body, samples));
        var x = KernelHarness.Batch(count, body.Input, seed: 1);
        var g = KernelHarness.Batch(count, body.Output, seed: 2);

        var (y, ySliced) = (whole.Forward(x), sliced.Forward(x));
        var (dx, dxSliced) = (whole.Backward(g)!, sliced.Backward(g)!);

        AssertClose(y, ySliced);
        AssertClose(dx, dxSliced);
        foreach (var (one, other) in whole.Store.Slots.Zip(sliced.Store.Slots))
            AssertClose(torch.tensor(whole.Gradient(one)), torch.tensor(sliced.Gradient(other)));
    }

    [Fact]
    public void A_second_batch_leaves_nothing_of_the_first_in_the_gradients()
    {
        using var scope = torch.NewDisposeScope();
        var body = Sequence();
        using var harness = new KernelHarness(body, replacement: new SlicedKernel(body, 4));
        using var fresh = new KernelHarness(Sequence());
        harness.Forward(KernelHarness.Batch(11, body.Input, seed: 1));
        harness.Backward(KernelHarness.Batch(11, body.Output, seed: 2));

        var (x, g) = (KernelHarness.Batch(3, body.Input, seed: 3), KernelHarness.Batch(3, body.Output, seed: 4));
        harness.Forward(x);
        harness.Backward(g);
        fresh.Forward(x);
        fresh.Backward(g);

        foreach (var (one, other) in harness.Store.Slots.Zip(fresh.Store.Slots))
            AssertClose(torch.tensor(harness.Gradient(one)), torch.tensor(fresh.Gradient(other)));
    }

    private static KernelSequence Sequence()
    {
        var kernels = new Model(s_layers, new Shape(10, 10, 2)).Kernels;
        return new KernelSequence("body", kernels[0].Input, kernels);
    }

    private static void AssertClose(torch.Tensor expected, torch.Tensor found)
    {
        var norm = expected.norm().item<float>();
        Assert.InRange((found - expected).norm().item<float>(), 0, 1e-5 * norm);
    }
}
