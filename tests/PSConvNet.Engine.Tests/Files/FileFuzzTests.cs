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
            var bytes = Mutate(whole, random);
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

    private static byte[] Mutate(byte[] whole, Random random)
    {
        var bytes = whole.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            // Headers and directories lie at the ends, and are small beside what they describe.
            var at = random.Next(3) switch
            {
                0 => random.Next(bytes.Count),
                1 => random.Next(Math.Min(bytes.Count, 4000)),
                _ => bytes.Count - 1 - random.Next(Math.Min(bytes.Count, 400)),
            };
            var count = random.Next(1, Math.Min(64, bytes.Count - at) + 1);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    byte[] interesting =
                    [
                        0,
                        1,
                        0x7f,
                        0x80,
                        0xff,
                        (byte)'9',
                        (byte)'"',
                        (byte)'{',
                        (byte)'[',
                        (byte)'-',
                    ];
                    for (var i = at; i < at + Math.Min(count, 8); i++)
                        bytes[i] = interesting[random.Next(interesting.Length)];
                    break;
                case 3:
                    bytes.RemoveRange(at, count);
                    break;
                case 4:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, count));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
            if (bytes.Count == 0)
                bytes.Add(0);
        }
        return [.. bytes];
    }

    /// <summary>The archive without its hashes.</summary>
    private static byte[] Bare(string file)
    {
        using (var zip = ZipFile.Open(file, ZipArchiveMode.Update))
            zip.GetEntry("SHA256SUMS")!.Delete();
        return File.ReadAllBytes(file);
    }
}
