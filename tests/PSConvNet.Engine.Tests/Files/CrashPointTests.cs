using PSConvNet.Tests.Runtime;
using Xunit.Abstractions;

namespace PSConvNet.Tests.Files;

/// <summary>
/// A program that ends, or whose disk fails, at each write, flush, renaming and deletion in turn: what is found afterwards is the state before or
/// the state after.
/// </summary>
public sealed class CrashPointTests(ITestOutputHelper output) : IDisposable
{
    private static readonly Dataset s_data = Networks.Bars(train: 64, test: 16);
    private static readonly Shape s_shape = new(8, 8, 1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("psconvnet", false)]
    [InlineData("psconvnet", true)]
    [InlineData("safetensors", false)]
    [InlineData("safetensors", true)]
    [InlineData("onnx", false)]
    [InlineData("onnx", true)]
    public void A_models_file(string format, bool dies)
    {
        var path = _folder.File("net." + format);
        Save(Model(1), path);
        var before = File.ReadAllBytes(path);
        Save(Model(2), path);
        var after = File.ReadAllBytes(path);
        File.WriteAllBytes(path, before);

        var points = CrashPoints.AtEach(
            dies,
            () => Save(Model(2), path),
            () =>
            {
                var found = File.ReadAllBytes(path);
                Assert.True(found.AsSpan().SequenceEqual(before) || found.AsSpan().SequenceEqual(after));
                // Where the program lived on, it left nothing behind.
                if (!dies)
                    Assert.Equal([path], Directory.GetFiles(_folder.Path));
                File.WriteAllBytes(path, before);
            }
        );

        output.WriteLine($"{points} points");
        Assert.InRange(points, 5, 200);
        Assert.Equal(after, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_training_with_checkpoints(bool dies)
    {
        var expected = Begin(_folder.File("undisturbed"));
        var number = 0;
        var folder = "";

        var points = CrashPoints.AtEach(
            dies,
            () => Begin(folder = _folder.File($"{number++}")),
            () =>
            {
                WritingDisk.Use(null);
                // Nothing, the state of some checkpoint, never half of one: and the run goes on from there to the same bits.
                var run = Directory.GetFiles(folder, "step-*.psconvnet").Length == 0 ? null : GoOn(folder);
                if (run is not null)
                    Assert.Equal(expected, run);
                Directory.Delete(folder, recursive: true);
            }
        );

        output.WriteLine($"{points} points");
        Assert.InRange(points, 50, 1000);
    }

    private static Model Model(int seed) => new(Networks.SmallDense, s_shape, seed: seed);

    private static void Save(Model model, string path)
    {
        if (path.EndsWith("onnx", StringComparison.Ordinal))
            OnnxFile.Save(model, path);
        else if (path.EndsWith("safetensors", StringComparison.Ordinal))
            WeightsFile.Save(model, path);
        else
            ModelFile.Save(model, path);
    }

    private static float[] Begin(string folder)
    {
        var options = new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 32,
            Threads = 1,
            Optimizer = new SgdOptimizer(),
        };
        return
        [
            .. new Trainer(Model(1), s_data, options) { Checkpoints = new(folder) { KeepLast = 1 } }
                .Run()
                .Model.Store.Values,
        ];
    }

    private static float[] GoOn(string folder) =>
        [
            .. new Trainer(Checkpoint.Newest(folder, warning => Assert.Fail(warning)), s_data, null)
            {
                Checkpoints = new(folder) { KeepLast = 1 },
            }
                .Run()
                .Model.Store.Values,
        ];
}
