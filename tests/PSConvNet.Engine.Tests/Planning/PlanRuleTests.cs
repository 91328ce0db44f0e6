using TorchSharp;
using Padding = PSConvNet.Layers.Padding;

namespace PSConvNet.Tests.Planning;

public class PlanRuleTests
{
    private static readonly Shape s_images = new(12, 12, 1);

    /// <summary>Networks to which all rules apply, one or another of them.</summary>
    private static IReadOnlyList<LayerSpec> Layers =>
        [
            new ConvLayer(16) { Activation = Activation.ReLU },
            new ConvLayer(16) { Padding = Padding.Same, Activation = Activation.ReLU },
            new MaxPoolLayer(new(2, 2)),
            new DropoutLayer(0.25),
            new ActivationLayer(Activation.GELU),
            new MaxPoolLayer(new(1, 2)),
            new MaxPoolLayer(new(2, 1)),
            new ResidualBlock([
                new ConvLayer(16) { Padding = Padding.Same, UseBias = false },
                new BatchNormLayer(),
                new ActivationLayer(Activation.ReLU),
            ]),
            new ConvLayer(16) { KernelSize = new(1, 7), Padding = Padding.Same },
            new FlattenLayer(),
            new DenseLayer(1024) { Activation = Activation.ReLU },
            new DenseLayer(10) { Activation = Activation.Softmax },
        ];

    [Fact]
    public void Each_rule_applies_somewhere_and_gives_a_reason()
    {
        var applied = ExecutionPlan.Create(new Model(Layers, s_images).Kernels, Request()).Applied;

        Assert.Equal(
            ExecutionPlan.Rules.Select(rule => rule.Name).Order(),
            applied.Select(use => use.Rule).Distinct().Order()
        );
        Assert.All(applied, use => Assert.NotEmpty(use.Reason));
        Assert.Contains(applied, use => use.Layers == "residual_1/batch_normalization_1, residual_1/activation_1");
    }

    [Fact]
    public void A_reader_that_wants_probabilities_gets_the_softmax()
    {
        var kernels = new Model(Layers, s_images).Kernels;

        Assert.IsType<ActivationKernel>(
            ExecutionPlan.Create(kernels, Request() with { ToLogits = false }).Network.Children[^1]
        );
        Assert.IsType<DenseKernel>(ExecutionPlan.Create(kernels, Request()).Network.Children[^1]);
    }

    [Theory]
    [InlineData(26, 32, Precision.BFloat16, true, "ConvKernel")]
    [InlineData(5, 32, Precision.BFloat16, true, "LibtorchConvKernel")]
    [InlineData(16, 32, Precision.BFloat16, true, "ConvKernel")]
    [InlineData(26, 24, Precision.BFloat16, true, "LibtorchConvKernel")]
    [InlineData(5, 32, Precision.BFloat16, false, "ConvKernel")]
    [InlineData(16, 32, Precision.Float32, true, "ConvKernel")]
    public void In_bf16_libtorch_convolves_where_tiles_or_vectors_would_be_half_empty(
        int side,
        int filters,
        Precision precision,
        bool fast,
        string kernel
    )
    {
        var request = Request() with
        {
            Precision = precision,
            Processor = new CpuFeatures { Name = "", AmxBF16 = fast },
        };
        var model = new Model([new ConvLayer(filters)], new Shape(side, side, 32));

        Assert.Equal(kernel, ExecutionPlan.Create(model.Kernels, request).Network.Children.Single().GetType().Name);
    }

    [Theory]
    [InlineData(32, 64, Precision.Float32, "ConvKernel")]
    [InlineData(6, 16, Precision.Float32, "ConvKernel")]
    [InlineData(6, 2, Precision.Float32, "LibtorchConvKernel")]
    [InlineData(4, 64, Precision.Float32, "LibtorchConvKernel")]
    [InlineData(32, 64, Precision.BFloat16, "LibtorchConvKernel")]
    public void Windows_of_5_x_5_are_libtorch_s_in_bf16_and_of_few_channels(
        int channels,
        int filters,
        Precision precision,
        string kernel
    )
    {
        var request = Request() with
        {
            Precision = precision,
            Processor = new CpuFeatures { Name = "", AmxBF16 = true },
        };
        var model = new Model([new ConvLayer(filters) { KernelSize = new(5, 5) }], new Shape(16, 16, channels));

        Assert.Equal(kernel, ExecutionPlan.Create(model.Kernels, request).Network.Children.Single().GetType().Name);
    }

    /// <summary>With images of 16 x 16 the second convolution has tiles of 7 x 7, which round more, unless it is pooled.</summary>
    [Theory]
    [InlineData(12, 1e-5)]
    [InlineData(16, 5e-5)]
    public void What_a_plan_does_to_a_network_changes_none_of_its_results(int side, double limit)
    {
        var images = new Shape(side, side, 1);
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var kernels = new Model(Layers, images).Kernels;
        var plan = ExecutionPlan.Create(kernels, Request() with { ToLogits = false });
        var whole = new KernelSequence("network", images, kernels);
        using var planned = new Kernels.KernelHarness(whole, replacement: plan.Network);
        using var layers = new Kernels.KernelHarness(whole);
        planned.Context.Children[0].NeedsInputGradient = false;
        var x = Kernels.KernelHarness.Values(5, images, seed: 3);
        var g = Kernels.KernelHarness.Values(5, whole.Output, seed: 4);

        AssertClose(Numbers(layers.Forward(x)), Numbers(planned.Forward(x)), limit);
        layers.Backward(g);
        planned.Backward(g);
        foreach (
            var (expected, found) in layers
                .Store.Slots.Zip(planned.Store.Slots)
                .Where(pair => pair.First.Spec.Trainable)
        )
            AssertClose(layers.Gradient(expected), planned.Gradient(found), limit);
    }

    private static PlanRequest Request() => new(Precision.Float32, Workers: 1, Training: true, ToLogits: true);

    private static float[] Numbers(torch.Tensor values) => values.contiguous().data<float>().ToArray();

    private static void AssertClose(float[] expected, float[] found, double limit)
    {
        limit *= Math.Max(1, expected.Max(Math.Abs));
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(found[i], expected[i] - limit, expected[i] + limit);
    }
}
