namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// A convolution in many groups by direct sums, each lane of a vector one of its own: depthwise, with any number of filters per channel, or in groups of
/// few channels and filters.
/// </summary>
/// <remarks>
/// A matrix product would have a few columns per group. Here the channels of a lane's group are brought to its lane when a row is read, which costs
/// little beside the window's products. The gradient of an image is such a convolution as well: its lanes are the channels, and each reads the
/// gradients of its group's filters. The plain version is PlainConv in the tests.
/// </remarks>
internal sealed unsafe class LaneConv<TWide> : ImageConv
    where TWide : struct, IWide<TWide>
{
    private readonly ConvGeometry _geometry;
    private readonly int _groupChannels;
    private readonly int _groupFilters;
    private readonly TapPhase[] _forward;
    private readonly TapPhase[] _backward;
    private readonly LaneRows<TWide> _pixels;
    private readonly LaneRows<TWide> _gradients;
    private readonly LaneRows<TWide> _ownGradients;
    private readonly LaneSums<TWide> _sums;
    private readonly LaneSums<TWide> _imageSums;
    private readonly LaneGradients<TWide> _kernelGradients;
    private readonly LaneWeights<TWide> _weights;
    private readonly LaneWeights<TWide> _imageWeights;

    public LaneConv(Shape input, Shape output, ConvGeometry geometry, VectorWidth width)
        : base(input, output, LengthOf(input, output, geometry), width)
    {
        _geometry = geometry;
        var (window, stride, dilation, _, groups) = geometry;
        (_groupChannels, _groupFilters) = (input[2] / groups, output[2] / groups);
        var across = WindowAxis.Across(geometry);
        _forward = [TapPhase.Forward(output[1], across, apart: stride.Width, LaneSums<TWide>.LongestRun)];
        _backward = TapPhase.Backward(input[1], across, LaneSums<TWide>.LongestRun);

        // Outputs that are computed, but not stored.
        const int beyond = LaneSums<TWide>.OutputsTogether - 1;
        var reach = (window.Height - 1) * dilation.Height;
        var (left, right) = TapPhase.Padding(_forward, input[1], stride.Width);
        _pixels = new(input[1], input[2], output[2], groups, left, right + beyond * stride.Width, reach + 1);
        _weights = new(_pixels, _forward, window);
        _kernelGradients = new(_pixels.Planes, _pixels.PlaneLength, stride.Width);
        _sums = new(_pixels.Planes, _pixels.PlaneLength, stride.Width, output[2], _weights.VectorLength);

        (left, right) = TapPhase.Padding(_backward, output[1], 1);
        // A row more than a window reaches: the last one has just been read for the rows of the image that it completes.
        _gradients = new(output[1], output[2], input[2], groups, left, right + beyond, reach / stride.Height + 2);
        _imageWeights = new(_gradients, _backward, window);
        _imageSums = new(_gradients.Planes, _gradients.PlaneLength, 1, input[2], _imageWeights.VectorLength);
        _ownGradients = IsDepthwise ? _gradients : new(output[1], output[2], output[2], output[2], 0, 0, count: 1);
    }

    /// <inheritdoc />
    protected override ConvSizes Sizes =>
        new(
            Inputs: _pixels.Length,
            Products: IsDepthwise ? 0 : _ownGradients.Length,
            Work: WorkLength + BiasLength,
            Bias: Math.Max(Output[2], TWide.Lanes),
            Kernel: _weights.Length,
            Images: _gradients.Length
        );

    /// <inheritdoc />
    protected override (nint Forward, nint Backward) WeightLengths => (_weights.Length, _imageWeights.Length);

    private bool IsDepthwise => _groupChannels == 1 && _groupFilters == 1;

    private nint WorkLength =>
        Math.Max(
            Math.Max(_pixels.WorkLength, _gradients.WorkLength),
            (nint)Math.Max(Input[1], Output[1]) * TWide.Lanes
        );

    private nint BiasLength => _pixels.Vectors * TWide.Lanes;

    /// <inheritdoc />
    protected override void TransformWeights(float* kernel, ConvWeights weights, ConvPart part)
    {
        var taps = _geometry.Window.Height * _geometry.Window.Width;
        var (first, end) = part.Of(_pixels.Vectors);
        for (var v = (int)first; v < end; v++)
            foreach (var weight in _weights.Of(v))
            {
                var source = kernel + weight.Pixel * _groupChannels + weight.Plane;
                for (var lane = 0; lane < Math.Min(TWide.Lanes, Output[2]); lane++)
                    weights.Forward.Pointer[weight.At + lane] = source[
                        (nint)(_pixels.First(v) + lane) * taps * _groupChannels
                    ];
            }
        if (weights.Backward is not { } backward)
            return;
        (first, end) = part.Of(_gradients.Vectors);
        for (var v = (int)first; v < end; v++)
            foreach (var weight in _imageWeights.Of(v))
            {
                for (var lane = 0; lane < Math.Min(TWide.Lanes, Input[2]); lane++)
                {
                    var (group, channel) = Math.DivRem(_gradients.First(v) + lane, _groupChannels);
                    var filter = (nint)group * _groupFilters + weight.Plane;
                    backward.Pointer[weight.At + lane] = kernel[
                        (filter * taps + weight.Pixel) * _groupChannels + channel
                    ];
                }
            }
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
        var input = scratch.Inputs.Pointer;
        var work = scratch.Work.Pointer;
        var rows = stackalloc LaneRow[_geometry.Window.Height];
        var reader = new RowReader(Input[0]);
        var (first, end) = part.Of((long)count * Output[0]);
        for (var row = first; row < end; row++)
        {
            var (image, y) = Math.DivRem(row, Output[0]);
            ReadPixels(images, count, (int)image, (int)y, ref reader, input, work);
            var used = RowsOf((int)y, input, weights.Forward.Pointer, rows);
            Write(
                rows,
                used,
                _sums,
                _forward,
                scratch.Bias.Pointer,
                relu,
                outputs + (nint)row * Output[1] * Output[2],
                Output,
                work
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
        var input = scratch.Inputs.Pointer;
        var work = scratch.Work.Pointer;
        var spread = imageGradients != null || IsDepthwise ? scratch.Images.Pointer : null;
        var own = IsDepthwise ? spread : scratch.Products.Pointer;
        var bias = work + WorkLength;
        new Span<float>(bias, (int)BiasLength).Clear();
        var rows = stackalloc LaneRow[_geometry.Window.Height];
        var end = gradients + (nint)count * Output.Size;
        for (var image = 0; image < count; image++)
        {
            var pixelReader = new RowReader(Input[0]);
            var done = 0;
            for (var y = 0; y < Output[0]; y++)
            {
                var at = ((nint)image * Output[0] + y) * Output[1] * Output[2];
                var result = outputs == null ? null : outputs + at;
                if (spread != null)
                    _gradients.Load(gradients + at, result, end, _gradients.Row(spread, y), work);
                if (!IsDepthwise)
                    _ownGradients.Load(gradients + at, result, end, _ownGradients.Row(own, y), work);
                AddBias(_ownGradients.Row(own, y), bias);
                if (wanted.Kernel)
                {
                    ReadPixels(images, count, image, y, ref pixelReader, input, work);
                    AddKernel(rows, RowsOf(y, input, scratch.Kernel.Pointer, rows), _ownGradients.Row(own, y));
                }
                if (imageGradients == null)
                    continue;
                for (; done < Input[0] && IsComplete(done, y); done++)
                    Write(
                        rows,
                        GradientRowsOf(done, spread, weights.Backward!.Pointer, rows),
                        _imageSums,
                        _backward,
                        bias: null,
                        relu: false,
                        imageGradients + ((nint)image * Input[0] + done) * Input[1] * Input[2],
                        Input,
                        work
                    );
            }
        }
        for (var v = 0; v < _pixels.Vectors; v++)
        for (var lane = 0; lane < Math.Min(TWide.Lanes, Output[2]); lane++)
            scratch.Bias.Pointer[_pixels.First(v) + lane] = bias[v * TWide.Lanes + lane];
    }

    /// <inheritdoc />
    protected override void FinishKernel(ConvScratch scratch, float* kernel)
    {
        var taps = _geometry.Window.Height * _geometry.Window.Width;
        for (var v = 0; v < _pixels.Vectors; v++)
            foreach (var weight in _weights.Of(v))
            {
                var target = kernel + weight.Pixel * _groupChannels + weight.Plane;
                for (var lane = 0; lane < Math.Min(TWide.Lanes, Output[2]); lane++)
                    target[(nint)(_pixels.First(v) + lane) * taps * _groupChannels] = scratch.Kernel.Pointer[
                        weight.At + lane
                    ];
            }
    }

    /// <summary>Whether no row of gradients after one that has been read belongs to a row of the image.</summary>
    private bool IsComplete(int row, int y) =>
        y == Output[0] - 1 || (row + _geometry.Edges.Top) / _geometry.Stride.Height <= y;

    /// <summary>Reads the rows that the windows of a row of outputs read.</summary>
    private void ReadPixels<T>(T* images, int count, int image, int y, ref RowReader reader, float* input, float* work)
        where T : unmanaged
    {
        var top = y * _geometry.Stride.Height - _geometry.Edges.Top;
        var (first, last) = reader.Move(image, top, top + (_geometry.Window.Height - 1) * _geometry.Dilation.Height);
        for (var row = first; row <= last; row++)
            _pixels.Load(
                images + ((nint)image * Input[0] + row) * Input[1] * Input[2],
                null,
                images + (nint)count * Input.Size,
                _pixels.Row(input, row),
                work
            );
    }

    /// <summary>The rows of a window that lie in the image, each with its weights or their gradients.</summary>
    private int RowsOf(int y, float* input, float* weights, LaneRow* rows)
    {
        var count = 0;
        for (var i = 0; i < _geometry.Window.Height; i++)
        {
            var row = y * _geometry.Stride.Height - _geometry.Edges.Top + i * _geometry.Dilation.Height;
            if ((uint)row >= (uint)Input[0])
                continue;
            rows[count].Pixels = _pixels.Row(input, row);
            rows[count++].Weights = weights + i * _weights.RowLength;
        }
        return count;
    }

    /// <summary>The rows of gradients of those outputs whose windows read a row of the image.</summary>
    private int GradientRowsOf(int y, float* gradients, float* weights, LaneRow* rows)
    {
        var count = 0;
        for (var i = 0; i < _geometry.Window.Height; i++)
        {
            var (row, rest) = Math.DivRem(
                y + _geometry.Edges.Top - i * _geometry.Dilation.Height,
                _geometry.Stride.Height
            );
            if (rest != 0 || (uint)row >= (uint)Output[0])
                continue;
            rows[count].Pixels = _gradients.Row(gradients, row);
            rows[count++].Weights = weights + i * _imageWeights.RowLength;
        }
        return count;
    }

    /// <summary>Computes a row of outputs, or of gradients of an image.</summary>
    private static void Write<T>(
        LaneRow* rows,
        int count,
        LaneSums<TWide> sums,
        TapPhase[] phases,
        float* bias,
        bool relu,
        T* target,
        Shape shape,
        float* work
    )
        where T : unmanaged
    {
        nint channels = shape[2];
        foreach (var phase in phases)
        {
            if (channels >= TWide.Lanes)
                sums.Compute(
                    rows,
                    count,
                    phase,
                    bias,
                    relu,
                    target + phase.First * channels,
                    phase.Step * channels,
                    inOrder: true
                );
            else
                sums.Compute(
                    rows,
                    count,
                    phase,
                    bias,
                    relu,
                    work + phase.First * TWide.Lanes,
                    phase.Step * TWide.Lanes,
                    inOrder: false
                );
            var length = sums.WeightLength(phase);
            for (var i = 0; i < count; i++)
                rows[i].Weights += length;
        }
        if (channels < TWide.Lanes)
            OutputLoops<TWide>.Narrow(work, TWide.Lanes, target, shape[1], (int)channels);
    }

    private void AddKernel(LaneRow* rows, int count, float* gradients)
    {
        for (var v = 0; v < _pixels.Vectors; v++)
        for (var i = 0; i < count; i++)
            _kernelGradients.Add(
                rows[i].Pixels + v * _pixels.VectorLength,
                _forward[0],
                gradients + v * _ownGradients.VectorLength,
                rows[i].Weights + v * _weights.VectorLength
            );
    }

    private void AddBias(float* gradients, float* bias)
    {
        for (var v = 0; v < _pixels.Vectors; v++)
            OutputLoops<TWide>.AddSum(gradients + v * _ownGradients.VectorLength, Output[1], bias + v * TWide.Lanes);
    }

    /// <summary>Which rows of an image have been read.</summary>
    private struct RowReader(int height)
    {
        private long _image = -1;
        private int _next;

        /// <summary>The rows to read so that those from first to last have been; in the image, and in order.</summary>
        public (int First, int Last) Move(long image, int first, int last)
        {
            if (image != _image)
                (_image, _next) = (image, 0);
            var (from, to) = (Math.Max(_next, first), Math.Min(height - 1, last));
            _next = Math.Max(_next, to + 1);
            return (from, to);
        }
    }
}
