using System.Diagnostics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PSConvNet.Benchmarks.Measurements;

/// <summary>
/// The loop a TorchSharp user writes: nn.Sequential, optim.Adam, batches by index_select, default settings. It stands for what
/// PSConvNet would cost if it were a thin wrapper.
/// </summary>
internal sealed partial class PlainLoop(string name, Func<Module<Tensor, Tensor>> network, bool keepMemory = false)
    : Measurement(name)
{
    private const int BatchSize = 128;
    private const int Images = 20_000;

    /// <summary>The tutorial's network.</summary>
    public static PlainLoop Default { get; } = new("plain TorchSharp loop, fp32", PlainNetworks.TutorialConv);

    /// <summary>The same where glibc does not give freed memory back to the kernel: no default, and most users' unknown.</summary>
    public static PlainLoop KeepingMemory { get; } =
        new("plain TorchSharp loop, glibc keeping memory", PlainNetworks.TutorialConv, keepMemory: true);

    /// <summary>The deeper network.</summary>
    public static PlainLoop Deep { get; } = new("plain TorchSharp loop, DeepConv, fp32", PlainNetworks.Deep);

    /// <summary>The tutorial's network where everything is told to use AVX2 only.</summary>
    public static PlainLoop Avx2 { get; } =
        new("plain TorchSharp loop, AVX2 only, fp32", PlainNetworks.TutorialConv) { Variables = Avx2Only };

    /// <summary>How fast it trains.</summary>
    public Quantity Rate { get; } = new(name, "images/s");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Rate];

    /// <inheritdoc />
    public override int Rounds(bool quick) => this == Default && quick ? 2 : base.Rounds(quick);

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        if (keepMemory)
        {
            if (!OperatingSystem.IsLinux())
                return Outcome.NotMeasured("a system with glibc");
            KeepFreedMemory();
        }
        var data = Digits.Load().Train.Take(Images);
        using var x = tensor(Digits.ToFloats(data.Pixels.Span), [data.Count, 1, 28, 28]);
        using var y = tensor(data.Labels.ToArray().Select(label => (long)label).ToArray());
        using var module = network();
        using var optimizer = optim.Adam(module.parameters());
        module.train();
        StepsPerSecond(effort.WarmUp, module, optimizer, x, y);
        return Outcome.Of(BatchSize * StepsPerSecond(effort.Seconds, module, optimizer, x, y));
    }

    private static double StepsPerSecond(
        double seconds,
        Module<Tensor, Tensor> network,
        optim.Optimizer optimizer,
        Tensor x,
        Tensor y
    )
    {
        var clock = Stopwatch.StartNew();
        var steps = 0;
        for (; clock.Elapsed.TotalSeconds < seconds; steps++)
            Step(network, optimizer, x, y);
        return steps / clock.Elapsed.TotalSeconds;
    }

    private static void Step(Module<Tensor, Tensor> network, optim.Optimizer optimizer, Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var rows = randint(x.shape[0], [BatchSize], dtype: ScalarType.Int64);
        optimizer.zero_grad();
        var loss = functional.cross_entropy(network.call(x.index_select(0, rows)), y.index_select(0, rows));
        loss.backward();
        optimizer.step();
    }

    private static void KeepFreedMemory()
    {
        const int trimThreshold = -1; // M_TRIM_THRESHOLD
        const int mmapMaximum = -4; // M_MMAP_MAX
        _ = mallopt(mmapMaximum, 0);
        _ = mallopt(trimThreshold, int.MaxValue);
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);
}
