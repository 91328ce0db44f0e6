using System.IO.Compression;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Files;

/// <summary>
/// Ten thousand damaged files, 2,500 of each kind: each is read, or refused with the one typed error, within <see cref="FileLimits"/>.
/// Hashes are left out of the copies, so that the damage reaches what lies behind them.
/// </summary>
public sealed class FileFuzzTests : IDisposable
{
    private const int Mutations = 2500;

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
        string[] errors = ["ModelFileInvalid", "WeightsMismatch", "WeightsTypeUnsupported"];
        Fuzz(File.ReadAllBytes(file), path => WeightsFile.Load(model, path), errors);
        var partial = false;
        Fuzz(
            File.ReadAllBytes(file),
            path =>
            {
                partial = !partial;
                WeightsFile.Load(model, path, partial ? WeightMatch.Name : WeightMatch.Order, partial: partial);
            },
            errors
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

    private static bool IsRead(string path, Action<string> read, string[] errors, int mutation)
    {
        try
        {
            read(path);
            return true;
        }
        catch (ConvNetException e) when (errors.Contains(e.ErrorId))
        {
            Assert.Contains(path, e.Target?.ToString(), StringComparison.Ordinal);
            return false;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"mutation {mutation}: {e.Message}", e);
        }
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
            FileLimits.Hold(path, () => refused += IsRead(path, read, errors, i) ? 0 : 1);
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
