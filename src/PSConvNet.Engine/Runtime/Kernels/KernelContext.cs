using System.Diagnostics.CodeAnalysis;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>What all kernels of one worker share during a pass.</summary>
internal sealed class WorkerPass(int worker, WorkerTeam team)
{
    /// <summary>Whether a backward pass follows the forward pass.</summary>
    public bool Training { get; set; }

    /// <summary>The key of this step's random numbers, made from seed and step.</summary>
    public ulong RandomKey { get; set; }

    /// <summary>The position of this worker's first sample in the batch.</summary>
    public int FirstRow { get; set; }

    /// <summary>The number of samples in the whole batch, over all workers.</summary>
    public int BatchCount { get; set; }

    /// <summary>The worker's number; worker 0 updates the moving statistics.</summary>
    public int Worker { get; } = worker;

    /// <summary>The work that other workers help with; null where each has images of its own.</summary>
    public DividedWork? Divided { get; set; }

    /// <summary>Each worker's values, in the workers' order; all workers must call it.</summary>
    public IReadOnlyList<double[]> Gather(double[] values) => team.Gather(Worker, values);
}

/// <summary>The gradients that a training pass computes for a kernel.</summary>
[Flags]
internal enum WantedGradients
{
    /// <summary>None: neither the kernel nor any before it is trained.</summary>
    None = 0,

    /// <summary>With respect to its input.</summary>
    Input = 1,

    /// <summary>With respect to its parameters.</summary>
    Parameters = 2,
}

/// <summary>A kernel's parameters, gradients and memory, for one worker.</summary>
internal sealed class KernelContext : IDisposable
{
    private readonly ComputeWeights _all;
    private readonly Kernel _kernel;
    private readonly torch.Tensor[] _weights;
    private readonly WorkerGradients? _gradients;
    private object? _saved;
    private IDisposable? _layout;
    private IDisposable?[] _scratch = new IDisposable?[1];

    /// <summary>Makes the context of a kernel and of all within it.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="pass">What all kernels of the worker share.</param>
    /// <param name="weights">The parameters as tensors.</param>
    /// <param name="gradients">Where gradients go; null outside training.</param>
    /// <param name="trained">What is trained; null where nothing is frozen.</param>
    public KernelContext(
        Kernel kernel,
        WorkerPass pass,
        ComputeWeights weights,
        WorkerGradients? gradients,
        TrainedParameters? trained = null
    )
    {
        Pass = pass;
        _all = weights;
        _kernel = kernel.ParameterOwner;
        var slots = weights.Store.Of(kernel.ParameterOwner);
        _weights = new torch.Tensor[slots.Length];
        _gradients = gradients;
        for (var i = 0; i < slots.Length; i++)
            _weights[i] = weights.View(slots[i]);
        IsFrozen = trained?.IsFrozen(kernel) == true;
        Children = [.. kernel.Children.Select(child => new KernelContext(child, pass, weights, gradients, trained))];
    }

    /// <summary>What all kernels of this worker share.</summary>
    public WorkerPass Pass { get; }

    /// <summary>The contexts of <see cref="Kernel.Children"/>, in their order.</summary>
    public IReadOnlyList<KernelContext> Children { get; }

    /// <summary>False for the first layer that is trained: nothing before it uses the gradient.</summary>
    public bool NeedsInputGradient { get; set; } = true;

    /// <summary>Whether there are passes that go back, now or later.</summary>
    public bool Trains => _gradients is not null;

    /// <summary>Whether the kernel's parameters and moving statistics stay as they are.</summary>
    public bool IsFrozen { get; }

    /// <summary>Whether training changes the kernel or one within it.</summary>
    public bool Learns =>
        !IsFrozen && _kernel.Parameters.Any(parameter => parameter.Trainable) || Children.Any(child => child.Learns);

    /// <summary>The gradients that a training pass computes for the kernel; if none, its forward pass doesn't have to save anything.</summary>
    public WantedGradients Wanted =>
        (NeedsInputGradient ? WantedGradients.Input : WantedGradients.None)
        | (!IsFrozen && _weights.Length > 0 ? WantedGradients.Parameters : WantedGradients.None);

    /// <summary>The kernel's weights in its own layout, which all workers share; made where they aren't there yet.</summary>
    public T Layout<T>(Func<T> make)
        where T : class, IDisposable => (T)(_layout ??= _all.Layout(_kernel, make));

    /// <summary>The memory for the kernel's intermediate results; made where it isn't there yet.</summary>
    /// <param name="make">Makes it.</param>
    /// <param name="part">Which part of divided work needs it.</param>
    public T Scratch<T>(Func<T> make, int part = 0)
        where T : class, IDisposable => (T)(_scratch[part] ??= make());

    /// <summary>Does work at once, or divided among the workers if they help this one with its image.</summary>
    /// <param name="pays">Whether the work is large enough to be divided.</param>
    /// <param name="work">Does a part of it; parts may be done at the same time.</param>
    public void Divide(bool pays, Action<WorkPart> work)
    {
        if (!pays || Pass.Divided is not { } divided)
        {
            work(WorkPart.Whole);
            return;
        }
        if (_scratch.Length < divided.Parts)
            Array.Resize(ref _scratch, divided.Parts);
        divided.Divide(number => work(new WorkPart(number, divided.Parts)));
    }

    /// <summary>Keeps what the backward pass needs from the forward pass, in a type of the kernel's own; null for nothing.</summary>
    public void Save(object? state) => _saved = state;

    /// <summary>What the forward pass saved.</summary>
    public T Saved<T>()
        where T : class =>
        _saved as T ?? throw new InvalidOperationException($"{_kernel.Name} has no forward pass to go back through.");

    /// <summary>What the forward pass saved, if it saved anything.</summary>
    public bool TryGetSaved<T>([NotNullWhen(true)] out T? state)
        where T : class => (state = _saved as T) is not null;

    /// <summary>The parameter at <paramref name="index"/> of <see cref="Kernel.Parameters"/>, in its stored layout.</summary>
    public torch.Tensor Weight(int index) => _weights[index];

    /// <summary>
    /// The master copy of a parameter, in fp32. Moving statistics are written here and never to a tensor in
    /// place: all parameters are views of one tensor, and autograd treats a write to one as a write to all.
    /// </summary>
    public Span<float> Master(int index) => _all.Store.Span(_all.Store.Of(_kernel)[index]);

    /// <summary>The sum of the weights in the kernel's moving averages so far: 1 - momentum^steps.</summary>
    public ref float StatisticsWeight => ref _all.Store.Span(_all.Store.StatisticsWeight(_kernel))[0];

    /// <summary>Stores a parameter's gradient over this worker's samples, whatever its precision and strides.</summary>
    public void SetGradient(int index, torch.Tensor gradient) => Gradients.Set(_all.Store.Of(_kernel)[index], gradient);

    /// <summary>The same from memory in the parameter's stored layout.</summary>
    public void SetGradient(int index, ReadOnlySpan<float> gradient) =>
        Gradients.Set(_all.Store.Of(_kernel)[index], gradient);

    /// <summary>The memory of a parameter's gradient, in its stored layout, for a kernel that fills all of it.</summary>
    public Span<float> Gradient(int index) => Gradients.Span(_all.Store.Of(_kernel)[index]);

    private WorkerGradients Gradients =>
        _gradients ?? throw new InvalidOperationException("This pass has no gradients.");

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var weight in _weights)
            weight.Dispose();
        foreach (var scratch in _scratch)
            scratch?.Dispose();
        foreach (var child in Children)
            child.Dispose();
    }
}
