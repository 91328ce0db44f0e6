using Microsoft.ML.OnnxRuntime;

namespace PSConvNet.Benchmarks.Measurements;

/// <summary>
/// ONNX Runtime in fp32 with a thread a core, on the tutorial's network with our model's weights: a thousand images at once, and one.
/// It gets its images as floats, made beforehand; ours makes them of bytes within the time.
/// </summary>
internal sealed class OnnxRuntimePeer() : Measurement("ONNX Runtime, fp32")
{
    public static OnnxRuntimePeer Instance { get; } = new();

    /// <summary>A thousand images at a time.</summary>
    public Quantity Rate { get; } = new("ONNX Runtime, 1,000 images at a time", "images/s");

    /// <summary>One image.</summary>
    public Quantity Latency { get; } = new("ONNX Runtime, one image", "us");

    /// <inheritdoc />
    public override IReadOnlyList<Quantity> Quantities => [Rate, Latency];

    /// <inheritdoc />
    public override Outcome Run(Effort effort)
    {
        const int images = 1000;
        var (model, data) = (Networks.TutorialConv(), Digits.Load());
        using var options = new SessionOptions
        {
            IntraOpNumThreads = Environment.ProcessorCount,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        using var file = new MemoryStream();
        OnnxFile.Write(model, file);
        using var session = new InferenceSession(file.ToArray(), options);
        var classes = model.OutputShape.Size;
        var pixels = data.Test.Pixels[..(images * model.InputShape.Size)];
        using var many = new Batch(session, Digits.ToFloats(pixels.Span), classes);
        using var one = new Batch(session, Digits.ToFloats(data.Test.GetImage(0).Span), classes);
        var seconds = effort.Quick ? 0.5 : 3;
        var rate = images / Statistics.MedianSecondsOver(warmUp: 0.3, seconds, many.Run);
        var latency = Statistics.MedianSecondsOver(warmUp: 0.3, seconds, one.Run);
        // Last, so that nothing of libtorch is in the process while the peer is measured.
        var difference = RequireEqual(model, pixels, many.Outputs);
        return new Outcome(
            [rate, latency * 1e6],
            FormattableString.Invariant(
                $"version {OrtEnv.Instance().GetVersionString()}, {Environment.ProcessorCount} threads; its probabilities differ from ours in fp32 by at most {difference:0.0e0}"
            )
        );
    }

    /// <summary>Makes sure that the peer is the same network; gives the largest difference of a probability.</summary>
    private static double RequireEqual(Model model, ReadOnlyMemory<byte> pixels, float[] theirs)
    {
        const double tolerance = 1e-4;
        var ours = new float[theirs.Length];
        using (var predictor = new Predictor(model, new PredictionOptions(Precision.Float32)))
            predictor.Predict(pixels, ours);
        var difference = ours.Zip(theirs, (a, b) => Math.Abs((double)a - b)).Max();
        return difference <= tolerance
            ? difference
            : throw new InvalidOperationException($"The peer is another network: its outputs differ by {difference}.");
    }

    /// <summary>Images and the memory of their outputs, bound once as a program that minds its latency does.</summary>
    private sealed class Batch : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly RunOptions _options = new();
        private readonly OrtValue _input;
        private readonly OrtValue _output;

        public Batch(InferenceSession session, float[] images, int classes)
        {
            const int size = 28 * 28;
            _session = session;
            Outputs = new float[images.Length / size * classes];
            _input = OrtValue.CreateTensorValueFromMemory(images, [images.Length / size, 28, 28, 1]);
            _output = OrtValue.CreateTensorValueFromMemory(Outputs, [images.Length / size, classes]);
        }

        public float[] Outputs { get; }

        public void Run() => _session.Run(_options, [OnnxFile.InputName], [_input], [OnnxFile.OutputName], [_output]);

        public void Dispose()
        {
            _output.Dispose();
            _input.Dispose();
            _options.Dispose();
        }
    }
}
