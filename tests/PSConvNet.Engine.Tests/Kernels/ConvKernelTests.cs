using TorchSharp;
using static TorchSharp.torch.nn;
using Padding = PSConvNet.Layers.Padding;

namespace PSConvNet.Tests.Kernels;

public class ConvKernelTests
{
    /// <summary>
    /// Output and both gradients over random shapes, in both precisions, against libtorch in fp64, whose implementation isn't oneDNN's, which is wrong for
    /// about one in ten of these shapes on Zen 5. Weights are the fp32 master copy in both precisions.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Convolutions_of_any_shape_agree_with_double_precision(int seed)
    {
        LibTorch.EnsureLoaded();
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            var groups = random.Next(3) == 0 ? 1 + random.Next(6) : 1;
            var layer = new ConvLayer(groups * (1 + random.Next(random.Next(3) == 0 ? 40 : 8)))
            {
                Groups = groups,
                KernelSize = new(1 + random.Next(5), 1 + random.Next(5)),
                Stride = new(1 + random.Next(2), 1 + random.Next(2)),
                Dilation = random.Next(4) == 0 ? new(2, 1) : new(1, 1),
                Padding = random.Next(3) switch
                {
                    0 => Padding.Same,
                    1 => Padding.Of(random.Next(4)),
                    _ => Padding.Valid,
                },
                UseBias = random.Next(2) == 0,
            };
            var channels = groups * (1 + random.Next(random.Next(3) == 0 ? 33 : 6));
            var input = new Shape(9 + random.Next(12), 9 + random.Next(12), channels);
            Check(layer, input, 1 + random.Next(4), random);
        }
    }

    /// <summary>With stride 2 a padded window can lie beside every pixel, so that no weight and no pixel has a gradient.</summary>
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 1)]
    [InlineData(1, 1, 8)]
    [InlineData(2, 2, 8)]
    public void Windows_that_reach_no_pixel_have_gradients_of_0(int window, int dilation, int groups)
    {
        LibTorch.EnsureLoaded();
        var layer = new ConvLayer(8)
        {
            Groups = groups,
            KernelSize = new(window, window),
            Stride = new(2, 2),
            Dilation = new(dilation, dilation),
            Padding = Padding.Of(1),
        };
        for (var seed = 1; seed <= 4; seed++)
            Check(layer, new Shape(1, 1, 8), count: 3, new Random(seed));
    }

    private static void Check(ConvLayer layer, Shape input, int count, Random random)
    {
        var type = random.Next(2) == 0 ? torch.ScalarType.Float32 : torch.ScalarType.BFloat16;
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var own = (ConvKernel)layer.Lower("layer", input).Single();
        var libtorch = LibtorchConvKernel.IsRight(own) && random.Next(2) == 0;
        using var harness = new KernelHarness(
            own,
            random.Next(),
            type,
            replacement: libtorch ? new LibtorchConvKernel(own) : null
        );
        var x = KernelHarness.Values(count, input, random.Next()).to_type(type);
        var r = KernelHarness.Values(count, layer.InferShape(input), random.Next()).to_type(type);
        harness.Context.NeedsInputGradient = random.Next(3) > 0;

        var y = harness.Forward(x);
        var dx = harness.Backward(r);

        using var gradients = torch.enable_grad();
        var exactX = x.to_type(torch.ScalarType.Float64).requires_grad_(true);
        var exactW = Master(0).to_type(torch.ScalarType.Float64).requires_grad_(true);
        var edges = layer.Padding.Around(input, layer.KernelSize, layer.Stride, layer.Dilation);
        var exactY = functional.conv2d(
            functional.pad(exactX, [edges.Left, edges.Right, edges.Top, edges.Bottom]),
            exactW.permute(0, 3, 1, 2),
            layer.UseBias ? Master(1).to_type(torch.ScalarType.Float64) : null,
            [layer.Stride.Height, layer.Stride.Width],
            [0, 0],
            [layer.Dilation.Height, layer.Dilation.Width],
            layer.Groups
        );
        exactY.backward([r.to_type(torch.ScalarType.Float64)]);

        var limit = type == torch.ScalarType.Float32 ? 1e-5 : 2e-2;
        var what = $"{layer} on {count} of {input} in {type}{(libtorch ? " by libtorch" : "")}";
        AssertClose(y, exactY.detach(), limit, $"output of {what}");
        if (dx is not null)
            AssertClose(dx, exactX.grad!, limit, $"input gradient of {what}");
        var slot = harness.Store.Slots[0];
        var found = torch.tensor(harness.Gradient(slot).ToArray()).view(exactW.shape);
        AssertClose(found, exactW.grad!, limit, $"kernel gradient of {what}");

        torch.Tensor Master(int index) =>
            torch.tensor(
                libtorch ? Rounded(harness.Context.Weight(index)) : harness.Context.Master(index).ToArray(),
                [.. harness.Kernel.Parameters[index].Shape.Dimensions.Select(size => (long)size)]
            );
    }

    private static float[] Rounded(torch.Tensor weights) =>
        weights.to_type(torch.ScalarType.Float32).contiguous().data<float>().ToArray();

    private static void AssertClose(torch.Tensor found, torch.Tensor exact, double limit, string what)
    {
        var distance = (found.to_type(torch.ScalarType.Float64) - exact).norm().item<double>();
        var norm = exact.norm().item<double>();
        Assert.True(distance <= limit * norm + 1e-9, FormattableString.Invariant($"{what}: {distance / norm:E1} off"));
    }
}
