using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// The sums of a <see cref="DepthwiseConv{TWide}"/> over one image, in fp32. Images have their padding, and a pixel has whole vectors of channels, those of
/// images, weights and outputs alike.
/// </summary>
/// <remarks>
/// Fast because neighbouring channels are one vector, and because four pixels, or four parts of a row, are summed in four registers, so that
/// additions don't wait for one another.
/// </remarks>
internal sealed unsafe class DepthwiseLoops<TWide>
    where TWide : struct, IWide<TWide>
{
    private const int Together = 4;

    private readonly int _height;
    private readonly int _width;
    private readonly int _channels;
    private readonly int _outHeight;
    private readonly int _outWidth;
    private readonly Window _window;
    private readonly Edges _edges;
    private readonly nint _rowStep;
    private readonly nint _strideDown;
    private readonly nint _strideAcross;
    private readonly nint _dilationDown;
    private readonly nint _dilationAcross;

    public DepthwiseLoops(Shape input, Shape output, ConvGeometry geometry)
    {
        (_height, _width, _channels) = (input[0], input[1], input[2]);
        (_outHeight, _outWidth) = (output[0], output[1]);
        (_window, _edges) = (geometry.Window, geometry.Edges);
        PixelStep = (_channels + TWide.Lanes - 1) / TWide.Lanes * TWide.Lanes;
        _rowStep = (_width + _edges.Left + _edges.Right) * PixelStep;
        (_strideDown, _strideAcross) = (geometry.Stride.Height * _rowStep, geometry.Stride.Width * PixelStep);
        (_dilationDown, _dilationAcross) = (geometry.Dilation.Height * _rowStep, geometry.Dilation.Width * PixelStep);
        ImageLength = (_height + _edges.Top + _edges.Bottom) * _rowStep;
    }

    /// <summary>The distance between pixels, and between the weights of neighbouring pixels of the window.</summary>
    public nint PixelStep { get; }

    /// <summary>The length of an image with its padding.</summary>
    public nint ImageLength { get; }

    /// <summary>The length of an image of outputs.</summary>
    public nint OutputLength => _outHeight * _outWidth * PixelStep;

    /// <summary>The length of the weights: window x channels.</summary>
    public nint WeightLength => _window.Height * _window.Width * PixelStep;

    /// <summary>Copies an image into the middle of one whose padding is 0 already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pad<T>(T* image, float* padded)
        where T : unmanaged
    {
        for (var y = 0; y < _height; y++)
        {
            var target = padded + (y + _edges.Top) * _rowStep + _edges.Left * PixelStep;
            for (var x = 0; x < _width; x++, image += _channels, target += PixelStep)
            for (var c = 0; c < _channels; c += TWide.Lanes)
            {
                var values =
                    c + TWide.Lanes <= _channels
                        ? Element.Load<TWide, T>(image + c)
                        : Element.LoadFirst<TWide, T>(image + c, _channels - c);
                values.Store(target + c);
            }
        }
    }

    /// <summary>The inverse of <see cref="Pad"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Crop<T>(float* padded, T* image)
        where T : unmanaged
    {
        for (var y = 0; y < _height; y++)
        {
            var source = padded + (y + _edges.Top) * _rowStep + _edges.Left * PixelStep;
            for (var x = 0; x < _width; x++, image += _channels, source += PixelStep)
            for (var c = 0; c < _channels; c += TWide.Lanes)
            {
                if (c + TWide.Lanes <= _channels)
                    Element.Store(TWide.Load(source + c), image + c);
                else
                    Element.StoreFirst(TWide.Load(source + c), image + c, _channels - c);
            }
        }
    }

    /// <summary>The outputs of an image, without bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(float* image, float* weights, float* outputs)
    {
        for (var y = 0; y < _outHeight; y++, image += _strideDown, outputs += _outWidth * PixelStep)
        for (var c = 0; c < _channels; c += TWide.Lanes)
        {
            var x = 0;
            for (; x + Together <= _outWidth; x += Together)
                Four(image + x * _strideAcross + c, weights + c, outputs + x * PixelStep + c);
            for (; x < _outWidth; x++)
                One(image + x * _strideAcross + c, weights + c, outputs + x * PixelStep + c);
        }
    }

    /// <summary>Adds an image's part of the gradient of the weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddKernel(float* image, float* gradients, float* weights)
    {
        for (var i = 0; i < _window.Height; i++)
        for (var j = 0; j < _window.Width; j++, weights += PixelStep)
        {
            var corner = image + i * _dilationDown + j * _dilationAcross;
            for (var c = 0; c < _channels; c += TWide.Lanes)
                (TWide.Load(weights + c) + Correlation(corner + c, gradients + c)).Store(weights + c);
        }
    }

    /// <summary>Adds the gradients of an image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddImage(float* gradients, float* weights, float* image)
    {
        for (var y = 0; y < _outHeight; y++, image += _strideDown, gradients += _outWidth * PixelStep)
        for (var i = 0; i < _window.Height; i++)
        for (var j = 0; j < _window.Width; j++)
        for (var c = 0; c < _channels; c += TWide.Lanes)
        {
            var weight = TWide.Load(weights + (i * _window.Width + j) * PixelStep + c);
            var target = image + i * _dilationDown + j * _dilationAcross + c;
            var source = gradients + c;
            for (var x = 0; x < _outWidth; x++, target += _strideAcross, source += PixelStep)
                TWide.MultiplyAdd(weight, TWide.Load(source), TWide.Load(target)).Store(target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Four(float* image, float* weights, float* outputs)
    {
        var (first, second, third, fourth) = (TWide.Zero, TWide.Zero, TWide.Zero, TWide.Zero);
        for (var i = 0; i < _window.Height; i++, image += _dilationDown)
        {
            var pixel = image;
            for (var j = 0; j < _window.Width; j++, pixel += _dilationAcross, weights += PixelStep)
            {
                var weight = TWide.Load(weights);
                first = TWide.MultiplyAdd(weight, TWide.Load(pixel), first);
                second = TWide.MultiplyAdd(weight, TWide.Load(pixel + _strideAcross), second);
                third = TWide.MultiplyAdd(weight, TWide.Load(pixel + 2 * _strideAcross), third);
                fourth = TWide.MultiplyAdd(weight, TWide.Load(pixel + 3 * _strideAcross), fourth);
            }
        }
        first.Store(outputs);
        second.Store(outputs + PixelStep);
        third.Store(outputs + 2 * PixelStep);
        fourth.Store(outputs + 3 * PixelStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void One(float* image, float* weights, float* outputs)
    {
        var sum = TWide.Zero;
        for (var i = 0; i < _window.Height; i++, image += _dilationDown)
        for (var j = 0; j < _window.Width; j++, weights += PixelStep)
            sum = TWide.MultiplyAdd(TWide.Load(weights), TWide.Load(image + j * _dilationAcross), sum);
        sum.Store(outputs);
    }

    /// <summary>The sum over all outputs of gradient x the pixel that a tap of the window reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TWide Correlation(float* image, float* gradients)
    {
        var (first, second, third, fourth) = (TWide.Zero, TWide.Zero, TWide.Zero, TWide.Zero);
        for (var y = 0; y < _outHeight; y++, image += _strideDown)
        {
            var pixel = image;
            var x = 0;
            for (; x + Together <= _outWidth; x += Together, pixel += Together * _strideAcross)
            {
                first = TWide.MultiplyAdd(TWide.Load(gradients), TWide.Load(pixel), first);
                second = TWide.MultiplyAdd(
                    TWide.Load(gradients + PixelStep),
                    TWide.Load(pixel + _strideAcross),
                    second
                );
                third = TWide.MultiplyAdd(
                    TWide.Load(gradients + 2 * PixelStep),
                    TWide.Load(pixel + 2 * _strideAcross),
                    third
                );
                fourth = TWide.MultiplyAdd(
                    TWide.Load(gradients + 3 * PixelStep),
                    TWide.Load(pixel + 3 * _strideAcross),
                    fourth
                );
                gradients += Together * PixelStep;
            }
            for (; x < _outWidth; x++, pixel += _strideAcross, gradients += PixelStep)
                first = TWide.MultiplyAdd(TWide.Load(gradients), TWide.Load(pixel), first);
        }
        return first + second + (third + fourth);
    }
}
