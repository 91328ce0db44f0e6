using TorchSharp;

namespace PSConvNet.Tests.Kernels;

/// <summary>The fused kernel against the three it takes the place of, whose arithmetic is libtorch's.</summary>
public class PooledActivationKernelTests
{
    public static TheoryData<int, int, int, int, int, bool, double, bool> Cases
    {
        get
        {
            var cases = new TheoryData<int, int, int, int, int, bool, double, bool>();
            foreach (var (height, width, channels) in new[] { (6, 6, 16), (7, 5, 32), (2, 3, 48), (9, 8, 64) })
            foreach (var (down, across) in new[] { (2, 2), (1, 3), (2, 1) })
            foreach (var relu in new[] { true, false })
            foreach (var rate in new[] { 0, 0.3 })
            foreach (var reduced in new[] { true, false })
                cases.Add(height, width, channels, down, across, relu, rate, reduced);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_gives_what_pooling_ReLU_and_dropout_give(
        int height,
        int width,
        int channels,
        int down,
        int across,
        bool relu,
        double rate,
        bool reduced
    )
    {
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var type = reduced ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
        var (pool, activation, dropout) = Kernels(new Shape(height, width, channels), new Window(down, across), rate);
        using var fused = new KernelHarness(
            new PooledActivationKernel(pool, relu ? Relu(pool) : null, dropout),
            type: type
        );
        using var apart = new KernelHarness(
            new KernelSequence("apart", pool.Input, relu ? [pool, activation, dropout] : [pool, dropout]),
            type: type
        );
        var x = KernelHarness.Values(3, pool.Input, seed: 1).to_type(type);
        var g = KernelHarness.Values(3, pool.Output, seed: 2).to_type(type);

        // bf16 rounds the mask's 1 / (1 - rate) where the parts go one by one.
        var limit = reduced && rate > 0 ? 0.01 : 0;
        AssertEqual(apart.Forward(x), fused.Forward(x), limit);
        AssertEqual(apart.Backward(g)!, fused.Backward(g)!, limit);
    }

    [Theory]
    [InlineData(true, 16)]
    [InlineData(true, 32)]
    [InlineData(false, 16)]
    public void Infinities_subnormal_numbers_and_NaN_of_either_sign_come_through(bool reduced, int channels)
    {
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var type = reduced ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
        var (pool, _, _) = Kernels(new Shape(2, 2, channels), new Window(2, 2), rate: 0);
        using var harness = new KernelHarness(new PooledActivationKernel(pool, null, null), type: type);
        float[] first =
        [
            float.NaN,
            -float.NaN,
            float.PositiveInfinity,
            float.NegativeInfinity,
            1e-40f,
            -1e-40f,
            0f,
            -0f,
            float.MaxValue,
            -1,
            2,
            3,
            4,
            5,
            6,
            7,
        ];
        float[] all = [.. Enumerable.Repeat(first, channels / first.Length).SelectMany(v => v)];
        var x = torch.full([1, 2, 2, channels], float.NegativeInfinity);
        x[0, 0, 0] = torch.tensor(all);

        var y = harness.Forward(x.permute(0, 3, 1, 2).to_type(type)).to_type(torch.ScalarType.Float32);

        var expected = torch.tensor(all).to_type(type).to_type(torch.ScalarType.Float32).data<float>().ToArray();
        Assert.Equal(expected, y.contiguous().data<float>().ToArray());
    }

    [Theory]
    [InlineData(true, 16)]
    [InlineData(true, 32)]
    [InlineData(false, 16)]
    public void Outside_training_nothing_is_dropped(bool reduced, int channels)
    {
        LibTorch.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var type = reduced ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
        var (pool, activation, dropout) = Kernels(new Shape(4, 4, channels), new Window(2, 2), rate: 0.5);
        using var with = new KernelHarness(new PooledActivationKernel(pool, Relu(pool), dropout), type: type);
        using var apart = new KernelHarness(new KernelSequence("apart", pool.Input, [pool, activation]), type: type);
        with.Pass.Training = false;
        var x = KernelHarness.Values(2, pool.Input, seed: 3).to_type(type);

        AssertEqual(apart.Forward(x), with.Forward(x), limit: 0);
    }

    [Fact]
    public void Loops_refuse_memory_of_the_wrong_size()
    {
        var geometry = new PoolGeometry(4, 4, 16, new Window(2, 2));
        var offsets = geometry.Offsets();

        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PoolLoops.Forward(new float[255], new float[64], new byte[64], geometry, offsets, true, [], 1)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PoolLoops.Backward(new float[64], new byte[63], new float[256], geometry, offsets, 1)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PoolLoops.Forward(new float[256], new float[64], new byte[64], geometry, offsets, true, new ushort[3], 1)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            BFloat16PoolLoops.Forward(new ushort[256], new ushort[63], [], geometry, offsets, true, [], 1)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            BFloat16PoolLoops.Forward(new ushort[256], new ushort[64], [], geometry, offsets, true, new ushort[3], 1)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            BFloat16PoolLoops.Backward(new ushort[64], new byte[64], new ushort[257], geometry, offsets, 1)
        );
    }

    [Fact]
    public void The_planner_fuses_pools_with_what_is_around_them_and_leaves_what_the_loops_can_not_do()
    {
        var tutorial = Plan(new Model(Networks.TutorialConv, new Shape(28, 28, 1)));
        var narrow = Plan(new Model([new ConvLayer(8), new MaxPoolLayer(new(2, 2))], new Shape(28, 28, 1)));
        var first = Plan(new Model([new ConvLayer(16), new MaxPoolLayer(new(2, 2))], new Shape(28, 28, 1)));
        var overlapping = Plan(
            new Model([new ConvLayer(16), new MaxPoolLayer(new(3, 3)) { Stride = new(2, 2) }], new Shape(28, 28, 1))
        );

        Assert.Equal(["FirstConvKernel", "ConvKernel", "FlattenKernel", "DenseLoopsKernel"], tutorial.Take(4));
        Assert.Equal(["FirstConvKernel", "MaxPoolKernel"], narrow);
        Assert.Equal(["FirstConvKernel", "PooledActivationKernel"], first);
        Assert.Equal(["FirstConvKernel", "MaxPoolKernel"], overlapping);

        static IEnumerable<string> Plan(Model model) =>
            ExecutionPlan
                .Create(model.Kernels, new PlanRequest(Precision.Float32, Workers: 1, Training: true, ToLogits: true))
                .Network.Children.Select(kernel => kernel.GetType().Name);
    }

    private static (MaxPoolKernel, ActivationKernel, DropoutKernel) Kernels(Shape input, Window window, double rate)
    {
        var pool = (MaxPoolKernel)new MaxPoolLayer(window).Lower("pool", input).Single();
        return (
            pool,
            new ActivationKernel("relu", pool.Output, Activation.ReLU, 0),
            new DropoutKernel("dropout", pool.Output, rate)
        );
    }

    private static void AssertEqual(torch.Tensor expected, torch.Tensor found, double limit)
    {
        var (a, b) = (Values(expected), Values(found));
        for (var i = 0; i < a.Length; i++)
            Assert.True(Math.Abs(a[i] - b[i]) <= limit * Math.Abs(a[i]), $"{i}: {b[i]} instead of {a[i]}");

        static float[] Values(torch.Tensor tensor) =>
            tensor.to_type(torch.ScalarType.Float32).contiguous().data<float>().ToArray();
    }

    private static ActivationKernel Relu(MaxPoolKernel pool) => new("relu", pool.Output, Activation.ReLU, alpha: 0);
}
