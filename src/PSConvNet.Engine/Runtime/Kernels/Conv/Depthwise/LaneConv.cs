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
    private readonly LaneWindow _window;
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
        _window = new(WindowAxis.Down(geometry), output[0]);
        var (window, stride, dilation, _, groups) = geometry;
        (_groupChannels, _groupFilters) = (input[2] / groups, output[2] / groups);
        var across = WindowAxis.Across(geometry);
        _forward = [TapPhase.Forward(output[1], across, apart: stride.Width, LaneSums<TWide>.LongestRun)];
        _backward = TapPhase.Backward(input[1], across, LaneSums<TWide>.LongestRun);

        var reach = (window.Height - 1) * dilation.Height;
        var (left, right) = TapPhase.Padding(_forward, input[1], stride.Width);
        _pixels = new(input[1], input[2], output[2], groups, left, right, reach + 1);
        var taps = window.Height * window.Width;
        _weights = new(
            _pixels,
            _forward,
            window,
            (filter, tap, plane) => (filter * taps + tap) * _groupChannels + plane
        );
        _sums = new(_pixels, _weights, _forward, stride.Width, output);

        (left, right) = TapPhase.Padding(_backward, output[1], 1);
        // A row more than a window reaches: the last one has just been read for the rows of the image that it completes.
        _gradients = new(output[1], output[2], input[2], groups, left, right, reach / stride.Height + 2);
        _imageWeights = new(
            _gradients,
            _backward,
            window,
            (channel, tap, plane) =>
                ((channel / _groupChannels * _groupFilters + plane) * taps + tap) * _groupChannels
                + channel % _groupChannels
        );
        _imageSums = new(_gradients, _imageWeights, _backward, 1, input);
        _ownGradients = IsDepthwise ? _gradients : new(output[1], output[2], output[2], output[2], 0, 0, count: 1);
        _kernelGradients = new(_pixels, _ownGradients, stride.Width);
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
    protected override void TransformWeights(float* kernel, ConvWeights weights, WorkPart part)
    {
        _weights.Order(kernel, weights.Forward.Pointer, part);
        if (weights.Backward is { } backward)
            _imageWeights.Order(kernel, backward.Pointer, part);
    }

    /// <inheritdoc />
    protected override void ComputeForward<T>(
        T* images,
        int count,
        ConvWeights weights,
        bool relu,
        T* outputs,
        ConvScratch scratch,
        WorkPart part
    )
    {
        var input = scratch.Inputs.Pointer;
        var work = scratch.Work.Pointer;
        var rows = stackalloc LaneRow[_geometry.Window.Height];
        var reader = new LaneReader(Input[0]);
        var (first, end) = part.Of((long)count * Output[0]);
        for (var row = first; row < end; row++)
        {
            var (image, y) = Math.DivRem(row, Output[0]);
            ReadPixels(images, (int)image, (int)y, ref reader, input, work);
            var used = RowsOf((int)y, input, weights.Forward.Pointer, rows);
            _sums.Compute(
                rows,
                used,
                scratch.Bias.Pointer,
                relu,
                outputs + (nint)row * Output[1] * Output[2],
                (end - row - 1) * Output[1] * Output[2],
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
        for (var image = 0; image < count; image++)
        {
            var pixelReader = new LaneReader(Input[0]);
            var done = 0;
            for (var y = 0; y < Output[0]; y++)
            {
                var at = ((nint)image * Output[0] + y) * Output[1] * Output[2];
                var result = outputs == null ? null : outputs + at;
                if (spread != null)
                    _gradients.Load(gradients + at, result, _gradients.Row(spread, y), work);
                if (!IsDepthwise)
                    _ownGradients.Load(gradients + at, result, _ownGradients.Row(own, y), work);
                AddBias(_ownGradients.Row(own, y), bias);
                if (wanted.Kernel)
                {
                    ReadPixels(images, image, y, ref pixelReader, input, work);
                    AddKernel(rows, RowsOf(y, input, scratch.Kernel.Pointer, rows), _ownGradients.Row(own, y));
                }
                if (imageGradients == null)
                    continue;
                for (; done < Input[0] && _window.IsComplete(done, y); done++)
                    _imageSums.Compute(
                        rows,
                        GradientRowsOf(done, spread, weights.BackwardPointer, rows),
                        bias: null,
                        relu: false,
                        imageGradients + ((nint)image * Input[0] + done) * Input[1] * Input[2],
                        ((long)(count - image) * Input[0] - done - 1) * Input[1] * Input[2],
                        work
                    );
            }
        }
        for (var v = 0; v < _pixels.Vectors; v++)
        for (var lane = 0; lane < Math.Min(TWide.Lanes, Output[2]); lane++)
            scratch.Bias.Pointer[_pixels.First(v) + lane] = bias[v * TWide.Lanes + lane];
    }

    /// <inheritdoc />
    protected override void FinishKernel(ConvScratch scratch, float* kernel) =>
        _weights.OrderBack(scratch.Kernel.Pointer, kernel);

    /// <summary>Reads the rows that the windows of a row of outputs read.</summary>
    private void ReadPixels<T>(T* images, int image, int y, ref LaneReader reader, float* input, float* work)
        where T : unmanaged
    {
        var (first, last) = reader.Move(
            image,
            _window.InputRow(y, 0),
            _window.InputRow(y, _geometry.Window.Height - 1)
        );
        for (var row = first; row <= last; row++)
            _pixels.Load(
                images + ((nint)image * Input[0] + row) * Input[1] * Input[2],
                null,
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
            var row = _window.InputRow(y, i);
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
            if (_window.OutputRow(y, i) is not { } row)
                continue;
            rows[count].Pixels = _gradients.Row(gradients, row);
            rows[count++].Weights = weights + i * _imageWeights.RowLength;
        }
        return count;
    }

    private void AddKernel(LaneRow* rows, int count, float* gradients)
    {
        for (var v = 0; v < _pixels.Vectors; v++)
        for (var i = 0; i < count; i++)
            _kernelGradients.Add(
                rows[i].Pixels + _pixels.VectorAt(v),
                _forward[0],
                gradients + _ownGradients.VectorAt(v),
                rows[i].Weights + v * _weights.VectorLength
            );
    }

    private void AddBias(float* gradients, float* bias)
    {
        for (var v = 0; v < _pixels.Vectors; v++)
            _kernelGradients.AddBias(gradients + _ownGradients.VectorAt(v), Output[1], bias + v * TWide.Lanes);
    }
}
