using TorchSharp;

namespace PSConvNet.Tests.Kernels;

/// <summary>
/// Runs a kernel, or another in its place with its parameters, on one worker, outside any session, on inputs the test chooses.
/// </summary>
internal sealed class KernelHarness : IDisposable
{
    private readonly WorkerTeam _team = new(1);
    private readonly ComputeWeights _weights;
    private readonly WorkerGradients _gradients;

    public KernelHarness(
        Kernel kernel,
        long seed = 1,
        torch.ScalarType type = torch.ScalarType.Float32,
        Kernel? replacement = null,
        bool frozen = false
    )
    {
        LibTorch.EnsureLoaded();
        Kernel = replacement ?? kernel;
        Store = new ParameterStore([kernel]);
        Store.Initialize(seed);
        // Biases start at zero; a test of their gradient wants them somewhere else.
        var random = new RandomStream(seed, 99);
        foreach (ref var value in Store.Values.AsSpan(0, Store.TrainableLength))
            value += (float)(random.NextGaussian() * 0.1);
        _weights = new ComputeWeights(Store, type, training: false);
        _gradients = new WorkerGradients();
        Pass = new WorkerPass(0, _team) { Training = true, RandomKey = 7 };
        var kept = frozen ? kernel.SelfAndDescendants().ToHashSet() : [];
        Context = new KernelContext(Kernel, Pass, _weights, _gradients, new TrainedParameters(Store, kept));
    }

    public Kernel Kernel { get; }

    public ParameterStore Store { get; }

    public WorkerPass Pass { get; }

    public KernelContext Context { get; }

    /// <summary>Batches as operators see them: N x C x H x W with channels-last strides for images, N x features for vectors.</summary>
    public static torch.Tensor Values(int count, Shape shape, long seed, double scale = 1)
    {
        var random = new RandomStream(seed, 5);
        var values = new float[count * shape.Size];
        foreach (ref var value in values.AsSpan())
            value = (float)(random.NextGaussian() * scale);
        var batch = torch.tensor(values, [count, .. shape.Dimensions.Select(d => (long)d)]);
        return shape.Rank == 3 ? batch.permute(0, 3, 1, 2) : batch;
    }

    public torch.Tensor Forward(torch.Tensor input)
    {
        Pass.BatchCount = (int)input.shape[0];
        Kernel.Prepare(Context, 0, 1);
        return Kernel.Forward(Batch.FromOperators(input, Kernel.Input), Context).ForOperators;
    }

    public torch.Tensor? Backward(torch.Tensor gradient) =>
        Kernel.Backward(Batch.FromOperators(gradient, Kernel.Output), Context)?.ForOperators;

    public float[] Gradient(ParameterSlot slot)
    {
        var values = new float[slot.Length];
        _gradients.Read(slot, 0, values, add: false);
        return values;
    }

    public void Dispose()
    {
        Context.Dispose();
        _weights.Dispose();
        _gradients.Dispose();
        _team.Dispose();
    }
}
