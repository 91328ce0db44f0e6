using System.Runtime.CompilerServices;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet.Benchmarks.Kernels;

/// <summary>A convolution by our own loops on one worker, outside any session.</summary>
internal sealed class OwnConvolution<T> : IDisposable
    where T : unmanaged
{
    private readonly ImageConv _conv;
    private readonly ConvWeights _weights;
    private readonly ConvScratch _scratch;
    private readonly float[] _kernel;
    private readonly float[] _kernelGradient;
    private readonly float[] _bias;
    private readonly Memory<T> _images;
    private readonly Memory<T> _imageGradients;
    private readonly Memory<T> _outputs;
    private readonly Memory<T> _gradients;
    private readonly Memory<T> _pooled;
    private readonly byte[] _which;

    public OwnConvolution(ConvShape shape, VectorWidth width)
    {
        _conv = ImageConv.Create(shape.Input, shape.Output, shape.Geometry, width);
        _weights = _conv.NewWeights(backward: true);
        _scratch = _conv.NewScratch();
        _kernel = Numbers<float>(shape.KernelLength);
        _kernelGradient = new float[_kernel.Length];
        _bias = new float[shape.Filters];
        _images = Aligned(Numbers<T>(shape.Count * shape.Input.Size));
        _imageGradients = Aligned(new T[_images.Length]);
        _outputs = Aligned(new T[shape.Count * shape.Output.Size]);
        _gradients = Aligned(Numbers<T>(_outputs.Length));
        _pooled = Aligned(Numbers<T>(shape.Count * (shape.Output[0] / 2) * (shape.Output[1] / 2) * shape.Filters));
        _which = new byte[_pooled.Length];
    }

    public bool CanPool => _conv is WinogradConv { CanPool: true };

    public void Forward()
    {
        _conv.TransformWeights(_kernel, _weights, WorkPart.Whole);
        _conv.Forward<T>(_images.Span, _weights, _bias, relu: false, _outputs.Span, _scratch, WorkPart.Whole);
    }

    public void Both()
    {
        Forward();
        _conv.Backward<T>(
            _images.Span,
            _gradients.Span,
            [],
            _weights,
            _kernelGradient,
            _bias,
            _imageGradients.Span,
            _scratch
        );
    }

    public void ForwardPooled()
    {
        _conv.TransformWeights(_kernel, _weights, WorkPart.Whole);
        ((WinogradConv)_conv).ForwardPooled<T>(
            _images.Span,
            _weights,
            _bias,
            new(Relu: true),
            [],
            _pooled.Span,
            _which,
            _scratch,
            WorkPart.Whole
        );
    }

    public void BothPooled()
    {
        ForwardPooled();
        ((WinogradConv)_conv).BackwardPooled<T>(
            _images.Span,
            _pooled.Span,
            _which,
            1,
            _weights,
            _kernelGradient,
            _bias,
            _imageGradients.Span,
            _scratch
        );
    }

    public void Dispose()
    {
        _weights.Dispose();
        _scratch.Dispose();
    }

    /// <summary>The same numbers where a cache line begins, as libtorch's tensors do.</summary>
    private static unsafe Memory<T> Aligned(T[] numbers)
    {
        const int line = 64;
        var memory = GC.AllocateArray<T>(numbers.Length + line / sizeof(T), pinned: true);
        var first = (nint)Unsafe.AsPointer(ref memory[0]) & (line - 1);
        var aligned = memory.AsMemory((int)((line - first) & (line - 1)) / sizeof(T), numbers.Length);
        numbers.CopyTo(aligned);
        return aligned;
    }

    private static TNumber[] Numbers<TNumber>(int length)
        where TNumber : unmanaged
    {
        var random = new Random(1);
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
            value = (float)(random.NextDouble() - 0.5);
        return values is TNumber[] same
            ? same
            : (TNumber[])(object)Array.ConvertAll(values, value => Runtime.Kernels.BFloat16.Round(value));
    }
}
