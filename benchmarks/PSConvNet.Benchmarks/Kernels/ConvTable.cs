using System.Text.RegularExpressions;
using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;
using TorchSharp;

namespace PSConvNet.Benchmarks.Kernels;

/// <summary>
/// Our own convolution against libtorch's, forward and backward on one thread, for each width of vectors that this processor has. Arithmetic is counted as the
/// definition does it: two operations for each weight and output, three times for forward and backward. More than the core's peak is
/// what Winograd's filtering saves. Those of one shape are measured in turns, so that gains, which are libtorch's time divided by ours, don't drift with the machine.
/// </summary>
internal static class ConvTable
{
    /// <summary>Measures and prints.</summary>
    /// <param name="lines">A regular expression; only lines whose names it matches are measured.</param>
    public static int Print(string lines)
    {
        LibTorch.EnsureLoaded();
        torch.set_num_threads(1);
        Console.WriteLine($"{CpuFeatures.Current}; 1 thread");
        Console.WriteLine($"A core's peak: {Peaks()}");
        Console.WriteLine();
        Console.WriteLine(
            $"  {"convolution", -37} {"", -11} {"forward ms", 10} {"gain", 6} {"GFLOP/s", 8} {"and backward ms", 16} {"gain", 6} {"GFLOP/s", 8}"
        );
        var gains = new List<Gain>();
        foreach (var shape in ConvShapes.All)
        {
            gains.AddRange(Rows<float>(shape, "fp32", new(lines)));
            gains.AddRange(Rows<ushort>(shape, "bf16", new(lines)));
        }
        Console.WriteLine();
        foreach (var same in gains.GroupBy(gain => gain.What))
            Console.WriteLine(
                $"  {same.Count()} of {same.Key}: forward {Summary(same.Select(gain => gain.Forward))}; with backward {Summary(same.Select(gain => gain.Both))}"
            );
        return 0;
    }

    private static string Summary(IEnumerable<double> gains) =>
        $"median {Statistics.Median(gains):N2}x, lowest {gains.Min():N2}x, {gains.Count(gain => gain < 1)} below 1x";

    private static IEnumerable<VectorWidth> Widths => Enum.GetValues<VectorWidth>().Where(VectorWidths.Has).Reverse();

    private static string Peaks() =>
        string.Join(", ", Widths.Select(width => $"{Peak(width):N0} GFLOP/s with {(int)width} bits"));

    /// <summary>The product kernel on matrices in the first-level cache.</summary>
    private static double Peak(VectorWidth width)
    {
        const int rows = 36;
        const int depth = 64;
        const int columns = 64;
        using var memory = new AlignedFloats(rows * depth + depth * columns + rows * columns);
        Action product = width switch
        {
            VectorWidth.Bits512 => () => Product<Wide512>(memory, rows, depth, columns),
            VectorWidth.Bits256 => () => Product<Wide256>(memory, rows, depth, columns),
            _ => () => Product<Wide128>(memory, rows, depth, columns),
        };
        const int times = 100;
        var seconds = Statistics.MedianSecondsOver(
            0.1,
            0.2,
            () =>
            {
                for (var i = 0; i < times; i++)
                    product();
            }
        );
        return 2.0 * times * rows * depth * columns / seconds / 1e9;
    }

    private static unsafe void Product<TWide>(AlignedFloats memory, int rows, int depth, int columns)
        where TWide : struct, IWide<TWide>
    {
        var left = memory.Pointer;
        var right = left + rows * depth;
        MatrixProduct.Compute<TWide>(
            new(left, depth),
            new(right, columns),
            new(right + depth * columns, columns),
            rows,
            depth,
            columns,
            add: false
        );
    }

    /// <summary>Measures those who compute a shape, and prints a line for each.</summary>
    private static List<Gain> Rows<T>(ConvShape shape, string precision, Regex lines)
        where T : unmanaged
    {
        var name = $"{shape.Name} {precision}";
        var subjects = new List<Subject>();
        if (lines.IsMatch($"{name} libtorch"))
        {
            var theirs = new LibtorchConvolution(shape, typeof(T) == typeof(float));
            subjects.Add(new("libtorch", theirs.Forward, theirs.Both) { Owner = theirs });
        }
        foreach (var width in Widths.Where(width => lines.IsMatch($"{name} {(int)width}")))
        {
            var ours = new OwnConvolution<T>(shape, width);
            subjects.Add(new($"{(int)width} bits", ours.Forward, ours.Both) { Owner = ours });
            if (ours.CanPool)
                subjects.Add(new($"{(int)width}, pooled", ours.ForwardPooled, ours.BothPooled) { Pools = true });
        }
        var forward = InTurns.MedianSeconds([.. subjects.Select(subject => subject.Forward)]);
        var both = InTurns.MedianSeconds([.. subjects.Select(subject => subject.Both)]);
        var gains = new List<Gain>();
        for (var i = 0; i < subjects.Count; i++)
        {
            Gain? gain = null;
            if (i > 0 && subjects[0].What == "libtorch")
                gain = new($"{precision}, {subjects[i].What}", forward[0] / forward[i], both[0] / both[i]);
            Write(name, subjects[i].What, shape.Operations, forward[i], both[i], gain);
            if (gain is not null && !subjects[i].Pools)
                gains.Add(gain);
            subjects[i].Owner?.Dispose();
        }
        return gains;
    }

    private static void Write(string name, string what, double operations, double forward, double both, Gain? gain) =>
        Console.WriteLine(
            $"  {name, -37} {what, -11} {Times(forward, operations, gain?.Forward, 10)} {Times(both, 3 * operations, gain?.Both, 16)}"
        );

    private static string Times(double seconds, double operations, double? gain, int width) =>
        $"{$"{seconds * 1e3:N2}".PadLeft(width)} {gain, 5:N2}{(gain is null ? ' ' : 'x')} {operations / seconds / 1e9, 8:N0}";

    /// <summary>One who computes a shape, and what must be disposed of afterwards.</summary>
    private sealed record Subject(string What, Action Forward, Action Both)
    {
        public IDisposable? Owner { get; init; }

        public bool Pools { get; init; }
    }

    /// <summary>How many times as fast as libtorch our own is. Pooling, which libtorch isn't asked for, doesn't count in medians.</summary>
    private sealed record Gain(string What, double Forward, double Both);
}
