using TorchSharp;

namespace PSConvNet.Benchmarks.Kernels;

/// <summary>One kernel, or several in a row, on one worker outside any session: forward and backward of a share of a batch.</summary>
internal sealed class KernelBench : IDisposable
{
    private readonly WorkerTeam _team = new(1);
    private readonly KernelSequence _kernels;
    private readonly ComputeWeights _weights;
    private readonly KernelContext _context;
    private readonly WorkerGradients _gradients;
    private readonly Batch _input;
    private readonly Batch _outputGradient;
    private readonly WorkerPass _pass;

    /// <summary>Makes everything ready.</summary>
    /// <param name="owners">The kernels whose parameters there are.</param>
    /// <param name="run">Those that are run: <paramref name="owners"/>, or what takes their place.</param>
    /// <param name="count">Samples.</param>
    /// <param name="type">The precision.</param>
    /// <param name="first">Whether the kernels are a network's first, so that nothing asks for a gradient of their input.</param>
    public KernelBench(
        IReadOnlyList<Kernel> owners,
        IReadOnlyList<Kernel> run,
        int count,
        torch.ScalarType type,
        bool first = false
    )
    {
        _kernels = new KernelSequence("bench", owners[0].Input, run);
        var store = new ParameterStore(owners);
        store.Initialize(seed: 1);
        _weights = new ComputeWeights(store, type, training: false);
        _gradients = new WorkerGradients();
        _pass = new WorkerPass(0, _team) { Training = true, BatchCount = count };
        _context = new KernelContext(_kernels, _pass, _weights, _gradients);
        if (first)
            _context.Children[0].NeedsInputGradient = false;
        _input = Normal(count, _kernels.Input, type, seed: 1);
        _outputGradient = Normal(count, _kernels.Output, type, seed: 2);
    }

    /// <summary>Forward and backward, once.</summary>
    public void Run()
    {
        using var scope = torch.NewDisposeScope();
        _pass.RandomKey++;
        _kernels.Prepare(_context, 0, 1);
        _kernels.Forward(_input, _context);
        _kernels.Backward(_outputGradient, _context);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _context.Dispose();
        _weights.Dispose();
        _gradients.Dispose();
        _input.Values.Dispose();
        _outputGradient.Values.Dispose();
        _team.Dispose();
    }

    /// <summary>A batch of normally distributed numbers.</summary>
    private static Batch Normal(int count, Shape shape, torch.ScalarType type, long seed)
    {
        torch.manual_seed(seed);
        using var scope = torch.NewDisposeScope();
        var batch = torch.randn([count, .. shape.Dimensions.Select(d => (long)d)]).to_type(type);
        return Batch.Of(batch.MoveToOuterDisposeScope(), shape);
    }
}
