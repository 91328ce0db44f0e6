using TorchSharp;
using Padding = PSConvNet.Layers.Padding;

namespace PSConvNet.Tests.Kernels;

/// <summary>
/// Every layer kind's backward pass against central finite differences of its forward pass: of Σ r·y for a random r, by a random
/// direction in the input and in each parameter.
/// </summary>
public class KernelGradientTests
{
    public static TheoryData<string> Cases => [.. s_layers.Keys];

    private static readonly Dictionary<string, (LayerSpec Layer, Shape Input)> s_layers = new()
    {
        ["conv"] = (new ConvLayer(4), new Shape(7, 6, 3)),
        ["conv of one channel"] = (new ConvLayer(5), new Shape(6, 6, 1)),
        ["conv same, stride 2"] = (new ConvLayer(3) { Padding = Padding.Same, Stride = new(2, 2) }, new Shape(7, 8, 2)),
        ["conv same, even window"] = (
            new ConvLayer(3) { Padding = Padding.Same, KernelSize = new(2, 4) },
            new Shape(5, 6, 2)
        ),
        ["conv padding 2, dilation 2"] = (
            new ConvLayer(2) { Padding = Padding.Of(2), Dilation = new(2, 2) },
            new Shape(6, 7, 3)
        ),
        ["conv in groups"] = (new ConvLayer(6) { Groups = 3 }, new Shape(5, 5, 3)),
        ["conv without bias"] = (new ConvLayer(2) { UseBias = false, KernelSize = new(1, 5) }, new Shape(4, 8, 2)),
        ["separable conv"] = (new SeparableConvLayer(5), new Shape(5, 6, 3)),
        ["separable conv, multiplied"] = (
            new SeparableConvLayer(3)
            {
                DepthMultiplier = 2,
                Stride = new(2, 1),
                Padding = Padding.Same,
                UseBias = false,
            },
            new Shape(6, 5, 2)
        ),
        ["layer norm of images"] = (new LayerNormLayer(), new Shape(4, 3, 3)),
        ["layer norm of matrices"] = (new LayerNormLayer { Epsilon = 1e-2 }, new Shape(3, 4)),
        ["layer norm of vectors"] = (new LayerNormLayer { Epsilon = 1e-2 }, new Shape(6)),
        ["dense"] = (new DenseLayer(5), new Shape(7)),
        ["dense without bias"] = (new DenseLayer(3) { UseBias = false }, new Shape(4)),
        ["max pool"] = (new MaxPoolLayer(new(2, 2)), new Shape(6, 5, 3)),
        ["max pool overlapping, same"] = (
            new MaxPoolLayer(new(3, 3)) { Stride = new(2, 2), Padding = Padding.Same },
            new Shape(7, 6, 2)
        ),
        ["average pool"] = (new AveragePoolLayer(new(2, 3)), new Shape(6, 6, 3)),
        ["average pool same"] = (
            new AveragePoolLayer(new(3, 3)) { Stride = new(2, 2), Padding = Padding.Same },
            new Shape(6, 5, 2)
        ),
        ["global average"] = (new GlobalPoolLayer(PoolKind.Average), new Shape(4, 5, 3)),
        ["global maximum"] = (new GlobalPoolLayer(PoolKind.Maximum), new Shape(4, 5, 3)),
        ["flatten"] = (new FlattenLayer(), new Shape(3, 4, 2)),
        ["flatten without channel"] = (new FlattenLayer(), new Shape(3, 4)),
        ["dropout"] = (new DropoutLayer(0.4), new Shape(5, 5, 3)),
        ["batch norm of images"] = (new BatchNormLayer(), new Shape(4, 3, 3)),
        ["batch norm of vectors"] = (new BatchNormLayer { Epsilon = 1e-2 }, new Shape(6)),
        ["ReLU"] = (new ActivationLayer(Activation.ReLU), new Shape(6)),
        ["LeakyReLU"] = (new ActivationLayer(Activation.LeakyReLU) { Alpha = 0.3 }, new Shape(6)),
        ["GELU"] = (new ActivationLayer(Activation.GELU), new Shape(6)),
        ["ELU"] = (new ActivationLayer(Activation.ELU), new Shape(6)),
        ["SiLU"] = (new ActivationLayer(Activation.SiLU), new Shape(6)),
        ["Sigmoid"] = (new ActivationLayer(Activation.Sigmoid), new Shape(6)),
        ["Tanh"] = (new ActivationLayer(Activation.Tanh), new Shape(6)),
        ["Softmax of vectors"] = (new ActivationLayer(Activation.Softmax), new Shape(6)),
        ["Softmax over channels"] = (new ActivationLayer(Activation.Softmax), new Shape(2, 3, 4)),
        ["LogSoftmax"] = (new ActivationLayer(Activation.LogSoftmax), new Shape(6)),
        ["residual block"] = (
            new ResidualBlock([new ConvLayer(3) { Padding = Padding.Same, Activation = Activation.Tanh }]),
            new Shape(4, 4, 3)
        ),
        ["residual block, projected"] = (
            new ResidualBlock([new ConvLayer(4) { Padding = Padding.Same, Stride = new(2, 2) }, new BatchNormLayer()]),
            new Shape(6, 6, 2)
        ),
        ["residual block of vectors"] = (new ResidualBlock([new DenseLayer(4)]), new Shape(6)),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Backward_agrees_with_finite_differences(string name)
    {
        var (layer, input) = s_layers[name];
        var kernel = new KernelSequence("sequence", input, layer.Lower("layer", input));
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var harness = new KernelHarness(kernel);
        var x = KernelHarness.Values(4, input, seed: 11);
        var y = harness.Forward(x);
        var r = KernelHarness.Values(4, layer.InferShape(input), seed: 12);
        var inputGradient = harness.Backward(r);

        Assert.NotNull(inputGradient);
        var direction = KernelHarness.Values(4, input, seed: 13);
        AssertClose(
            Along(step => Inner(harness.Forward(x + direction * step), r)),
            Inner(inputGradient, direction),
            $"{name}: input"
        );
        foreach (var slot in harness.Store.Slots.Where(slot => slot.Spec.Trainable))
        {
            var analytic = harness.Gradient(slot).ToArray();
            var random = new RandomStream(14, slot.Offset);
            var towards = analytic.Select(_ => random.NextGaussian()).ToArray();
            var before = harness.Store.Span(slot).ToArray();
            var numeric = Along(step =>
            {
                var weights = harness.Store.Span(slot);
                for (var i = 0; i < weights.Length; i++)
                    weights[i] = (float)(before[i] + step * towards[i]);
                var value = Inner(harness.Forward(x), r);
                before.CopyTo(harness.Store.Span(slot));
                return value;
            });
            AssertClose(numeric, analytic.Zip(towards, (g, t) => g * t).Sum(), $"{name}: {slot.Name}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_frozen_kernel_passes_on_its_inputs_gradient_and_computes_no_other(string name)
    {
        var (layer, input) = s_layers[name];
        var kernel = new KernelSequence("sequence", input, layer.Lower("layer", input));
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        using var harness = new KernelHarness(kernel, frozen: true);
        var before = harness.Store.Values.ToArray();
        var x = KernelHarness.Values(4, input, seed: 11);
        harness.Forward(x);
        var r = KernelHarness.Values(4, layer.InferShape(input), seed: 12);
        var inputGradient = harness.Backward(r);

        Assert.NotNull(inputGradient);
        var direction = KernelHarness.Values(4, input, seed: 13);
        AssertClose(
            Along(step => Inner(harness.Forward(x + direction * step), r)),
            Inner(inputGradient, direction),
            $"{name}: input"
        );
        Assert.Equal(before, harness.Store.Values);
        Assert.All(
            harness.Store.Slots.Where(slot => slot.Spec.Trainable),
            slot => Assert.All(harness.Gradient(slot), value => Assert.Equal(0, value))
        );
    }

    /// <summary>The derivative at 0 by Richardson's extrapolation of central differences.</summary>
    private static double Along(Func<double, double> function)
    {
        const double h = 4e-3;
        var wide = (function(h) - function(-h)) / (2 * h);
        var narrow = (function(h / 2) - function(-h / 2)) / h;
        return (4 * narrow - wide) / 3;
    }

    private static double Inner(torch.Tensor a, torch.Tensor b) =>
        (a.to_type(torch.ScalarType.Float64) * b.to_type(torch.ScalarType.Float64)).sum().item<double>();

    // fp32 rounding over a difference of 4e-3 leaves about 1e-3.
    private static void AssertClose(double numeric, double analytic, string what) =>
        Assert.True(
            Math.Abs(numeric - analytic) <= 4e-3 * Math.Max(1, Math.Abs(numeric)),
            FormattableString.Invariant(
                $"{what}: finite differences give {numeric:G6}, the backward pass {analytic:G6}"
            )
        );
}
