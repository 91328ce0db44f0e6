namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A convolution of images in channels-last order by loops of our own, in fp32 or bf16 (<c>ushort</c>); products are fp32. Immutable and shared by all
/// workers; each worker has a <see cref="ConvScratch"/>.
/// </summary>
/// <remarks>
/// The loops access memory without bounds checks, so lengths are checked here, once. Results don't depend on how the work is timed: every sum
/// has one order, which is that of the images. They do depend on the width of vectors in their last bits.
/// </remarks>
internal abstract unsafe class ImageConv(Shape input, Shape output, int kernelLength, VectorWidth width)
{
    /// <summary>Height x width x channels.</summary>
    public Shape Input { get; } = input;

    /// <summary>Height x width x filters.</summary>
    public Shape Output { get; } = output;

    /// <summary>The number of weights.</summary>
    public int KernelLength { get; } = kernelLength;

    /// <summary>The vectors that it computes with.</summary>
    public VectorWidth Width { get; } = width;

    /// <summary>How much memory a worker needs.</summary>
    protected abstract ConvSizes Sizes { get; }

    /// <summary>How many numbers the weights are in the layout of the loops.</summary>
    protected abstract (nint Forward, nint Backward) WeightLengths { get; }

    /// <summary>Makes the convolution of a shape, by the loops that are the fastest for it.</summary>
    /// <param name="input">Height x width x channels.</param>
    /// <param name="output">Height x width x filters.</param>
    /// <param name="geometry">Which pixels and channels each output reads.</param>
    /// <param name="width">The vectors' width; null for the best one of this processor.</param>
    /// <param name="pools">Whether outputs will be pooled, which only a <see cref="WinogradConv"/> can do.</param>
    public static ImageConv Create(
        Shape input,
        Shape output,
        ConvGeometry geometry,
        VectorWidth? width = null,
        bool pools = false
    )
    {
        if (WinogradConv.CanCompute(input, geometry))
            return WinogradConv.Create(input, output, geometry, width, pools: pools);
        return LoopChoice.Create(input, output, geometry, width ?? VectorWidths.Best);
    }

    /// <summary>Makes the convolution of any shape.</summary>
    /// <param name="input">Height x width x channels.</param>
    /// <param name="output">Height x width x filters.</param>
    /// <param name="geometry">Which pixels and channels each output reads.</param>
    /// <param name="width">The vectors' width; null for the best one of this processor.</param>
    public static ImageConv Gathering(Shape input, Shape output, ConvGeometry geometry, VectorWidth? width = null)
    {
        var best = width ?? VectorWidths.Best;
        VectorWidths.Require(best);
        return best switch
        {
            VectorWidth.Bits512 => new GatherConv<Wide512>(input, output, geometry, best),
            VectorWidth.Bits256 => new GatherConv<Wide256>(input, output, geometry, best),
            _ => new GatherConv<Wide128>(input, output, geometry, best),
        };
    }

    /// <summary>Makes the convolution of any shape by sums in lanes, which pays for groups of few filters.</summary>
    /// <param name="input">Height x width x channels.</param>
    /// <param name="output">Height x width x filters.</param>
    /// <param name="geometry">Which pixels and channels each output reads.</param>
    /// <param name="width">The vectors' width; null for the best one of this processor.</param>
    public static ImageConv ByLanes(Shape input, Shape output, ConvGeometry geometry, VectorWidth? width = null)
    {
        var best = width ?? VectorWidths.Best;
        VectorWidths.Require(best);
        return best switch
        {
            VectorWidth.Bits512 => new LaneConv<Wide512>(input, output, geometry, best),
            VectorWidth.Bits256 => new LaneConv<Wide256>(input, output, geometry, best),
            _ => new LaneConv<Wide128>(input, output, geometry, best),
        };
    }

    /// <summary>Memory for weights in the layout of the loops.</summary>
    /// <param name="backward">Whether gradients of images will be wanted.</param>
    public ConvWeights NewWeights(bool backward) => new(WeightLengths.Forward, backward ? WeightLengths.Backward : 0);

    /// <summary>Memory for one worker.</summary>
    public ConvScratch NewScratch() => new(Sizes);

    /// <summary>Brings a worker's part of the weights into the layout of the loops.</summary>
    /// <param name="kernel">All weights: filters x window x channels of a group, as parameters have them.</param>
    /// <param name="weights">Receives the part.</param>
    /// <param name="part">Which part.</param>
    public void TransformWeights(ReadOnlySpan<float> kernel, ConvWeights weights, WorkPart part)
    {
        part.Check();
        ArgumentOutOfRangeException.ThrowIfNotEqual(kernel.Length, KernelLength);
        Check(weights);
        fixed (float* source = kernel)
            TransformWeights(source, weights, part);
        GC.KeepAlive(weights);
    }

    /// <summary>Computes the outputs of any number of images, or a part of them, which may be a part of one image.</summary>
    /// <param name="images">The images, one after another.</param>
    /// <param name="weights">All parts of the weights, transformed.</param>
    /// <param name="bias">A number per filter; empty for none.</param>
    /// <param name="relu">Whether to apply ReLU.</param>
    /// <param name="outputs">Receives the outputs.</param>
    /// <param name="scratch">The worker's memory.</param>
    /// <param name="part">Which part of the outputs; other workers may compute others, into the same span.</param>
    public void Forward<T>(
        ReadOnlySpan<T> images,
        ConvWeights weights,
        ReadOnlySpan<float> bias,
        bool relu,
        Span<T> outputs,
        ConvScratch scratch,
        WorkPart part
    )
        where T : unmanaged
    {
        part.Check();
        var count = Count(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual((long)outputs.Length, (long)count * Output.Size);
        Check(weights, scratch);
        SetBias(bias, scratch);
        fixed (
            T* source = images,
                target = outputs
        )
            ComputeForward(source, count, weights, relu, target, scratch, part);
        KeepAlive(weights, scratch);
    }

    /// <summary>Computes the gradients of weights, bias and images over any number of images; an empty span for one that isn't wanted.</summary>
    /// <param name="images">The images of the forward pass.</param>
    /// <param name="gradients">The gradients of the outputs.</param>
    /// <param name="outputs">The outputs, if ReLU was applied; otherwise empty.</param>
    /// <param name="weights">The weights of the forward pass.</param>
    /// <param name="kernel">Receives the weights' gradient, summed over the images.</param>
    /// <param name="bias">Receives the bias's gradient.</param>
    /// <param name="imageGradients">Receives the images' gradients.</param>
    /// <param name="scratch">The worker's memory.</param>
    public void Backward<T>(
        ReadOnlySpan<T> images,
        ReadOnlySpan<T> gradients,
        ReadOnlySpan<T> outputs,
        ConvWeights weights,
        Span<float> kernel,
        Span<float> bias,
        Span<T> imageGradients,
        ConvScratch scratch
    )
        where T : unmanaged
    {
        var count = Count(images);
        ArgumentOutOfRangeException.ThrowIfNotEqual((long)gradients.Length, (long)count * Output.Size);
        CheckEmptyOr(outputs.Length, gradients.Length);
        var wanted = StartBackward(images.Length, weights, kernel, bias, imageGradients.Length, scratch);
        fixed (
            T* source = images,
                from = gradients,
                result = outputs,
                target = imageGradients
        )
            ComputeBackward(source, count, from, result, weights, wanted, target, scratch);
        FinishBackward(kernel, bias, scratch);
        KeepAlive(weights, scratch);
    }

    /// <summary>As <see cref="TransformWeights(ReadOnlySpan{float}, ConvWeights, WorkPart)"/>, on memory that has been checked.</summary>
    protected abstract void TransformWeights(float* kernel, ConvWeights weights, WorkPart part);

    /// <summary>The forward pass on memory that has been checked. The bias is in the scratch.</summary>
    protected abstract void ComputeForward<T>(
        T* images,
        int count,
        ConvWeights weights,
        bool relu,
        T* outputs,
        ConvScratch scratch,
        WorkPart part
    )
        where T : unmanaged;

    /// <summary>The backward pass on memory that has been checked. Adds the gradients of weights and bias to the scratch's.</summary>
    protected abstract void ComputeBackward<T>(
        T* images,
        int count,
        T* gradients,
        T* outputs,
        ConvWeights weights,
        ParameterGradients wanted,
        T* imageGradients,
        ConvScratch scratch
    )
        where T : unmanaged;

    /// <summary>Brings the scratch's gradient of the weights into the parameters' layout.</summary>
    protected abstract void FinishKernel(ConvScratch scratch, float* kernel);

    /// <summary>Checks everything but the gradients of outputs, and sets sums to 0.</summary>
    protected ParameterGradients StartBackward(
        int images,
        ConvWeights weights,
        Span<float> kernel,
        Span<float> bias,
        int imageGradients,
        ConvScratch scratch
    )
    {
        CheckEmptyOr(kernel.Length, KernelLength);
        CheckEmptyOr(bias.Length, Output[2]);
        CheckEmptyOr(imageGradients, images);
        Check(weights, scratch);
        if (imageGradients > 0 && WeightLengths.Backward > 0)
            ArgumentNullException.ThrowIfNull(weights.Backward);
        if (!kernel.IsEmpty)
            scratch.Kernel.Clear();
        scratch.Bias.Clear();
        return new(Kernel: !kernel.IsEmpty, Bias: !bias.IsEmpty);
    }

    /// <summary>Writes the gradients of weights and bias, unless they aren't wanted.</summary>
    protected void FinishBackward(Span<float> kernel, Span<float> bias, ConvScratch scratch)
    {
        fixed (float* target = kernel)
        {
            if (target != null)
                FinishKernel(scratch, target);
        }
        new Span<float>(scratch.Bias.Pointer, bias.Length).CopyTo(bias);
    }

    /// <summary>Copies the bias into the scratch, in whole vectors.</summary>
    protected void SetBias(ReadOnlySpan<float> bias, ConvScratch scratch)
    {
        CheckEmptyOr(bias.Length, Output[2]);
        scratch.Bias.Clear();
        bias.CopyTo(new Span<float>(scratch.Bias.Pointer, bias.Length));
    }

    /// <summary>How many images there are.</summary>
    protected int Count<T>(ReadOnlySpan<T> images)
        where T : unmanaged
    {
        Element.Check<T>();
        ArgumentOutOfRangeException.ThrowIfNotEqual(images.Length % Input.Size, 0);
        return images.Length / Input.Size;
    }

    /// <summary>The loops have pointers only: without this, memory that nobody uses afterwards might be freed under them.</summary>
    protected static void KeepAlive(ConvWeights weights, ConvScratch scratch)
    {
        GC.KeepAlive(weights);
        GC.KeepAlive(scratch);
    }

    /// <summary>Refuses weights and scratch that another convolution made.</summary>
    protected void Check(ConvWeights weights, ConvScratch scratch)
    {
        Check(weights);
        ArgumentOutOfRangeException.ThrowIfNotEqual(scratch.Sizes, Sizes);
    }

    /// <summary>The number of weights, after a check that windows lie in the padded images.</summary>
    protected static int LengthOf(Shape input, Shape output, ConvGeometry geometry)
    {
        var (window, stride, dilation, edges, groups) = geometry;
        ArgumentOutOfRangeException.ThrowIfNotEqual(input[2] % groups, 0);
        ArgumentOutOfRangeException.ThrowIfNotEqual(output[2] % groups, 0);
        Check(input[0] + edges.Top + edges.Bottom, output[0], window.Height, stride.Height, dilation.Height);
        Check(input[1] + edges.Left + edges.Right, output[1], window.Width, stride.Width, dilation.Width);
        return checked(output[2] * window.Height * window.Width * (input[2] / groups));

        static void Check(int input, int output, int window, int stride, int dilation) =>
            ArgumentOutOfRangeException.ThrowIfGreaterThan((output - 1) * stride + (window - 1) * dilation + 1, input);
    }

    protected static void CheckEmptyOr(int length, int expected)
    {
        if (length != 0)
            ArgumentOutOfRangeException.ThrowIfNotEqual(length, expected);
    }

    protected static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    private void Check(ConvWeights weights)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Forward.Length, WeightLengths.Forward);
        if (weights.Backward is not null)
            ArgumentOutOfRangeException.ThrowIfNotEqual(weights.Backward.Length, WeightLengths.Backward);
    }
}

/// <summary>Which of a convolution's parameters have their gradients computed.</summary>
internal readonly record struct ParameterGradients(bool Kernel, bool Bias);
