using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace PSConvNet.Benchmarks.Kernels;

/// <summary>
/// Each kernel of our own against libtorch's operators doing the same: 64 samples, which is a worker's share of a batch, forward
/// and backward on one thread, at the tutorial's shapes. One that loses should go.
/// </summary>
internal static class KernelTable
{
    private const int Count = 64;
    private const int Classes = 10;
    private static readonly Shape s_image = new(28, 28, 1);
    private static readonly Shape s_filtered = new(26, 26, 32);
    private static readonly Shape s_pooled = new(24, 24, 64);
    private static readonly Shape s_normed = new(14, 14, 64);

    /// <summary>Measures and prints.</summary>
    public static int Print()
    {
        // Ours and theirs alike: what is compared is arithmetic, not the allocator.
        LibTorch.EnsureLoaded();
        torch.set_num_threads(1);
        using var noGradient = torch.no_grad();
        Console.WriteLine(
            $"{CpuFeatures.Current}; TorchSharp {typeof(torch).Assembly.GetName().Version}; 1 thread, {Count} samples"
        );
        Console.WriteLine();
        Console.WriteLine($"  {"kernel", -52} {"ours ms", 9} {"libtorch ms", 12} {"gain", 7}");
        foreach (var type in (torch.ScalarType[])[torch.ScalarType.BFloat16, torch.ScalarType.Float32])
        {
            Convolution(type);
            Pooling(type);
            Activations(type);
            Dropout(type);
            BatchNorm(type);
            Loss(type);
            Pixels(type);
        }
        Dense();
        Optimizer();
        return 0;
    }

    private static void Convolution(torch.ScalarType type)
    {
        var steps = new ConvLayer(32) { Activation = Activation.ReLU }.Lower("conv", s_image);
        var ours = new FirstConvKernel((ConvKernel)steps[0], (ActivationKernel)steps[1]);
        var theirs = new LibtorchConv((ConvKernel)steps[0]);
        Compare(
            $"{nameof(FirstConvKernel)}: 3 x 3, 32 filters, ReLU",
            type,
            steps,
            [ours],
            [theirs, steps[1]],
            first: true
        );
    }

    private static void Pooling(torch.ScalarType type)
    {
        var pool = (MaxPoolKernel)new MaxPoolLayer(new(2, 2)).Lower("pool", s_pooled)[0];
        var relu = new ActivationKernel("relu", s_pooled, Activation.ReLU, alpha: 0);
        const double rate = 0.25;
        var dropout = new DropoutKernel("dropout", pool.Output, rate);
        Compare(
            $"{nameof(PooledActivationKernel)}: pool, ReLU",
            type,
            [pool],
            [new PooledActivationKernel(pool, relu, dropout: null)],
            [relu, pool]
        );
        Compare(
            $"{nameof(PooledActivationKernel)}: pool, ReLU, dropout",
            type,
            [pool],
            [new PooledActivationKernel(pool, relu, dropout)],
            [relu, pool, new LibtorchDropout(pool.Output, rate)]
        );
    }

    private static void Activations(torch.ScalarType type)
    {
        foreach (var function in (Activation[])[Activation.GELU, Activation.SiLU, Activation.Tanh])
        {
            var theirs = new ActivationKernel("activation", s_filtered, function, alpha: 0);
            var ours = new ActivationLoopsKernel(theirs);
            Compare($"{nameof(ActivationLoopsKernel)}: {function}", type, [theirs], [ours], [theirs]);
        }
        var pool = (MaxPoolKernel)new MaxPoolLayer(new(2, 2)).Lower("pool", s_pooled)[0];
        var gelu = new ActivationKernel("activation", s_pooled, Activation.GELU, alpha: 0);
        Compare(
            $"{nameof(ValleyPoolKernel)}: GELU, pool",
            type,
            [pool],
            [new ValleyPoolKernel(gelu, pool)],
            [gelu, pool]
        );
    }

    private static void Dropout(torch.ScalarType type)
    {
        var shape = new Shape(9216);
        var ours = new DropoutKernel("dropout", shape, 0.5);
        Compare($"{nameof(DropoutKernel)}: {shape}", type, [ours], [ours], [new LibtorchDropout(shape, 0.5)]);
    }

    private static void Dense()
    {
        var dense = (DenseKernel)new DenseLayer(128).Lower("dense", new Shape(9216))[0];
        Compare(
            $"{nameof(DenseLoopsKernel)}: 9216 to 128",
            torch.ScalarType.Float32,
            [dense],
            [new DenseLoopsKernel(dense)],
            [dense]
        );
    }

    private static void BatchNorm(torch.ScalarType type)
    {
        var ours = new BatchNormLayer().Lower("norm", s_normed)[0];
        var theirs = new LibtorchBatchNorm(s_normed, [.. ours.Parameters.Take(2)]);
        var label = $"{nameof(BatchNormKernel)}: {s_normed}";
        using var left = new KernelBench([ours], [ours], Count, type);
        using var right = new KernelBench([theirs], [theirs], Count, type);
        Row(label, type, left.Run, right.Run);
    }

    private static void Loss(torch.ScalarType type)
    {
        using var values = torch.randn(Count, Classes).to_type(type);
        var logits = Batch.Of(values, new Shape(Classes));
        int[] labels = [.. Enumerable.Range(0, Count).Select(i => i % Classes)];
        using var targets = torch.tensor(labels.Select(label => (long)label).ToArray());
        var kernel = new CrossEntropy(smoothing: 0);
        Row(
            $"{nameof(CrossEntropy)}: loss, hits, gradient",
            type,
            () =>
            {
                using var scope = torch.NewDisposeScope();
                kernel.Compute(logits, labels, Count, out _);
            },
            () =>
            {
                using var scope = torch.NewDisposeScope();
                using var gradientMode = torch.enable_grad();
                var leaf = values.detach().requires_grad_(true);
                var loss = functional.cross_entropy(leaf.to_type(torch.ScalarType.Float32), targets);
                torch.autograd.grad([loss], [leaf]);
                _ = values.argmax(1).eq(targets).sum().item<long>() + loss.item<float>();
            }
        );
    }

    private static void Pixels(torch.ScalarType type)
    {
        const int images = 10_000;
        var random = new Random(1);
        var pixels = new byte[images * s_image.Size];
        random.NextBytes(pixels);
        int[] rows = [.. Enumerable.Range(0, Count).Select(_ => random.Next(images))];
        using var all = torch.tensor(pixels, [images, s_image.Size]);
        using var indices = torch.tensor(rows.Select(row => (long)row).ToArray());
        Row(
            $"{nameof(PixelConversion)}: gather and scale",
            type,
            () =>
            {
                using var batch = torch.empty([Count, s_image.Size], type);
                PixelConversion.Gather(pixels, rows, s_image.Size, batch.bytes, type);
            },
            () =>
            {
                using var scope = torch.NewDisposeScope();
                all.index_select(0, indices).to_type(torch.ScalarType.Float32).div(255).to_type(type);
            }
        );
    }

    /// <summary>Adam over all parameters of the tutorial's network. In fp32 whatever the precision of the rest.</summary>
    private static void Optimizer()
    {
        var model = Networks.TutorialConv();
        var weights = model.Store.Values.AsMemory(0, model.Store.TrainableLength);
        var gradients = new float[weights.Length];
        var random = new Random(1);
        foreach (ref var gradient in gradients.AsSpan())
            gradient = (float)((random.NextDouble() - 0.5) * 1e-3);
        var state = new OptimizerState(new AdamOptimizer(), weights.Length);
        var parameters = model
            .Store.Slots.Select(slot => new TorchSharp.Modules.Parameter(
                torch.tensor(model.Store.Span(slot).ToArray())
            ))
            .ToArray();
        foreach (var (parameter, slot) in parameters.Zip(model.Store.Slots))
            parameter.grad = torch.tensor(gradients.AsSpan(slot.Offset, slot.Length).ToArray());
        using var optimizer = torch.optim.Adam(parameters);
        var step = 0;
        Row(
            $"Adam step: {model.TrainableParameterCount:N0} parameters",
            torch.ScalarType.Float32,
            () => state.Apply(weights.Span, gradients, 0, ++step, 1e-3),
            () => optimizer.step()
        );
    }

    private static void Compare(
        string what,
        torch.ScalarType type,
        IReadOnlyList<Kernel> owners,
        IReadOnlyList<Kernel> ours,
        IReadOnlyList<Kernel> theirs,
        bool first = false
    )
    {
        using var left = new KernelBench(owners, ours, Count, type, first);
        using var right = new KernelBench(owners, theirs, Count, type, first);
        Row(what, type, left.Run, right.Run);
    }

    /// <summary>Both by turns, three times each, so that a change of the clock hits them alike.</summary>
    private static void Row(string what, torch.ScalarType type, Action ours, Action theirs)
    {
        var (left, right) = (new List<double>(), new List<double>());
        for (var round = 0; round < 3; round++)
        {
            // The first round's warm-up is the one in which the loops are compiled for good.
            var warmUp = round == 0 ? 0.5 : 0.05;
            left.Add(Statistics.MedianSecondsOver(warmUp, 0.2, ours));
            right.Add(Statistics.MedianSecondsOver(warmUp, 0.2, theirs));
        }
        var (mine, other) = (Statistics.Median(left) * 1e3, Statistics.Median(right) * 1e3);
        var precision = type == torch.ScalarType.BFloat16 ? "bf16" : "fp32";
        Console.WriteLine($"  {what, -47} {precision} {mine, 9:N3} {other, 12:N3} {other / mine, 6:N2}x");
    }
}
