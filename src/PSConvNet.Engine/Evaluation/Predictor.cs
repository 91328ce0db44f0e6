namespace PSConvNet.Evaluation;

/// <summary>How a prediction is computed.</summary>
/// <param name="Precision">The arithmetic.</param>
/// <param name="Threads">Worker threads; 0 for one per core.</param>
/// <param name="Progress">Is told how many images are done, on the calling thread; in several forms one is done when all of them are, on average.</param>
/// <param name="TestTime">In how many forms each image is looked at, or null for the image alone.</param>
public sealed record PredictionOptions(
    Precision Precision = Precision.Auto,
    int Threads = 0,
    Action<int>? Progress = null,
    TestTimeAugmentation? TestTime = null
);

/// <summary>What a network gives for a set of images.</summary>
/// <param name="Values">images x <paramref name="Width"/>, row after row.</param>
/// <param name="Width">Outputs an image.</param>
/// <param name="AreLogits">Whether the values are scores that a softmax would make probabilities of.</param>
internal sealed record NetworkOutputs(float[] Values, int Width, bool AreLogits)
{
    /// <summary>The same with the outputs of each image in another order.</summary>
    /// <param name="order">Which output comes at each place.</param>
    public NetworkOutputs Arranged(int[] order)
    {
        var values = new float[Values.Length];
        for (var start = 0; start < values.Length; start += Width)
        for (var place = 0; place < Width; place++)
            values[start + place] = Values[start + order[place]];
        return this with { Values = values };
    }
}

/// <summary>
/// A model's answers to images, computed on all cores without anything that only training needs.
/// </summary>
/// <remarks>
/// The static methods set everything up for one call. An instance keeps threads and weights ready from call to call, for who asks
/// about images one at a time. While it lives its model can be read by others, but not be trained. Calls from several threads wait
/// for each other.
/// </remarks>
public sealed class Predictor : IDisposable
{
    /// <summary>Images between two looks at the clock and at the cancellation.</summary>
    private const int Round = 2048;

    private readonly Model _model;
    private readonly PredictionOptions _options;
    private readonly IDisposable _claim;
    private readonly Session _session;
    private readonly int[] _rows;
    private readonly object _gate = new();
    private bool _disposed;

    /// <summary>Makes a model ready to answer.</summary>
    /// <param name="model">The model; nobody can train it until this predictor is disposed.</param>
    /// <param name="options">How, or null for the usual way.</param>
    /// <exception cref="ConvNetException"><c>ModelBusy</c>, <c>NativeLibraryMissing</c>, <c>PredictionsInvalid</c>.</exception>
    public Predictor(Model model, PredictionOptions? options = null)
        : this(model, options ?? new PredictionOptions(), most: int.MaxValue) { }

    private Predictor(Model model, PredictionOptions options, int most)
    {
        (_model, _options) = (model, options);
        _rows = [.. Enumerable.Range(0, Math.Min(Round, most))];
        _claim = model.UseForReading();
        try
        {
            model.RequireAnswers();
            var request = new PlanRequest(
                options.Precision.Resolve(),
                Session.WorkerCount(options.Threads, most),
                Training: false,
                ToLogits: true
            );
            _session = new Session(model.Kernels, model.Store, request);
        }
        catch
        {
            _claim.Dispose();
            throw;
        }
    }

    /// <summary>The probability of each class for each image.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images; fitted to the model as <see cref="ModelInput.Fit"/> says.</param>
    /// <param name="options">How, or null for the usual way.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>
    /// images x classes, row after row. Each row sums to 1 where the network ends in a softmax or in no activation at all;
    /// otherwise it is what the network gives.
    /// </returns>
    /// <exception cref="ConvNetException">
    /// <c>DataShapeMismatch</c>, <c>ModelBusy</c>, <c>NativeLibraryMissing</c>; <c>PredictionsInvalid</c>: a weight or an output is not a
    /// finite number; <c>AugmentationDoesNotFit</c>.
    /// </exception>
    public static float[] Predict(
        Model model,
        ImageSet images,
        PredictionOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        var outputs = Run(model, images, options ?? new PredictionOptions(), cancellation);
        if (outputs.AreLogits)
            ToProbabilities(outputs.Values, outputs.Width);
        return outputs.Values;
    }

    /// <summary>The same with what this predictor keeps ready.</summary>
    /// <param name="images">The images; fitted to the model as <see cref="ModelInput.Fit"/> says.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>As <see cref="Predict(Model, ImageSet, PredictionOptions?, CancellationToken)"/>.</returns>
    /// <exception cref="ConvNetException"><c>DataShapeMismatch</c>, <c>PredictionsInvalid</c>.</exception>
    public float[] Predict(ImageSet images, CancellationToken cancellation = default)
    {
        var outputs = Run(images, ModelInput.Fit(_model, images), cancellation);
        if (outputs.AreLogits)
            ToProbabilities(outputs.Values, outputs.Width);
        return outputs.Values;
    }

    /// <summary>
    /// The same for one image or several as bytes, each looked at as it is, with nothing allocated that grows with them: the quickest way.
    /// </summary>
    /// <param name="pixels">Whole images of the model's input shape, one after another; channels innermost.</param>
    /// <param name="probabilities">Receives a value a class for each image.</param>
    /// <exception cref="ConvNetException"><c>DataShapeMismatch</c>: the bytes aren't a whole number of images. <c>PredictionsInvalid</c>.</exception>
    /// <exception cref="ArgumentException"><paramref name="probabilities"/> is too short.</exception>
    public void Predict(ReadOnlyMemory<byte> pixels, Memory<float> probabilities)
    {
        var count = Math.DivRem(pixels.Length, _model.InputShape.Size, out var rest);
        if (rest != 0)
        {
            throw new ConvNetException(
                ErrorIds.DataShapeMismatch,
                ErrorKind.InvalidArgument,
                $"{_model.Name} expects images of {_model.InputShape}, {Counted.Of(_model.InputShape.Size, "byte"):text} each; {Counted.Of(pixels.Length, "byte isn't", "bytes aren't"):text} a whole number of images.",
                _model
            );
        }
        var outputs = count * _session.OutputSize;
        if (probabilities.Length < outputs)
        {
            throw new ArgumentException(
                $"{Counted.Of(count, "image gives", "images give"):text} {Counted.Of(outputs, "value"):text}; there is room for {probabilities.Length}.",
                nameof(probabilities)
            );
        }
        Infer(pixels, count, probabilities, _options.Progress, changes: null, CancellationToken.None);
        if (_model.Output == OutputKind.Logits)
            ToProbabilities(probabilities.Span[..outputs], _session.OutputSize);
    }

    /// <summary>Ends the threads and lets the model go. A call that is under way ends first.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _session.Dispose();
            _claim.Dispose();
        }
    }

    /// <summary>The network's outputs, as far as its plan goes.</summary>
    internal static NetworkOutputs Run(
        Model model,
        ImageSet images,
        PredictionOptions options,
        CancellationToken cancellation
    )
    {
        var fitted = ModelInput.Fit(model, images);
        using var predictor = new Predictor(model, options, most: fitted.Count);
        return predictor.Run(images, fitted, cancellation);
    }

    /// <summary>The outputs for the images, or the means over their forms.</summary>
    /// <param name="images">The images in their own shape, in which they are changed.</param>
    /// <param name="fitted">The same in the model's.</param>
    /// <param name="cancellation">Ends it.</param>
    private NetworkOutputs Run(ImageSet images, ImageSet fitted, CancellationToken cancellation)
    {
        var (width, areLogits) = (_session.OutputSize, _model.Output == OutputKind.Logits);
        var outputs = new float[checked(fitted.Count * width)];
        if (_options.TestTime is not { Augmentation.IsOff: false } testTime)
        {
            Infer(fitted.Pixels, fitted.Count, outputs, _options.Progress, changes: null, cancellation);
            return new NetworkOutputs(outputs, width, areLogits);
        }
        testTime.Augmentation.RequireFit(images);
        // Logarithms of mean probabilities are logits, too: a softmax leaves them as they are.
        var logarithms = areLogits ? new LogMean(outputs.Length) : null;
        var sums = areLogits ? [] : new double[outputs.Length];
        for (var form = 0; form < testTime.Times; form++)
        {
            var before = (long)fitted.Count * form;
            Infer(
                fitted.Pixels,
                fitted.Count,
                outputs,
                done => _options.Progress?.Invoke((int)((before + done) / testTime.Times)),
                testTime.Changes(form, images.Shape, _session.Workers),
                cancellation
            );
            if (logarithms is not null)
            {
                ToLogProbabilities(outputs, width);
                logarithms.Add(outputs);
            }
            for (var i = 0; i < sums.Length; i++)
                sums[i] += outputs[i];
        }
        return new NetworkOutputs(
            logarithms?.ToArray() ?? Array.ConvertAll(sums, sum => (float)(sum / testTime.Times)),
            width,
            areLogits
        );
    }

    private void Infer(
        ReadOnlyMemory<byte> pixels,
        int images,
        Memory<float> outputs,
        Action<int>? progress,
        IReadOnlyList<IImageChange>? changes,
        CancellationToken cancellation
    )
    {
        var (size, width) = (_model.InputShape.Size, _session.OutputSize);
        lock (_gate)
        {
            for (var done = 0; done < images; done += Round)
            {
                // In each round, because the progress callback may have disposed the predictor.
                ObjectDisposedException.ThrowIf(_disposed, this);
                cancellation.ThrowIfCancellationRequested();
                var count = Math.Min(Round, images - done);
                // An image is changed by its place among all of them.
                var (from, rows) = changes is null
                    ? (done * size, _rows.AsMemory(0, count))
                    : (0, Enumerable.Range(done, count).ToArray());
                _session.Infer(pixels[from..], rows, outputs.Slice(done * width, count * width), changes);
                FiniteAnswers.RequireOutputs(_model, outputs.Span.Slice(done * width, count * width), width, done);
                progress?.Invoke(done + count);
            }
        }
    }

    /// <summary>The softmax of each row.</summary>
    internal static void ToProbabilities(Span<float> logits, int classes)
    {
        ToLogProbabilities(logits, classes);
        foreach (ref var value in logits)
            value = MathF.Exp(value);
    }

    /// <summary>The logarithm of each row's softmax, in fp64, from the largest logit down so that none overflows.</summary>
    internal static void ToLogProbabilities(Span<float> logits, int classes)
    {
        for (var start = 0; start < logits.Length; start += classes)
        {
            var row = logits.Slice(start, classes);
            double maximum = float.NegativeInfinity;
            foreach (var logit in row)
                maximum = Math.Max(maximum, logit);
            var sum = 0.0;
            foreach (var logit in row)
                sum += Math.Exp(logit - maximum);
            var normaliser = maximum + Math.Log(sum);
            foreach (ref var logit in row)
                logit = (float)(logit - normaliser);
        }
    }
}
