using Microsoft.ML.OnnxRuntime;

namespace PSConvNet.Tests.Files.Onnx;

/// <summary>ONNX Runtime with an exported model: it decides what the file means.</summary>
internal sealed class OnnxPeer(Model model) : IDisposable
{
    public InferenceSession Session { get; } = new(Export(model));

    public void Dispose() => Session.Dispose();

    public static byte[] Export(Model model)
    {
        using var file = new MemoryStream();
        OnnxFile.Write(model, file);
        return file.ToArray();
    }

    /// <summary>The outputs, image after image.</summary>
    public float[] Run(ImageSet images)
    {
        var pixels = images.Pixels.ToArray().Select(pixel => pixel / 255f).ToArray();
        long[] shape = [images.Count, .. images.Shape.Dimensions];
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, shape);
        using var options = new RunOptions();
        using var outputs = Session.Run(options, [OnnxFile.InputName], [input], [OnnxFile.OutputName]);
        Assert.Equal([images.Count, model.OutputShape.Size], outputs[0].GetTensorTypeAndShape().Shape);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Holds the model's predictions of one image and of five to the runtime's.</summary>
    public static void AssertAgrees(IReadOnlyList<LayerSpec> layers, Shape input, double tolerance = 1e-5)
    {
        var model = new Model(layers, input);
        Disturb(model);
        using var peer = new OnnxPeer(model);
        var pixels = new byte[5 * input.Size];
        new Random(2).NextBytes(pixels);
        var five = new ImageSet("five", pixels, new int[5], input);
        foreach (var images in (ImageSet[])[five.Take(1), five])
        {
            var ours = Predictor.Predict(model, images, new PredictionOptions(Precision.Float32));
            var theirs = peer.Run(images);

            var difference = ours.Zip(theirs, (a, b) => Math.Abs((double)a - b)).Max();
            Assert.All(theirs, value => Assert.True(float.IsFinite(value)));
            Assert.True(
                difference < tolerance,
                $"{string.Join(" > ", layers)} on {images.Count} x {input}: differs by {difference}"
            );
        }
    }

    /// <summary>Gives every parameter values that matter: fresh biases are zero, and fresh statistics do nothing.</summary>
    public static void Disturb(Model model, int seed = 1)
    {
        var random = new Random(seed);
        foreach (var slot in model.Store.Slots)
        {
            var (from, to) = slot.Spec.Name switch
            {
                "kernel" => (-0.5f, 0.5f),
                "gamma" => (0.5f, 1.5f),
                "moving_mean" => (0f, 1f),
                "moving_variance" => (0.2f, 2f),
                _ => (-1f, 1f),
            };
            foreach (ref var value in model.Store.Span(slot))
                value = from + (to - from) * random.NextSingle();
        }
    }
}
