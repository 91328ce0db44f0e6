namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// One direction of a <see cref="GatherConv{TWide}"/>: which numbers of a source each number of a target is a sum of. Forward the source is an image and the
/// target its outputs; backward the source is the gradients of outputs and the target those of an image.
/// </summary>
/// <remarks>
/// Sources are read from a band, which is some of their rows in fp32 with zeros around them, or from the source itself where that is the same. A block is some
/// rows of the target, or whole images; a stride makes rows of as many kinds, and a row of each kind is one unit.
/// </remarks>
internal sealed unsafe class WindowMap<TWide>
    where TWide : struct, IWide<TWide>
{
    /// <summary>Bytes of a band. With the weights it fits into the second-level cache.</summary>
    private const int BandBytes = 256 * 1024;

    /// <summary>Pixels of a block whose channels are many.</summary>
    private const int FewestPixels = 256;

    /// <summary>The numbers of a block's pixels, in the source and in the target. Where channels are few, smaller blocks would take longer to begin than to compute.</summary>
    private const int BlockNumbers = 16 * 1024;

    private readonly Shape _source;
    private readonly int _numbers;
    private readonly int _groupNumbers;
    private readonly int _step;
    private readonly int _top;
    private readonly int _left;
    private readonly int _bandRows;
    private readonly int _reach;
    private readonly nint _rowStep;
    private readonly nint _targetUnit;

    /// <param name="source">Height x width x channels.</param>
    /// <param name="target">Height x width x channels.</param>
    /// <param name="groups">The number of groups of both.</param>
    /// <param name="down">The target's rows and what they read.</param>
    /// <param name="across">Its columns.</param>
    /// <param name="step">The distance between the pixels that neighbouring pixels of a phase read.</param>
    public WindowMap(Shape source, Shape target, int groups, TapPhase[] down, TapPhase[] across, Window step)
    {
        (_source, _step) = (source, step.Height);
        var (channels, numbers) = (source[2] / groups, target[2] / groups);
        (_numbers, _groupNumbers) = (target[2], numbers);
        Panels = new(numbers);
        (_top, var bottom) = TapPhase.Padding(down, source[0], step.Height);
        (_left, var right) = TapPhase.Padding(across, source[1], step.Width);
        IsInPlace = _top == 0 && bottom == 0 && _left == 0 && right == 0;
        _rowStep = (nint)(_left + source[1] + right) * source[2];
        _bandRows = _top + source[0] + bottom;
        _reach = down.SelectMany(phase => phase.Taps).Select(tap => tap.Offset).Prepend(0).Max();
        _targetUnit = (nint)down[0].Step * target[1] * target[2];
        Units = down[0].Outputs;
        var imageStep = _bandRows * _rowStep;
        var pixels = Math.Max(FewestPixels, BlockNumbers / (source[2] + target[2]));
        var (images, rows) = (1, Math.Max(1, pixels / across[0].Outputs));
        var room = (int)Math.Min(int.MaxValue, BandBytes / sizeof(float) / _rowStep);
        rows = Math.Clamp((room - _top - _reach - 1) / step.Height + 1, 1, rows);
        if (rows >= Units)
            (images, rows) = (Math.Max(1, Math.Min(rows / Units, room / _bandRows)), Units);
        BlockUnits = images * rows;
        BandLength = Math.Max(images * imageStep, RowsOf(rows) * _rowStep) + TWide.Lanes;
        RowLength = (target[2] + TWide.Lanes - 1) / TWide.Lanes * TWide.Lanes + TWide.Lanes;

        Parts =
        [
            .. from vertical in down
            from horizontal in across
            select new WindowPart(vertical, horizontal) { Taps = Taps(vertical, horizontal, channels) },
        ];
        foreach (var part in Parts)
        {
            part.Spans = Spans(part, channels, groups);
            part.Pixels = Places(part, images, rows, imageStep, step.Height * _rowStep, step.Width * source[2]);
        }
        var dots = numbers * Parts.Sum(part => SpanLength(part) + WindowDots<TWide>.CostOfSum * TWide.Lanes);
        UsesDots = dots < Panels.Columns * Parts.Sum(part => part.Taps.Length);
        // Vectors along a window reach beyond its pieces, and so perhaps beyond the end of an image.
        IsInPlace &= !UsesDots || channels % TWide.Lanes == 0;
        nint weights = 0;
        foreach (var part in Parts)
        {
            var origin = part.Down.First * target[1] * target[2] + part.Across.First * target[2];
            var rowStep = (nint)part.Down.Step * target[1] * target[2];
            part.Targets = Places(part, images, rows, target.Size, rowStep, part.Across.Step * target[2], origin);
            part.Rows = [.. Enumerable.Range(0, part.Pixels.Length).Select(place => place * RowLength)];
            part.SpanPlaces = UsesDots ? SpanPlaces(part) : [];
            part.Weights = weights;
            part.GroupWeights = UsesDots ? (nint)numbers * SpanLength(part) : (nint)Panels.Columns * part.Taps.Length;
            weights += groups * part.GroupWeights;
        }
        WeightLength = weights;
        Pixels = Parts.Max(part => part.Pixels.Length);
    }

    /// <summary>The numbers of a group, in panels.</summary>
    public ColumnPanels<TWide> Panels { get; }

    /// <summary>The phases of rows and columns.</summary>
    public WindowPart[] Parts { get; }

    /// <summary>Whether there are so few numbers in a group that they are summed along windows, by <see cref="WindowDots{TWide}"/>.</summary>
    public bool UsesDots { get; }

    /// <summary>Whether a source in fp32 is its own band.</summary>
    public bool IsInPlace { get; }

    /// <summary>Units of an image.</summary>
    public int Units { get; }

    /// <summary>The most units of a block.</summary>
    public int BlockUnits { get; }

    /// <summary>The most pixels of a block's part.</summary>
    public int Pixels { get; }

    /// <summary>The length of a band.</summary>
    public nint BandLength { get; }

    /// <summary>The distance between rows of sums.</summary>
    public int RowLength { get; }

    /// <summary>The length of the weights.</summary>
    public nint WeightLength { get; }

    /// <summary>The pixels that a part has in a block.</summary>
    public int CountOf(WindowPart part, ConvBlock block)
    {
        var rows =
            block.Count >= Units
                ? block.Count / Units * part.Down.Outputs
                : Math.Clamp(part.Down.Outputs - block.First, 0, block.Count);
        return rows * part.Across.Outputs;
    }

    /// <summary>How many pixels' sums can be stored where they belong, in fp32: not the last ones if what is stored beyond them isn't written afterwards.</summary>
    /// <param name="part">The pixels' part.</param>
    /// <param name="count">How many pixels it has in a block.</param>
    public int DirectCount(WindowPart part, int count)
    {
        if (UsesDots)
            return 0;
        var beyond = Panels.Columns - _groupNumbers;
        if (beyond == 0)
            return count;
        // The next numbers belong to the next group, or, with a stride, to another part.
        if (_groupNumbers < _numbers || Parts.Length > 1)
            return 0;
        var together = WindowProducts<TWide>.Together(Panels.Panels[^1].Width);
        return Math.Max(0, count - (beyond - 1) / _numbers - 1) / together * together;
    }

    /// <summary>The length of a window in whole vectors, piece by piece.</summary>
    public static int SpanLength(WindowPart part) => part.Spans.Sum(WholeLength);

    /// <summary>The length of a piece in whole vectors.</summary>
    private static int WholeLength(WindowSpan span) => (span.Length + TWide.Lanes - 1) / TWide.Lanes * TWide.Lanes;

    /// <summary>Where a block begins in its image of the target.</summary>
    public nint TargetOf(ConvBlock block) => block.First * _targetUnit;

    /// <summary>A block's windows in runs that leave out padding, where that pays.</summary>
    /// <param name="part">The windows' part.</param>
    /// <param name="block">The block.</param>
    /// <param name="count">How many windows of it, from the first.</param>
    /// <param name="byTaps">Whether taps are computed together, for gradients of weights, and not windows.</param>
    public WindowRun[] Runs(WindowPart part, ConvBlock block, int count, bool byTaps)
    {
        var key = new RunKey(block.First, count, byTaps);
        if (part.Runs.TryGetValue(key, out var runs))
            return runs;
        var isPadded = block.Count <= Units && _bandRows > _source[0] && count % part.Across.Outputs == 0;
        var together = WindowProducts<TWide>.Together(Panels.Panels[0].Width);
        runs =
            !isPadded ? [new(0, count, 0, part.Taps.Length)]
            : byTaps ? WindowRun.ByTaps(part, block, count, _source[0], _step, together)
            : WindowRun.ByWindows(part, block, count, _source[0], _step, together);
        return part.Runs.GetOrAdd(key, runs);
    }

    /// <summary>The memory of the block after one.</summary>
    /// <param name="memory">That of all images.</param>
    /// <param name="size">Numbers of an image.</param>
    /// <param name="images">How many images there are.</param>
    /// <param name="block">The block.</param>
    public MemoryAhead Ahead<T>(T* memory, int size, int images, ConvBlock block)
        where T : unmanaged =>
        MemoryAhead.Of(memory, size, images, Units, (long)block.Image * Units + block.First + block.Count, block.Count);

    /// <summary>Brings a block's rows of the source into the band, unless they are one.</summary>
    /// <param name="source">All images of the source.</param>
    /// <param name="outputs">If they are gradients behind a ReLU, its outputs; otherwise null.</param>
    /// <param name="block">Which units.</param>
    /// <param name="band">Memory for the band.</param>
    /// <returns>The band's first number.</returns>
    public float* Read<T>(T* source, T* outputs, ConvBlock block, float* band)
        where T : unmanaged
    {
        var first = block.First * _step - _top;
        if (typeof(T) == typeof(float) && IsInPlace && outputs == null)
            return (float*)source + (nint)block.Image * _source.Size + (nint)first * _rowStep;
        var whole = block.Count >= Units;
        var (images, rows) = whole ? (block.Count / Units, _bandRows) : (1, RowsOf(block.Count));
        for (var image = 0; image < images; image++)
        for (var row = 0; row < rows; row++)
        {
            var y = first + row;
            var target = band + (image * _bandRows + row) * _rowStep;
            var at = (nint)(block.Image + image) * _source.Size + (nint)y * _source[1] * _source[2];
            if ((uint)y >= (uint)_source[0])
                new Span<float>(target, (int)_rowStep).Clear();
            else
                OutputLoops<TWide>.Widen(
                    source + at,
                    outputs == null ? null : outputs + at,
                    target + _left * _source[2],
                    _source[1] * _source[2]
                );
        }
        return band;
    }

    /// <summary>The rows of the source that some units read.</summary>
    private int RowsOf(int units) => (units - 1) * _step + _top + _reach + 1;

    /// <summary>The offset of a pixel in the band, from the window's.</summary>
    private int Offset(Tap down, int column) =>
        checked((int)((down.Offset + _top) * _rowStep + (nint)(column + _left) * _source[2]));

    /// <summary>Where each number of a window is among its weights in whole vectors.</summary>
    private static int[] SpanPlaces(WindowPart part)
    {
        var places = new List<int>();
        var start = 0;
        foreach (var span in part.Spans)
        {
            places.AddRange(Enumerable.Range(start, span.Length));
            start += WholeLength(span);
        }
        return [.. places];
    }

    private int[] Taps(TapPhase down, TapPhase across, int channels) =>
        [
            .. from y in down.Taps
            from x in across.Taps
            from channel in Enumerable.Range(0, channels)
            select Offset(y, x.Offset) + channel,
        ];

    /// <summary>The pieces of a window: all channels of neighbouring pixels, or a group's channels of one.</summary>
    private WindowSpan[] Spans(WindowPart part, int channels, int groups)
    {
        var spans =
            from y in part.Down.Taps
            from run in part.Across.Runs
            from span in groups == 1
                ? new[] { (run.Offset, run.Count) }
                : Enumerable.Range(run.Offset, run.Count).Select(column => (Offset: column, Count: 1))
            select new WindowSpan(Offset(y, span.Offset), span.Count * channels);
        return [.. spans];
    }

    /// <summary>Where the pixels of a part are, image by image, row by row.</summary>
    private static int[] Places(
        WindowPart part,
        int images,
        int rows,
        nint imageStep,
        nint rowStep,
        nint pixelStep,
        int origin = 0
    ) =>
        [
            .. from image in Enumerable.Range(0, images)
            from row in Enumerable.Range(0, Math.Min(rows, part.Down.Outputs))
            from column in Enumerable.Range(0, part.Across.Outputs)
            select checked((int)(image * imageStep + row * rowStep + column * pixelStep)) + origin,
        ];
}
