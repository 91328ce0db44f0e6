using PSConvNet.Runtime;

namespace PSConvNet;

/// <summary>How a prediction is computed.</summary>
/// <param name="Precision">The arithmetic.</param>
/// <param name="Threads">Worker threads; 0 for one a core.</param>
/// <param name="Progress">Is told how many images are done, on the calling thread.</param>
public sealed record PredictionOptions(
    Precision Precision = Precision.Auto,
    int Threads = 0,
    Action<int>? Progress = null
);

/// <summary>What a network gives for a set of images.</summary>
/// <param name="Values">images x <paramref name="Width"/>, row after row.</param>
/// <param name="Width">Outputs an image.</param>
/// <param name="AreLogits">Whether the values are scores that a softmax would make probabilities of.</param>
internal sealed record NetworkOutputs(float[] Values, int Width, bool AreLogits);

/// <summary>
/// A model's answers to images, computed on all cores without anything that only training needs.
/// </summary>
public static class Predictor
{
    /// <summary>Images between two looks at the clock and at the cancellation.</summary>
    private const int Round = 2048;

    /// <summary>The probability of each class for each image.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images; fitted to the model as <see cref="ModelInput.Fit"/> says.</param>
    /// <param name="options">How, or null for the usual way.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>
    /// images x classes, row after row. Each row sums to 1 where the network ends in a softmax or in no activation at all;
    /// otherwise it is what the network gives.
    /// </returns>
    /// <exception cref="ConvNetException"><c>DataShapeMismatch</c>, <c>ModelBusy</c>, <c>NativeLibraryMissing</c>.</exception>
    public static float[] Predict(
        Model model,
        ImageSet images,
        PredictionOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        var outputs = Run(model, images, options ?? new PredictionOptions(), cancellation);
        if (!outputs.AreLogits)
            return outputs.Values;
        ToLogProbabilities(outputs.Values, outputs.Width);
        foreach (ref var value in outputs.Values.AsSpan())
            value = MathF.Exp(value);
        return outputs.Values;
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
        using var claim = model.UseForReading();
        var plan = ExecutionPlan.Create(model.Kernels, toLogits: true);
        var workers = Session.WorkerCount(options.Threads, fitted.Count);
        using var session = new Session(plan, model.Store, options.Precision, workers, training: false);
        int[] rows = [.. Enumerable.Range(0, fitted.Count)];
        var outputs = new float[checked(fitted.Count * session.OutputSize)];
        for (var done = 0; done < fitted.Count; done += Round)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(Round, fitted.Count - done);
            session.Infer(fitted.Pixels, rows.AsMemory(done, count), outputs.AsMemory(done * session.OutputSize));
            options.Progress?.Invoke(done + count);
        }
        return new NetworkOutputs(outputs, session.OutputSize, plan.Output == OutputKind.Logits);
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
