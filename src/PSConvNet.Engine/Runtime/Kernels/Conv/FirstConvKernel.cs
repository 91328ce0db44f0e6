namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// The first convolution of a network, with the ReLU that follows it: its input has few channels and needs no gradient. Computes
/// with the fp32 master weights whatever the precision of the activations.
/// </summary>
/// <remarks>The loops get images with their padding around them, and whole vectors of filters, of which the last may be zeros.</remarks>
internal sealed class FirstConvKernel : Kernel
{
    private readonly ConvKernel _convolution;
    private readonly bool _relu;
    private readonly string[] _layers;
    private readonly ConvLoops _loops;
    private readonly FilterRows _rows;
    private readonly Shape _padded;

    public FirstConvKernel(ConvKernel convolution, ActivationKernel? relu)
        : base(convolution.Name, convolution.Input, convolution.Output)
    {
        _convolution = convolution;
        _relu = relu is not null;
        _layers = [convolution.Name, .. relu?.LayerNames ?? []];
        var (window, stride, _, edges, _) = convolution.Geometry;
        _padded = new Shape(Input[0] + edges.Top + edges.Bottom, Input[1] + edges.Left + edges.Right, Input[2]);
        _rows = new FilterRows(Output[1], Output[2]);
        _loops = new ConvLoops(_padded, new Shape(Output[0], Output[1], _rows.Whole), window, stride);
    }

    /// <inheritdoc />
    public override Kernel ParameterOwner => _convolution;

    /// <inheritdoc />
    public override IReadOnlyList<ParameterSpec> Parameters => _convolution.Parameters;

    /// <inheritdoc />
    public override IEnumerable<string> LayerNames => _layers;

    /// <inheritdoc />
    public override string Method => _relu ? "own loops: convolution, ReLU" : "own loops: convolution";

    /// <summary>Brings the kernel in for a network's first convolution, where its loops can compute it and are faster than libtorch.</summary>
    public static PlanRule Rule { get; } =
        new(
            "first convolution",
            (site, _) =>
            {
                if (!site.IsNetworkStart || site.Kernels is not [ConvKernel first, .. var rest] || !CanReplace(first))
                    return null;
                var relu = rest is [ActivationKernel { IsRelu: true } following, ..] ? following : null;
                return new Substitution(
                    relu is null ? 1 : 2,
                    [new FirstConvKernel(first, relu)],
                    "a window has few values, and the images need no gradient"
                );
            }
        );

    /// <summary>Whether the loops can compute this convolution, and are faster than libtorch.</summary>
    public static bool CanReplace(ConvKernel convolution) =>
        convolution.Geometry.Groups == 1
        && convolution.Geometry.Dilation == new Window(1, 1)
        && convolution.Output[1] >= ConvLoops.Pixels
        && convolution.Geometry.Window.Height * convolution.Geometry.Window.Width * convolution.Input[2] <= 32;

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context)
    {
        var output = Batch.Empty(input.Count, Output, input.Type);
        var kernel = NewKernel();
        context.Master(0).CopyTo(kernel);
        var weights = _loops.Transpose(kernel);
        var bias = new float[_rows.Whole];
        if (Parameters.Count > 1)
            context.Master(1).CopyTo(bias);
        var x = input.Numbers;
        var y = output.Numbers;
        var (pixels, padded, wide) = (new float[Input.Size], NewPadded(), new float[_loops.RowSize]);
        var packed = _rows.NewPacked();
        for (var i = 0; i < input.Count; i++)
        {
            var image = Padded(x.Widened(i * Input.Size, pixels), padded);
            for (var row = 0; row < Output[0]; row++)
            {
                _loops.Forward(image, row, weights, bias, _relu, wide);
                y.Write(i * Output.Size + row * _rows.Size, _rows.Pack(wide, packed));
            }
        }
        if (context.Pass.Training)
            context.Save(context.IsFrozen ? null : new Passed(input, output));
        return output;
    }

    /// <inheritdoc />
    public override Batch? Backward(Batch gradient, KernelContext context)
    {
        if (context.IsFrozen)
            return null;
        var (input, output) = context.Saved<Passed>();
        var sums = new float[_loops.WeightCount];
        var biasSums = new float[_rows.Whole];
        var x = input.Numbers;
        var y = output.Numbers;
        var g = gradient.Numbers;
        var (pixels, padded) = (new float[Input.Size], NewPadded());
        var (packed, other, wide) = (_rows.NewPacked(), new float[_rows.Size], new float[_loops.RowSize]);
        var masked = packed.AsSpan(0, _rows.Size);
        for (var i = 0; i < gradient.Count; i++)
        {
            var image = Padded(x.Widened(i * Input.Size, pixels), padded);
            // Row by row, so that a row's gradients stay in the first-level cache while all taps read them.
            for (var row = 0; row < Output[0]; row++)
            {
                var at = i * Output.Size + row * _rows.Size;
                g.Read(at, masked);
                if (_relu)
                    ReluLoops.Backward(masked, y.Widened(at, other));
                var gradients = _rows.Unpack(packed, wide);
                _loops.BackwardBias(gradients, biasSums);
                _loops.Backward(image, row, gradients, sums);
            }
        }
        var kernel = NewKernel();
        _loops.TransposeBack(sums, kernel);
        context.SetGradient(0, kernel.AsSpan(0, Parameters[0].Shape.Size));
        if (Parameters.Count > 1)
            context.SetGradient(1, biasSums.AsSpan(0, Output[2]));
        return null;
    }

    /// <summary>Room for weights as parameters have them, and those of the filters that fill up the last vector.</summary>
    private float[] NewKernel() => new float[Parameters[0].Shape.Size / Output[2] * _rows.Whole];

    /// <summary>Room for an image with its padding, which is 0 and stays so; empty if there is none.</summary>
    private float[] NewPadded() => _convolution.Geometry.Edges.IsNone ? [] : new float[_padded.Size];

    /// <summary>The image with its padding around it.</summary>
    private ReadOnlySpan<float> Padded(ReadOnlySpan<float> image, float[] padded)
    {
        if (padded.Length == 0)
            return image;
        var edges = _convolution.Geometry.Edges;
        var (row, paddedRow) = (Input[1] * Input[2], _padded[1] * Input[2]);
        for (var y = 0; y < Input[0]; y++)
            image.Slice(y * row, row).CopyTo(padded.AsSpan((y + edges.Top) * paddedRow + edges.Left * Input[2]));
        return padded;
    }

    private sealed record Passed(Batch Input, Batch Output);
}
