using PSConvNet.Runtime;

namespace PSConvNet;

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
    /// <param name="precision">The arithmetic.</param>
    /// <param name="threads">Worker threads; 0 for one a core.</param>
    /// <param name="progress">Is told how many images are done.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>
    /// images x classes, row after row. Each row sums to 1 where the network ends in a softmax or in no activation at all;
    /// otherwise it is what the network gives.
    /// </returns>
    /// <exception cref="ConvNetException"><c>DataShapeMismatch</c>, <c>ModelBusy</c>, <c>NativeLibraryMissing</c>.</exception>
    public static float[] Predict(
        Model model,
        ImageSet images,
        Precision precision = Precision.Auto,
        int threads = 0,
        Action<int>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var fitted = ModelInput.Fit(model, images);
        using var claim = model.UseForReading();
        var plan = ExecutionPlan.Create(model.Kernels, toLogits: true);
        var workers = Session.WorkerCount(threads, fitted.Count);
        using var session = new Session(plan, model.Store, precision, workers, training: false);
        int[] rows = [.. Enumerable.Range(0, fitted.Count)];
        var outputs = new float[checked(fitted.Count * session.OutputSize)];
        for (var done = 0; done < fitted.Count; done += Round)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(Round, fitted.Count - done);
            session.Infer(fitted.Pixels, rows.AsMemory(done, count), outputs.AsMemory(done * session.OutputSize));
            progress?.Invoke(done + count);
        }
        if (plan.Output == OutputKind.Logits)
            Normalise(outputs, session.OutputSize);
        return outputs;
    }

    /// <summary>Softmax of each row, in fp64, from the largest logit down so that none overflows.</summary>
    private static void Normalise(Span<float> logits, int classes)
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
            foreach (ref var logit in row)
                logit = (float)(Math.Exp(logit - maximum) / sum);
        }
    }
}
