namespace PSConvNet.Benchmarks.Measurements;

/// <summary>What comes before and after training: importing digits, measuring a model, predicting a thousand images and one.</summary>
internal sealed class EngineInference() : Measurement("PSConvNet, inference")
{
    public static EngineInference Instance { get; } = new();

    /// <summary>Reading the digits of files that are there.</summary>
    public Quantity Import { get; } = new("importing cached digits", "s");

    /// <summary>Loss, accuracy and confusion of the test images, sessions and all.</summary>
    public Quantity Evaluation { get; } = new("evaluating 10,000 images, Auto", "s");

    /// <summary>A thousand images at a time through a kept predictor, Auto.</summary>
    public Quantity Rate { get; } = new("PSConvNet, 1,000 images at a time, Auto", "images/s");

    /// <summary>One image through a kept predictor.</summary>
    public Quantity Latency { get; } = new("PSConvNet, one image, kept predictor", "us");

    /// <summary>One image through the static method, which sets up and takes down a session.</summary>
    public Quantity ColdLatency { get; } = new("PSConvNet, one image, Predictor.Predict", "us");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Import, Evaluation, Rate, Latency, ColdLatency];

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        var (runs, seconds) = (5, effort.Quick ? 0.5 : 3.0);
        var import = Statistics.MedianSeconds(runs, () => Digits.Load());
        var (model, data) = (Networks.TutorialConv(), Digits.Load());
        var evaluation = Statistics.MedianSeconds(runs, () => Evaluator.Measure(model, data.Test));
        var rate = 1000 / Seconds(model, data.Test, images: 1000, Precision.Auto, seconds);

        // Which arithmetic suits one image is not what suits a batch.
        var latencies = new[] { Precision.Float32, Precision.Auto.Resolve() }
            .Distinct()
            .ToDictionary(precision => precision, precision => Seconds(model, data.Test, 1, precision, seconds));
        var (best, latency) = latencies.MinBy(pair => pair.Value);
        var one = data.Test.Take(1);
        var cold = Statistics.MedianSecondsOver(0.3, seconds, () => Predictor.Predict(model, one));
        return new Outcome(
            [import, evaluation, rate, latency * 1e6, cold * 1e6],
            $"one image: {best} ({string.Join(", ", latencies.Select(l => FormattableString.Invariant($"{l.Key} {l.Value * 1e6:N0} us")))})"
        );
    }

    /// <summary>The median time of a call to a predictor that is kept.</summary>
    private static double Seconds(Model model, ImageSet data, int images, Precision precision, double seconds)
    {
        var pixels = data.Pixels[..(images * model.InputShape.Size)];
        var probabilities = new float[images * model.OutputShape.Size];
        using var predictor = new Predictor(model, new PredictionOptions(precision));
        return Statistics.MedianSecondsOver(warmUp: 0.4, seconds, () => predictor.Predict(pixels, probabilities));
    }
}
