using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>Images and labels as a session reads them.</summary>
/// <param name="Pixels">All images, one after another.</param>
/// <param name="Labels">One class index an image; may be empty where only outputs are wanted.</param>
internal readonly record struct Samples(ReadOnlyMemory<byte> Pixels, ReadOnlyMemory<int> Labels);

/// <summary>Applies one optimizer step to a segment of the flat parameters.</summary>
internal delegate void SegmentUpdate(int offset, Span<float> weights, ReadOnlySpan<float> gradients);

/// <summary>
/// A network ready to run: a plan, weights in the chosen precision, and one worker per core with its contexts. Divides each batch among
/// the workers, sums their gradients in a fixed order, and has each worker update its segment of the parameters.
/// </summary>
internal sealed class Session : IDisposable
{
    /// <summary>Images that a worker takes at a time outside training: enough to fill the vectors, few enough for the cache.</summary>
    private const int InferenceChunk = 64;

    /// <summary>Parameters from which on the memory of a finished training is worth a collection.</summary>
    private const int LargeModel = 1 << 20;

    private readonly KernelSequence _network;
    private readonly ParameterStore _store;
    private readonly IReadOnlyList<ParameterSlot> _trained;
    private readonly ComputeWeights _weights;
    private readonly WorkerTeam _team;
    private readonly SessionWorker[] _workers;

    // The most images that a worker can take at a time.
    private readonly int _most;

    // Whether a single image takes long enough for waking other workers to pay.
    private readonly bool _dividesImages;

    // Whether weights changed since kernels brought them into their own layouts.
    private bool _isStale;

    /// <summary>Plans a network and makes the workers.</summary>
    /// <param name="kernels">What computes the network's layers.</param>
    /// <param name="store">Their parameters.</param>
    /// <param name="request">What the network is run for, and on.</param>
    /// <param name="trained">What training changes; null for a session that doesn't train.</param>
    public Session(
        IReadOnlyList<Kernel> kernels,
        ParameterStore store,
        PlanRequest request,
        TrainedParameters? trained = null
    )
    {
        LibTorch.EnsureLoaded();
        _network = ExecutionPlan.Create(kernels, request).Network;
        _store = store;
        _trained = trained?.Slots ?? [];
        // Autograd can't use tensors that were made in inference mode, which the caller may have set.
        using var inference = torch.inference_mode(false);
        _weights = new ComputeWeights(store, request.Precision.TensorType(), training: trained is not null);
        _isStale = _network.HasOwnLayout;
        _most = LargestBatch(_network);
        _dividesImages = request.Workers > 1 && _network.DividesImages;
        _team = new WorkerTeam(request.Workers);
        _workers =
        [
            .. Enumerable
                .Range(0, request.Workers)
                .Select(i => new SessionWorker(i, _network, _weights, _team, trained)),
        ];
    }

    /// <summary>How many workers there are.</summary>
    public int Workers => _team.Size;

    /// <summary>Outputs per sample.</summary>
    public int OutputSize => _network.Output.Size;

    /// <summary>
    /// The number of workers that suits the machine and the batch: one per core, but at least eight samples for each.
    /// </summary>
    /// <param name="requested">The number that the user gave; 0 to choose.</param>
    /// <param name="batchSize">Samples per batch.</param>
    public static int WorkerCount(int requested, int batchSize) =>
        requested > 0 ? requested : Math.Clamp(batchSize / 8, 1, Environment.ProcessorCount);

    /// <summary>Forward, backward and one optimizer step on a batch.</summary>
    /// <param name="samples">The images and labels.</param>
    /// <param name="rows">The batch: indices into the samples; at least one.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="randomKey">The key of this step's random numbers.</param>
    /// <param name="update">The optimizer's step; called once for each segment, from several threads at a time.</param>
    /// <param name="changes">Changes to the images, such as augmentation, one for each worker; or null.</param>
    /// <returns>The sum of the batch's losses, and its hits, before the step.</returns>
    /// <exception cref="ConvNetException"><c>ModelTooLarge</c>: a worker's share of the batch is too large.</exception>
    public LossShare TrainBatch(
        Samples samples,
        ReadOnlyMemory<int> rows,
        LossFunction loss,
        ulong randomKey,
        SegmentUpdate update,
        IReadOnlyList<IImageChange>? changes = null
    )
    {
        var active = Math.Min(_team.Size, rows.Length);
        var largest = (rows.Length + active - 1) / active;
        if (largest > _most)
        {
            throw new ConvNetException(
                ErrorIds.ModelTooLarge,
                ErrorKind.InvalidArgument,
                $"The values of {Counted.Of(largest, "image"):text} in one layer, which is a worker's share of a batch, don't fit into two gigabytes: set TrainingOptions.BatchSize to {_most * active} or less.",
                rows.Length
            );
        }
        var shares = new LossShare[active];
        _team.Run(
            active,
            index =>
            {
                var worker = _workers[index];
                var (first, count) = Share(rows.Length, active, index);
                worker.Pass.Training = true;
                worker.Pass.RandomKey = randomKey;
                worker.Pass.FirstRow = first;
                worker.Pass.BatchCount = rows.Length;
                worker.Gradients!.StartStep();

                Prepare(index, active);

                var mine = rows.Span.Slice(first, count);
                var outputs = _network.Forward(Gather(samples.Pixels.Span, mine, changes?[index]), worker.Context);
                Span<int> labels = count <= 256 ? stackalloc int[count] : new int[count];
                for (var i = 0; i < count; i++)
                    labels[i] = samples.Labels.Span[mine[i]];
                shares[index] = loss.Compute(outputs, labels, rows.Length, out var gradient);
                _network.Backward(gradient, worker.Context);

                _team.Meet();
                UpdateSegment(index, active, update);
            }
        );
        _isStale = _network.HasOwnLayout;
        // In the workers' order, so that rounding is the same each time.
        return shares.Aggregate((a, b) => new LossShare(a.Sum + b.Sum, a.Correct + b.Correct));
    }

    /// <summary>The network's outputs in fp32, computed as outside training.</summary>
    /// <param name="pixels">All images.</param>
    /// <param name="rows">Which of them.</param>
    /// <param name="outputs">Receives <see cref="OutputSize"/> values per row; those of an image channel by channel, as ONNX has them.</param>
    /// <param name="changes">Changes to the images, such as augmentation, one for each worker; or null.</param>
    public void Infer(
        ReadOnlyMemory<byte> pixels,
        ReadOnlyMemory<int> rows,
        Memory<float> outputs,
        IReadOnlyList<IImageChange>? changes = null
    )
    {
        if (rows.IsEmpty)
            return;
        if (rows.Length == 1 && _dividesImages)
        {
            InferOne(pixels, rows, outputs, changes?[0]);
            return;
        }
        var active = Math.Min(_team.Size, rows.Length);
        var size = Math.Min(Math.Min(InferenceChunk, _most), (rows.Length + active - 1) / active);
        var next = -1;
        _team.Run(
            active,
            index =>
            {
                _workers[index].Pass.Training = false;
                Prepare(index, active);
                // Each worker takes the next chunk when it is free, so that none waits for one whose core is busy with something else.
                for (var first = Next(); first < rows.Length; first = Next())
                {
                    using var scope = torch.NewDisposeScope();
                    var chunk = rows.Slice(first, Math.Min(size, rows.Length - first));
                    Infer(_workers[index], pixels, chunk, outputs.Slice(first * OutputSize), changes?[index]);
                }
            }
        );
        _isStale = false;

        int Next() => Interlocked.Increment(ref next) * size;
    }

    /// <summary>One image by one worker, whom the others help.</summary>
    private void InferOne(
        ReadOnlyMemory<byte> pixels,
        ReadOnlyMemory<int> rows,
        Memory<float> outputs,
        IImageChange? change
    )
    {
        var worker = _workers[0];
        _team.RunHelped(divided =>
        {
            worker.Pass.Training = false;
            if (_isStale)
                _network.Prepare(worker.Context, part: 0, parts: 1);
            worker.Pass.Divided = divided;
            try
            {
                Infer(worker, pixels, rows, outputs, change);
            }
            finally
            {
                worker.Pass.Divided = null;
            }
        });
        _isStale = false;
    }

    private void Infer(
        SessionWorker worker,
        ReadOnlyMemory<byte> pixels,
        ReadOnlyMemory<int> rows,
        Memory<float> outputs,
        IImageChange? change
    )
    {
        var result = _network.Forward(Gather(pixels.Span, rows.Span, change), worker.Context);
        Read(result, outputs.Span[..(rows.Length * OutputSize)]);
    }

    /// <summary>Updates the copy of the weights after the store was written to between passes.</summary>
    public void RefreshWeights()
    {
        _weights.Refresh(0, _store.Values.Length);
        _isStale = _network.HasOwnLayout;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _team.Dispose();
        foreach (var worker in _workers)
            worker.Dispose();
        _weights.Dispose();
        if (_trained.Count > 0)
            GiveMemoryBack();
    }

    /// <summary>Gives back what a training took, which is several times what its model takes.</summary>
    private void GiveMemoryBack()
    {
        KeptMemory.GiveBack();
        // The optimizer's state and copies of the weights: the garbage collector would leave large arrays until memory gets short.
        if (_store.Values.Length >= LargeModel)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
    }

    /// <summary>How many images' values fit into the two gigabytes that a tensor's memory can be read and written in.</summary>
    private static int LargestBatch(KernelSequence network)
    {
        var largest = network.SelfAndDescendants().Max(kernel => Math.Max(kernel.Input.Size, kernel.Output.Size));
        return Math.Max(1, int.MaxValue / sizeof(float) / largest);
    }

    private static void Read(Batch result, Span<float> outputs)
    {
        result.Numbers.Read(0, outputs);
        if (result.Shape is { Rank: 3 } image)
            ChannelOrder.ToFirst(outputs, image[0] * image[1], image[2]).CopyTo(outputs);
    }

    /// <summary>Has the workers bring changed weights into the kernels' own layouts, each a part, before any of them computes.</summary>
    private void Prepare(int index, int active)
    {
        if (!_isStale)
            return;
        _network.Prepare(_workers[index].Context, index, active);
        _team.Meet();
    }

    /// <summary>One of several nearly equal parts of <paramref name="total"/>.</summary>
    private static (int First, int Count) Share(int total, int parts, int index)
    {
        var first = (int)((long)total * index / parts);
        return (first, (int)((long)total * (index + 1) / parts) - first);
    }

    private Batch Gather(ReadOnlySpan<byte> pixels, ReadOnlySpan<int> rows, IImageChange? change = null)
    {
        var batch = Batch.Empty(rows.Length, _network.Input, _weights.Type);
        PixelConversion.Gather(pixels, rows, _network.Input.Size, batch.Memory<byte>(), batch.Type, change);
        return batch;
    }

    /// <summary>
    /// Sums the gradients, adds penalties, takes the optimizer's step and updates the copy of the weights for one worker's segment,
    /// a block at a time, so that the values stay in the cache.
    /// </summary>
    private void UpdateSegment(int index, int active, SegmentUpdate update)
    {
        // Segments end between cache lines: two workers that write to the same one would slow each other down.
        const int line = 16;
        var (firstLine, lines) = Share(_trained.Sum(Lines), active, index);
        // Lines relative to the current slot; negative before its first one.
        var (begin, end) = (firstLine, firstLine + lines);
        var sum = _workers[index].Block.AsSpan();
        foreach (var slot in _trained)
        {
            var from = slot.Offset + Math.Max(begin, 0) * line;
            var to = slot.Offset + Math.Min(slot.Length, Math.Max(end, 0) * line);
            (begin, end) = (begin - Lines(slot), end - Lines(slot));
            for (var offset = from; offset < to; offset += sum.Length)
            {
                var gradients = sum[..Math.Min(sum.Length, to - offset)];
                for (var worker = 0; worker < active; worker++)
                    _workers[worker].Gradients!.Read(slot, offset - slot.Offset, gradients, add: worker > 0);
                var weights = _store.Values.AsSpan(offset, gradients.Length);
                if (slot.Spec.L2 > 0)
                    AddPenalty(gradients, weights, slot.Spec.L2);
                update(offset, weights, gradients);
                _weights.Refresh(offset, gradients.Length);
            }
        }

        static int Lines(ParameterSlot slot) => (slot.Length + line - 1) / line;
    }

    /// <summary>Adds ∂(λ Σ w²)/∂w = 2 λ w.</summary>
    private static void AddPenalty(Span<float> gradients, ReadOnlySpan<float> weights, double strength)
    {
        var twice = (float)(2 * strength);
        for (var i = 0; i < gradients.Length; i++)
            gradients[i] += twice * weights[i];
    }
}
