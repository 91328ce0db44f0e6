namespace PSConvNet.Runtime.Kernels;

/// <summary>A convolution whose channels are computed each by itself, with one filter per channel, by direct sums.</summary>
/// <remarks>
/// Each image is copied once, in fp32 and with its padding, so that the sums need no tests. A matrix product would have one column per channel.
/// The plain version is PlainConv in the tests.
/// </remarks>
internal sealed unsafe class DepthwiseConv<TWide> : ImageConv
    where TWide : struct, IWide<TWide>
{
    private readonly DepthwiseLoops<TWide> _loops;

    public DepthwiseConv(Shape input, Shape output, ConvGeometry geometry, VectorWidth width)
        : base(input, output, LengthOf(input, output, geometry), width)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(geometry.Groups, input[2]);
        ArgumentOutOfRangeException.ThrowIfNotEqual(output[2], input[2]);
        _loops = new(input, output, geometry);
    }

    /// <inheritdoc />
    protected override ConvSizes Sizes =>
        new(
            Inputs: _loops.ImageLength,
            Products: _loops.OutputLength,
            Work: 0,
            Bias: Output[2],
            Kernel: _loops.WeightLength,
            Images: _loops.ImageLength
        );

    /// <inheritdoc />
    protected override (nint Forward, nint Backward) WeightLengths => (_loops.WeightLength, 0);

    private int Taps => KernelLength / Output[2];

    /// <inheritdoc />
    protected override void TransformWeights(float* kernel, ConvWeights weights, ConvPart part)
    {
        var (first, end) = part.Of(Output[2]);
        for (var channel = (int)first; channel < end; channel++)
        for (var tap = 0; tap < Taps; tap++)
            weights.Forward.Pointer[tap * _loops.PixelStep + channel] = kernel[channel * Taps + tap];
    }

    /// <inheritdoc />
    protected override void ComputeForward<T>(
        T* images,
        int count,
        ConvWeights weights,
        bool relu,
        T* outputs,
        ConvScratch scratch,
        ConvPart part
    )
    {
        var (image, sums) = (scratch.Inputs, scratch.Products);
        // Whole images: the last of more parts than images has more than its share.
        var (first, end) = part.Of(count);
        for (var i = (int)first; i < end; i++)
        {
            _loops.Pad(images + (nint)i * Input.Size, image.Pointer);
            _loops.Forward(image.Pointer, weights.Forward.Pointer, sums.Pointer);
            OutputLoops<TWide>.Write(
                sums.Pointer,
                _loops.PixelStep,
                scratch.Bias.Pointer,
                relu,
                outputs + (nint)i * Output.Size,
                Output[2],
                Output[0] * Output[1],
                Output[2]
            );
        }
    }

    /// <inheritdoc />
    protected override void ComputeBackward<T>(
        T* images,
        int count,
        T* gradients,
        T* outputs,
        ConvWeights weights,
        ParameterGradients wanted,
        T* imageGradients,
        ConvScratch scratch
    )
    {
        var gradient = scratch.Products.Pointer;
        for (var i = 0; i < count; i++)
        {
            var at = (nint)i * Output.Size;
            OutputLoops<TWide>.Read(
                gradients + at,
                outputs == null ? null : outputs + at,
                Output[2],
                Output[0] * Output[1],
                Output[2],
                gradient,
                _loops.PixelStep,
                scratch.Bias.Pointer
            );
            if (wanted.Kernel)
            {
                _loops.Pad(images + (nint)i * Input.Size, scratch.Inputs.Pointer);
                _loops.AddKernel(scratch.Inputs.Pointer, gradient, scratch.Kernel.Pointer);
            }
            if (imageGradients == null)
                continue;
            scratch.Images.Clear();
            _loops.AddImage(gradient, weights.Forward.Pointer, scratch.Images.Pointer);
            _loops.Crop(scratch.Images.Pointer, imageGradients + (nint)i * Input.Size);
        }
    }

    /// <inheritdoc />
    protected override void FinishKernel(ConvScratch scratch, float* kernel)
    {
        for (var channel = 0; channel < Output[2]; channel++)
        for (var tap = 0; tap < Taps; tap++)
            kernel[channel * Taps + tap] = scratch.Kernel.Pointer[tap * _loops.PixelStep + channel];
    }
}
