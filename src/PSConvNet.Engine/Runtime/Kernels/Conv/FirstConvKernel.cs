namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// The first convolution of a network, with the ReLU that follows it: its input has few channels and needs no gradient. Computes
/// with the fp32 master weights whatever the precision of the activations.
/// </summary>
internal sealed class FirstConvKernel : Kernel
{
    private readonly ConvKernel _convolution;
    private readonly bool _relu;
    private readonly string[] _layers;
    private readonly ConvLoops _loops;

    public FirstConvKernel(ConvKernel convolution, ActivationKernel? relu)
        : base(convolution.Name, convolution.Input, convolution.Output)
    {
        _convolution = convolution;
        _relu = relu is not null;
        _layers = [convolution.Name, .. relu?.LayerNames ?? []];
        _loops = new ConvLoops(Input, Output, convolution.Geometry.Window, convolution.Geometry.Stride);
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
        convolution.Geometry.IsPlain
        && convolution.Output[2] % ConvLoops.Filters == 0
        && convolution.Output[1] >= ConvLoops.Pixels
        && convolution.Geometry.Window.Height * convolution.Geometry.Window.Width * convolution.Input[2] <= 32;

    /// <inheritdoc />
    public override Batch Forward(Batch input, KernelContext context)
    {
        var output = Batch.Empty(input.Count, Output, input.Type);
        var weights = _loops.Transpose(context.Master(0));
        var bias = Parameters.Count > 1 ? context.Master(1).ToArray() : new float[Output[2]];
        var x = input.Numbers;
        var y = output.Numbers;
        var (pixels, wide) = (new float[Input.Size], new float[_loops.RowSize]);
        for (var i = 0; i < input.Count; i++)
        {
            var image = x.Widened(i * Input.Size, pixels);
            for (var row = 0; row < Output[0]; row++)
            {
                _loops.Forward(image, row, weights, bias, _relu, wide);
                y.Write(i * Output.Size + row * wide.Length, wide);
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
        var biasSums = new float[Output[2]];
        var x = input.Numbers;
        var y = output.Numbers;
        var g = gradient.Numbers;
        var (pixels, masked, wide) = (new float[Input.Size], new float[_loops.RowSize], new float[_loops.RowSize]);
        for (var i = 0; i < gradient.Count; i++)
        {
            var image = x.Widened(i * Input.Size, pixels);
            // Row by row, so that a row's gradients stay in the first-level cache while all taps read them.
            for (var row = 0; row < Output[0]; row++)
            {
                var at = i * Output.Size + row * masked.Length;
                g.Read(at, masked);
                if (_relu)
                    ChannelLoops.ReluBackward(masked, y.Widened(at, wide));
                _loops.BackwardBias(masked, biasSums);
                _loops.Backward(image, row, masked, sums);
            }
        }
        var kernel = new float[Parameters[0].Shape.Size];
        _loops.TransposeBack(sums, kernel);
        context.SetGradient(0, kernel);
        if (Parameters.Count > 1)
            context.SetGradient(1, biasSums);
        return null;
    }

    private sealed record Passed(Batch Input, Batch Output);
}
