using TorchSharp.Modules;
using static TorchSharp.torch;
using OptimizerState = PSConvNet.Training.OptimizerState;

namespace PSConvNet.Tests.Training;

public class OptimizerRuleTests
{
    public static TheoryData<string> Cases => OptimizerCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fifty_steps_agree_with_torch_in_double_precision(string name)
    {
        LibTorch.EnsureLoaded();
        const int count = 1003;
        var random = new Random(7);
        var weights = OptimizerCases.Normal(random, count);
        var spec = OptimizerCases.Ours(name);
        var state = new OptimizerState(spec, count);
        using var parameter = new Parameter(tensor(weights.Select(w => (double)w).ToArray()));
        using var judge = OptimizerCases.Torch(name, [parameter]);

        for (var step = 1; step <= 50; step++)
        {
            var gradients = OptimizerCases.Normal(random, count, scale: 0.1);
            state.Apply(weights, gradients, 0, step, spec.LearningRate);
            using var gradient = tensor(gradients.Select(g => (double)g).ToArray());
            parameter.grad = gradient;
            judge.step();
        }

        var expected = parameter.data<double>().ToArray();
        var worst = weights.Zip(expected, (w, e) => Math.Abs(w - e) / Math.Max(1, Math.Abs(e))).Max();
        Assert.True(worst <= 1e-6, $"{name} is off by {worst:E2}");
    }

    // With w = 1, g = 0.5 and a zero state, worked by hand from the published formulas.
    public static TheoryData<OptimizerSpec, double> FirstSteps =>
        new()
        {
            {
                new SgdOptimizer { LearningRate = 0.1 },
                1 - 0.1 * 0.5
            },
            {
                new SgdOptimizer { LearningRate = 0.1, WeightDecay = 0.2 },
                1 - 0.1 * 0.7
            },
            {
                new SgdOptimizer { LearningRate = 0.1, Momentum = 0.9 },
                1 - 0.1 * 0.5
            },
            {
                new SgdOptimizer
                {
                    LearningRate = 0.1,
                    Momentum = 0.9,
                    Nesterov = true,
                },
                1 - 0.1 * (0.5 + 0.9 * 0.5)
            },
            {
                new AdamOptimizer { LearningRate = 0.1 },
                1 - 0.1 * 0.5 / (0.5 + 1e-8)
            },
            {
                new AdamOptimizer { LearningRate = 0.1, Epsilon = 0.5 },
                1 - 0.1 * 0.5 / (0.5 + 0.5)
            },
            {
                new AdamWOptimizer { LearningRate = 0.1, WeightDecay = 0.3 },
                1 * (1 - 0.1 * 0.3) - 0.1
            },
            {
                new AdadeltaOptimizer { Epsilon = 1e-2 },
                1 - Math.Sqrt(1e-2) / Math.Sqrt(0.1 * 0.25 + 1e-2) * 0.5
            },
            {
                new RmsPropOptimizer { Rho = 0.75 },
                1 - 0.01 * 0.5 / Math.Sqrt(0.25 * 0.25)
            },
            {
                new RmsPropOptimizer { Rho = 0.75, Centered = true },
                1 - 0.01 * 0.5 / Math.Sqrt(0.25 * 0.25 - 0.125 * 0.125)
            },
            {
                new AdagradOptimizer { LearningRate = 0.1 },
                1 - 0.1
            },
            {
                new AdagradOptimizer { LearningRate = 0.1, InitialAccumulator = 2 },
                1 - 0.1 * 0.5 / Math.Sqrt(2.25)
            },
        };

    [Theory]
    [MemberData(nameof(FirstSteps))]
    public void The_first_step_is_the_published_formula(OptimizerSpec spec, double expected)
    {
        float[] weights = [1];

        new OptimizerState(spec, 1).Apply(weights, [0.5f], 0, 1, spec.LearningRate);

        Assert.Equal(expected, weights[0], 1e-6);
    }

    [Fact]
    public void A_gradient_that_never_changes_does_not_make_centered_RMSprop_divide_by_the_root_of_a_negative()
    {
        var spec = new RmsPropOptimizer { Centered = true, Rho = 0.5 };
        var random = new Random(3);
        var gradients = OptimizerCases.Normal(random, 999);
        var weights = new float[999];
        var state = new OptimizerState(spec, 999);

        for (var step = 1; step <= 100; step++)
            state.Apply(weights, gradients, 0, step, 1e-3);

        Assert.All(weights, w => Assert.True(float.IsFinite(w)));
    }

    // Rounding would keep them at a few times 1e-45 for ever, where arithmetic is several times slower.
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void Means_of_gradients_that_stopped_end_at_zero(int count)
    {
        var state = new OptimizerState(new AdamOptimizer(), count);
        var weights = new float[count];
        state.Apply(weights, Enumerable.Repeat(0.01f, count).ToArray(), 0, 1, 1e-3);
        Assert.All(state.GetBuffer("Mean").ToArray(), m => Assert.NotEqual(0, m));

        for (var step = 2; step <= 1000; step++)
            state.Apply(weights, new float[count], 0, step, 1e-3);

        Assert.All(state.GetBuffer("Mean").ToArray(), m => Assert.Equal(0, m));
    }

    [Fact]
    public void A_state_that_is_reset_starts_again_like_a_new_one()
    {
        var spec = new AdagradOptimizer { InitialAccumulator = 0.5 };
        var state = new OptimizerState(spec, 3);
        state.Apply(new float[3], [1, 2, 3], 0, 1, 0.1);
        Assert.Equal([1.5f, 4.5f, 9.5f], state.GetBuffer("SquareSum").ToArray());

        state.Reset();

        Assert.Equal([0.5f, 0.5f, 0.5f], state.GetBuffer("SquareSum").ToArray());
    }

    [Fact]
    public void A_state_restored_from_its_buffers_goes_on_bit_for_bit()
    {
        var spec = new RmsPropOptimizer { Centered = true, Momentum = 0.9 };
        var random = new Random(5);
        float[][] gradients = [.. Enumerable.Range(0, 10).Select(_ => OptimizerCases.Normal(random, 20))];
        var straight = new float[20];
        var state = new OptimizerState(spec, 20);
        for (var i = 0; i < 10; i++)
            state.Apply(straight, gradients[i], 0, i + 1, 0.01);

        var resumed = new float[20];
        var first = new OptimizerState(spec, 20);
        for (var i = 0; i < 5; i++)
            first.Apply(resumed, gradients[i], 0, i + 1, 0.01);
        var second = new OptimizerState(spec, 20);
        foreach (var name in first.Names)
            first.GetBuffer(name).CopyTo(second.GetBuffer(name));
        for (var i = 5; i < 10; i++)
            second.Apply(resumed, gradients[i], 0, i + 1, 0.01);

        Assert.Equal(["MeanSquare", "Mean", "Momentum"], first.Names.ToArray());
        Assert.Equal(straight, resumed);
    }
}
