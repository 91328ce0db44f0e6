using System.Collections.Concurrent;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Those pixels of a target that read their windows in the same way.</summary>
/// <param name="down">Their rows.</param>
/// <param name="across">Their columns.</param>
internal sealed class WindowPart(TapPhase down, TapPhase across)
{
    /// <summary>Their rows.</summary>
    public TapPhase Down => down;

    /// <summary>Their columns.</summary>
    public TapPhase Across => across;

    /// <summary>The offset of each one's window in the band.</summary>
    public int[] Pixels { get; set; } = [];

    /// <summary>The offset of each one in the target.</summary>
    public int[] Targets { get; set; } = [];

    /// <summary>The offset of each one's row of sums.</summary>
    public int[] Rows { get; set; } = [];

    /// <summary>The offset of each number of a window.</summary>
    public int[] Taps { get; init; } = [];

    /// <summary>The same numbers in pieces that lie side by side.</summary>
    public WindowSpan[] Spans { get; set; } = [];

    /// <summary>If windows are summed along them, where each number is among its weights; otherwise empty.</summary>
    public int[] SpanPlaces { get; set; } = [];

    /// <summary>Where the weights begin.</summary>
    public nint Weights { get; set; }

    /// <summary>The length of a group's weights.</summary>
    public nint GroupWeights { get; set; }

    /// <summary>The runs of each block, of which there are few that differ. Made when they are first asked for.</summary>
    public ConcurrentDictionary<RunKey, WindowRun[]> Runs { get; } = new();
}

/// <summary>What the runs of a block depend on.</summary>
/// <param name="First">The block's first unit.</param>
/// <param name="Count">How many windows.</param>
/// <param name="ByTaps">Whether they are for gradients of weights.</param>
internal readonly record struct RunKey(int First, int Count, bool ByTaps);
