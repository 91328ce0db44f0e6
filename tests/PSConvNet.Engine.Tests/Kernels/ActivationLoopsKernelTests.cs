using TorchSharp;
using Padding = PSConvNet.Layers.Padding;

namespace PSConvNet.Tests.Kernels;

/// <summary>Activations in plans: what they give, alone and with the pooling before or behind them.</summary>
public class ActivationLoopsKernelTests
{
    public static TheoryData<Activation, bool> Functions
    {
        get
        {
            var cases = new TheoryData<Activation, bool>();
            foreach (var function in Enum.GetValues<Activation>().Where(ActivationLoops.CanCompute))
            foreach (var reduced in (bool[])[false, true])
                cases.Add(function, reduced);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Results_are_libtorch_s_and_the_gradient_of_others_is_left_alone(Activation function, bool reduced)
    {
        using var scope = Start(reduced, out var type);
        foreach (var shape in (Shape[])[new Shape(7), new Shape(3, 5), new Shape(4, 5, 6)])
        {
            var theirs = Kernel(function, shape);
            using var expected = new KernelHarness(theirs, type: type);
            using var found = new KernelHarness(new ActivationLoopsKernel(theirs), type: type);
            var x = KernelHarness.Values(3, shape, seed: 1, scale: 2).to_type(type);
            var g = KernelHarness.Values(3, shape, seed: 2).to_type(type);
            var before = Numbers(g);

            // libtorch's GELU loses its tail's digits, and its slopes of tanh and σ come from rounded values.
            var limit = reduced ? 1.0 / 128 : 1e-6;
            AssertClose(Numbers(expected.Forward(x)), Numbers(found.Forward(x)), limit);
            AssertClose(Numbers(expected.Backward(g)!), Numbers(found.Backward(g)!), limit);
            Assert.Equal(before, Numbers(g));
        }
    }

    [Fact]
    public void Without_a_gradient_of_its_input_or_outside_training_there_is_nothing_to_go_back_through()
    {
        using var scope = Start(reduced: false, out _);
        var shape = new Shape(5);
        var kernel = new ActivationLoopsKernel(Kernel(Activation.GELU, shape));
        using var first = new KernelHarness(kernel);
        first.Context.NeedsInputGradient = false;
        using var reader = new KernelHarness(kernel);
        reader.Pass.Training = false;
        var x = KernelHarness.Values(2, shape, seed: 1);
        first.Forward(x);
        reader.Forward(x);

        Assert.Null(first.Backward(x));
        Assert.Throws<InvalidOperationException>(() => reader.Backward(x));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Pooled_values_are_the_same_whether_pooling_comes_first_or_last(Activation function, bool reduced)
    {
        using var scope = Start(reduced, out var type);
        foreach (
            var layer in (MaxPoolLayer[])
                [
                    new(new(2, 2)),
                    new(new(3, 2)) { Stride = new(2, 2) },
                    new(new(3, 3)) { Stride = new(2, 2), Padding = Padding.Same },
                ]
        )
        {
            var input = new Shape(9, 8, 16);
            var pool = (MaxPoolKernel)layer.Lower("pool", input).Single();
            var activation = Kernel(function, input);
            Kernel[] last = [new ActivationLoopsKernel(activation), pool];
            using var expected = new KernelHarness(new KernelSequence("last", input, last), type: type);
            using var found = new KernelHarness(Planned([activation, pool]), type: type);
            var x = WithSpecialNumbers(KernelHarness.Values(3, input, seed: 1, scale: 2)).to_type(type);

            var (a, b) = (Numbers(expected.Forward(x)), Numbers(found.Forward(x)));

            Assert.Equal(a.Length, b.Length);
            // Rounded to bf16 the functions step back nowhere; in fp32 by a unit or two of the last place.
            for (var i = 0; i < a.Length; i++)
                Assert.True(Ulps.Between(b[i], a[i]) <= (reduced ? 0 : 2), $"{layer}, {i}: {b[i]:G9} is not {a[i]:G9}");
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Gradients_are_the_same_whether_pooling_comes_first_or_last(Activation function, bool reduced)
    {
        using var scope = Start(reduced, out var type);
        var input = new Shape(9, 8, 16);
        var pool = (MaxPoolKernel)new MaxPoolLayer(new(2, 2)).Lower("pool", input).Single();
        var activation = Kernel(function, input);
        Kernel[] last = [new ActivationLoopsKernel(activation), pool];
        using var expected = new KernelHarness(new KernelSequence("last", input, last), type: type);
        using var found = new KernelHarness(Planned([activation, pool]), type: type);
        // Numbers of a grid, at whose distance no function's values are equal, even in bf16; a ReLU of equal zeros has no gradient either way.
        var x = Distinct(3, input).to_type(type);
        var g = KernelHarness.Values(3, pool.Output, seed: 2).to_type(type);
        expected.Forward(x);
        found.Forward(x);

        Assert.Equal(Numbers(expected.Backward(g)!), Numbers(found.Backward(g)!));
    }

    [Theory]
    [InlineData(Activation.Tanh, "ConvKernel, ActivationLoopsKernel")]
    [InlineData(Activation.Sigmoid, "ConvKernel, ActivationLoopsKernel")]
    [InlineData(Activation.LeakyReLU, "ConvKernel, ActivationLoopsKernel")]
    [InlineData(Activation.ELU, "ConvKernel, ActivationLoopsKernel")]
    [InlineData(Activation.ReLU, "ConvKernel")]
    [InlineData(Activation.GELU, "ConvKernel, ValleyPoolKernel")]
    [InlineData(Activation.SiLU, "ConvKernel, ValleyPoolKernel")]
    public void Functions_that_rise_let_the_convolution_pool(Activation function, string kernels)
    {
        LayerSpec[] layers = [new ConvLayer(16) { Activation = function }, new MaxPoolLayer(new(2, 2))];
        var model = new Model(layers, new Shape(18, 18, 16));

        Assert.Equal(kernels, string.Join(", ", Planned(model.Kernels).Children.Select(step => step.GetType().Name)));
    }

    [Theory]
    [InlineData(Activation.LeakyReLU, 0.0, false)]
    [InlineData(Activation.LeakyReLU, 0.1, true)]
    [InlineData(Activation.LeakyReLU, -0.1, false)]
    [InlineData(Activation.ELU, 0.0, true)]
    [InlineData(Activation.ELU, -1.0, false)]
    [InlineData(Activation.GELU, 0.0, false)]
    [InlineData(Activation.Softmax, 0.0, false)]
    public void Functions_that_fall_somewhere_stay_before_the_pooling(Activation function, double alpha, bool rises)
    {
        Assert.Equal(rises, new ActivationKernel("activation", new Shape(5), function, alpha).Rises);
    }

    [Fact]
    public void Where_pooling_leaves_as_many_values_it_stays_behind_the_activation()
    {
        LayerSpec[] layers =
        [
            new ActivationLayer(Activation.Tanh),
            new MaxPoolLayer(new(3, 3)) { Stride = new(1, 1), Padding = Padding.Same },
        ];
        var steps = Planned(new Model(layers, new Shape(6, 6, 16)).Kernels).Children;

        Assert.Equal(["ActivationLoopsKernel", "MaxPoolKernel"], steps.Select(step => step.GetType().Name));
    }

    private static DisposeScope Start(bool reduced, out torch.ScalarType type)
    {
        LibTorch.EnsureLoaded();
        type = reduced ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
        return torch.NewDisposeScope();
    }

    private static ActivationKernel Kernel(Activation function, Shape shape) => new("activation", shape, function, 0.3);

    private static KernelSequence Planned(IReadOnlyList<Kernel> kernels) =>
        ExecutionPlan
            .Create(kernels, new PlanRequest(Precision.Float32, Workers: 1, Training: true, ToLogits: false))
            .Network;

    /// <summary>Some numbers become infinite, NaN or 0, or equal others in their window.</summary>
    private static torch.Tensor WithSpecialNumbers(torch.Tensor values)
    {
        float[] special = [float.NegativeInfinity, float.PositiveInfinity, float.NaN, 0, -0f, 40, -40, -40];
        var numbers = Numbers(values);
        for (var i = 0; i < numbers.Length; i += 7)
            numbers[i] = special[i / 7 % special.Length];
        return torch.tensor(numbers, values.shape).contiguous();
    }

    /// <summary>Numbers of which no two are equal in a window of 2 x 2.</summary>
    private static torch.Tensor Distinct(int count, Shape shape)
    {
        var random = new Random(3);
        var values = new float[count * shape.Size];
        for (var i = 0; i < values.Length; i++)
        {
            var pixel = i / shape[2];
            values[i] = -2 + (pixel / shape[1] % 2 * 2 + pixel % 2 + 4 * random.Next(4)) * 0.25f;
        }
        return torch.tensor(values, [count, .. shape.Dimensions.Select(size => (long)size)]).permute(0, 3, 1, 2);
    }

    private static float[] Numbers(torch.Tensor values) =>
        values.to_type(torch.ScalarType.Float32).contiguous().data<float>().ToArray();

    private static void AssertClose(float[] expected, float[] found, double limit)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(found[i] - expected[i]) <= limit * Math.Max(Math.Abs(expected[i]), 1),
                $"{i}: {found[i]:G9} is not {expected[i]:G9}"
            );
    }
}
