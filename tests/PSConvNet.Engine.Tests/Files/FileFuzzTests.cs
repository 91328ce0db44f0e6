using System.Diagnostics;
using System.IO.Compression;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Files;

/// <summary>
/// Ten thousand damaged copies of each kind of file: each is read, or refused with the one typed error, within two seconds and 64 MB
/// more than the file's size. Hashes are left out of the copies, so that the damage reaches what lies behind them.
/// </summary>
public sealed class FileFuzzTests : IDisposable
{
    private const int Mutations = 10_000;
    private const long Allowance = 64 * 1024 * 1024;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Models()
    {
        var model = new Model(Networks.SmallOfEverything, new Shape(8, 8, 1));
        var file = _folder.File("model");
        ModelFile.Save(model, file);
        Fuzz(Bare(file), path => ModelFile.Load(path), "ModelFileInvalid");
    }

    [Fact]
    public void Weights()
    {
        var model = new Model(Networks.SmallOfEverything, new Shape(8, 8, 1));
        var file = _folder.File("weights");
        WeightsFile.Save(model, file);
        // A file may well be whole and not fit.
        Fuzz(File.ReadAllBytes(file), path => WeightsFile.Load(model, path), "ModelFileInvalid", "WeightsMismatch");
        Fuzz(
            File.ReadAllBytes(file),
            path => WeightsFile.Load(model, path, WeightMatch.Order),
            "ModelFileInvalid",
            "WeightsMismatch"
        );
    }

    [Fact]
    public void Checkpoints()
    {
        var folder = _folder.File("checkpoints");
        var model = new Model(Networks.SmallDense, new Shape(8, 8, 1));
        new Trainer(model, Networks.Bars(), new TrainingOptions { Epochs = 1, AverageDecay = 0.9 })
        {
            Checkpoints = new(folder),
        }.Run();
        Fuzz(Bare(Directory.GetFiles(folder, "step-*").Max()!), path => Checkpoint.Read(path), "ModelFileInvalid");
    }

    private void Fuzz(byte[] whole, Action<string> read, params string[] errors)
    {
        var random = new Random(whole.Length);
        var path = _folder.File("mutated");
        var refused = 0;
        for (var i = 0; i < Mutations; i++)
        {
            var bytes = Mutation.Of(whole, random);
            File.WriteAllBytes(path, bytes);
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var clock = Stopwatch.StartNew();
            try
            {
                read(path);
            }
            catch (ConvNetException e) when (errors.Contains(e.ErrorId))
            {
                refused++;
                Assert.Contains(path, e.Target?.ToString(), StringComparison.Ordinal);
            }
            catch (Exception e)
            {
                Assert.Fail($"mutation {i}: {e}");
            }
            var slow = clock.Elapsed.TotalSeconds > FileLimits.Seconds;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (slow)
                FileLimits.TakesNoLongerThanTwoSeconds(() => Record.Exception(() => read(path)));
            Assert.True(
                allocated <= bytes.Length + Allowance,
                $"mutation {i}: {allocated} bytes for a file of {bytes.Length}"
            );
        }
        // Damage to a weight's bits can't be told from a weight.
        Assert.InRange(refused, Mutations / 10, Mutations);
    }

    /// <summary>The archive without its hashes.</summary>
    private static byte[] Bare(string file)
    {
        using (var zip = ZipFile.Open(file, ZipArchiveMode.Update))
            zip.GetEntry("SHA256SUMS")!.Delete();
        return File.ReadAllBytes(file);
    }
}
