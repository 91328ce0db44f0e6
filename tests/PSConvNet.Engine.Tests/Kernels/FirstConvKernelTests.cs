using TorchSharp;
using static TorchSharp.torch.nn;
using Padding = PSConvNet.Layers.Padding;

namespace PSConvNet.Tests.Kernels;

/// <summary>The direct loops against libtorch in fp64, which has no oneDNN in it.</summary>
public class FirstConvKernelTests
{
    public static TheoryData<int, int, int, int, int, int, int, bool, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, int, int, int, bool, bool, bool>();
            foreach (var (height, width, channels) in new[] { (28, 28, 1), (7, 19, 1), (6, 21, 3) })
            foreach (var (down, across) in new[] { (3, 3), (1, 2), (2, 5) })
            foreach (var (filters, stride) in new[] { (32, 1), (16, 2), (48, 1), (6, 1), (20, 1) })
            foreach (var relu in new[] { true, false })
            foreach (var bias in new[] { true, false })
            foreach (var reduced in new[] { true, false })
                cases.Add(height, width, channels, down, across, filters, stride, relu, bias, reduced);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Output_and_gradients_are_those_of_double_precision(
        int height,
        int width,
        int channels,
        int down,
        int across,
        int filters,
        int stride,
        bool relu,
        bool bias,
        bool reduced
    )
    {
        var layer = new ConvLayer(filters)
        {
            KernelSize = new(down, across),
            Stride = new(stride, stride),
            UseBias = bias,
            Padding = filters == 20 ? Padding.Same : Padding.Valid,
        };
        var convolution = (ConvKernel)layer.Lower("first", new Shape(height, width, channels)).Single();
        Assert.True(FirstConvKernel.CanReplace(convolution), $"{layer} on {convolution.Input}");
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var type = reduced ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
        using var store = new KernelHarness(
            convolution,
            type: type,
            replacement: new FirstConvKernel(
                convolution,
                relu ? new ActivationKernel("relu", convolution.Output, Activation.ReLU, alpha: 0) : null
            )
        );
        var x = KernelHarness.Values(3, convolution.Input, seed: 1).to_type(type);
        var g = KernelHarness.Values(3, convolution.Output, seed: 2).to_type(type);

        var y = store.Forward(x);
        Assert.Null(store.Backward(g));

        using var gradients = torch.enable_grad();
        var slots = store.Store.Slots;
        var w = torch
            .tensor(store.Store.Span(slots[0]).ToArray(), [filters, down, across, channels])
            .to_type(torch.ScalarType.Float64)
            .requires_grad_(true);
        var b = bias
            ? torch.tensor(store.Store.Span(slots[1]).ToArray()).to_type(torch.ScalarType.Float64).requires_grad_(true)
            : null;
        var (_, _, _, edges, _) = convolution.Geometry;
        var padded = functional.pad(
            x.to_type(torch.ScalarType.Float64),
            [edges.Left, edges.Right, edges.Top, edges.Bottom]
        );
        var exact = functional.conv2d(padded, w.permute(0, 3, 1, 2), b, [stride, stride]);
        if (relu)
            exact = functional.relu(exact);
        exact.backward([g.to_type(torch.ScalarType.Float64)]);

        AssertClose(y, exact.detach(), reduced ? 4e-3 : 1e-6);
        AssertClose(torch.tensor(store.Gradient(slots[0]).ToArray()).view(w.shape), w.grad!, 1e-6);
        if (b is not null)
            AssertClose(torch.tensor(store.Gradient(slots[1]).ToArray()), b.grad!, 1e-6);
    }

    [Fact]
    public void The_planner_replaces_the_first_convolution_only_and_only_where_it_can()
    {
        Assert.Equal(["FirstConvKernel", "ConvKernel"], Plan(new ConvLayer(16) { Activation = Activation.ReLU }));
        Assert.Equal(["FirstConvKernel", "ConvKernel"], Plan(new ConvLayer(6) { Padding = Padding.Same }));
        Assert.Equal(["ConvKernel", "ConvKernel"], Plan(new ConvLayer(16) { KernelSize = new(6, 6) }));
        Assert.Equal(["ConvKernel", "ConvKernel"], Plan(new ConvLayer(16) { Dilation = new(2, 2) }));

        static IEnumerable<string> Plan(LayerSpec first) =>
            ExecutionPlan
                .Create(
                    new Model([first, new ConvLayer(16)], new Shape(12, 12, 1)).Kernels,
                    new PlanRequest(Precision.Float32, Workers: 1, Training: true, ToLogits: true)
                )
                .Network.Children.Select(kernel => kernel.GetType().Name);
    }

    private static void AssertClose(torch.Tensor found, torch.Tensor exact, double limit)
    {
        var distance = (found.to_type(torch.ScalarType.Float64) - exact).norm().item<double>();
        var norm = exact.norm().item<double>();
        Assert.True(distance <= limit * norm, FormattableString.Invariant($"{distance / norm:E1} off"));
    }
}
