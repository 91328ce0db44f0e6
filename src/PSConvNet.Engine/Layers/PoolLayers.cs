using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>A layer that sums up each window of each channel. height x width x channels in, height' x width' x channels out.</summary>
/// <param name="PoolSize">The window's height and width.</param>
public abstract record PoolLayer(Window PoolSize) : LayerSpec
{
    private static readonly Window s_undilated = new(1, 1);

    /// <summary>How far the window moves at a step; the window's size unless set, so that windows don't overlap.</summary>
    public Window Stride { get; init; } = PoolSize;

    /// <summary>How the image is padded first.</summary>
    public Padding Padding { get; init; } = Padding.Valid;

    /// <inheritdoc />
    private protected override string OwnSettings =>
        Words(
            $"{PoolSize}",
            Unless(Stride, PoolSize, $"stride {Stride}"),
            Unless(Padding, Padding.Valid, $"padding {Padding}")
        );

    /// <inheritdoc />
    public override void Validate()
    {
        RequireWindow(PoolSize, "the pool size");
        RequireWindow(Stride, "the stride");
    }

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        RequireImage(input);
        var edges = Padding.Around(input, PoolSize, Stride, s_undilated);
        if (Math.Max(edges.Top, edges.Bottom) >= PoolSize.Height || Math.Max(edges.Left, edges.Right) >= PoolSize.Width)
        {
            throw Refuse(
                input,
                $"with a padding of {Padding}, a window of {PoolSize} could cover nothing but padding",
                "Use a padding that is smaller than the window."
            );
        }
        var (height, width) = Slide(input, PoolSize, Stride, s_undilated, Padding);
        return new Shape(height, width, input[2]);
    }

    private protected Edges EdgesAround(Shape input) => Padding.Around(input, PoolSize, Stride, s_undilated);
}

/// <summary>The largest value of each window.</summary>
/// <param name="PoolSize">The window's height and width.</param>
public sealed record MaxPoolLayer(Window PoolSize) : PoolLayer(PoolSize)
{
    /// <inheritdoc />
    public override string Kind => "MaxPool";

    internal override string NamePrefix => "max_pooling2d";

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) =>
        [new MaxPoolKernel(name, input, InferShape(input), PoolSize, Stride, EdgesAround(input))];
}

/// <summary>The mean of each window, padding left out.</summary>
/// <param name="PoolSize">The window's height and width.</param>
public sealed record AveragePoolLayer(Window PoolSize) : PoolLayer(PoolSize)
{
    /// <inheritdoc />
    public override string Kind => "AveragePool";

    internal override string NamePrefix => "average_pooling2d";

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) =>
        [new AveragePoolKernel(name, input, InferShape(input), PoolSize, Stride, EdgesAround(input))];
}

/// <summary>What a global pool takes of each channel.</summary>
public enum PoolKind
{
    /// <summary>The mean.</summary>
    Average,

    /// <summary>The largest value.</summary>
    Maximum,
}

/// <summary>One value a channel over the whole image: height x width x channels in, channels out.</summary>
/// <param name="Pool">What is taken.</param>
public sealed record GlobalPoolLayer(PoolKind Pool) : LayerSpec
{
    /// <inheritdoc />
    public override string Kind => "GlobalPool";

    /// <inheritdoc />
    private protected override string OwnSettings => Pool.ToString();

    internal override string NamePrefix =>
        Pool == PoolKind.Maximum ? "global_max_pooling2d" : "global_average_pooling2d";

    /// <inheritdoc />
    public override Shape InferShape(Shape input)
    {
        RequireImage(input);
        return new Shape(input[2]);
    }

    internal override IReadOnlyList<Kernel> Lower(string name, Shape input) =>
        [new GlobalPoolKernel(name, input, InferShape(input), Pool == PoolKind.Maximum)];
}
