using System.IO.Compression;
using System.Text;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Files;

/// <summary>Files made to do harm, each in a way that has worked on some other program.</summary>
public sealed class FileAttackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Weights_that_unpack_to_a_gigabyte() =>
        Refused(
            zip =>
            {
                Copy(zip, "model.json");
                using var stream = zip.CreateEntry("weights.safetensors", CompressionLevel.SmallestSize).Open();
                var zeros = new byte[1024 * 1024];
                for (var i = 0; i < 1024; i++)
                    stream.Write(zeros);
            },
            "weights.safetensors"
        );

    [Fact]
    public void A_description_that_unpacks_to_a_gigabyte() =>
        Refused(
            zip =>
            {
                using var stream = zip.CreateEntry("model.json", CompressionLevel.SmallestSize).Open();
                var brackets = new byte[1024 * 1024];
                Array.Fill(brackets, (byte)'[');
                for (var i = 0; i < 1024; i++)
                    stream.Write(brackets);
            },
            "model.json"
        );

    [Fact]
    public void A_description_of_a_million_brackets() => Refused(Json(new string('[', 1_000_000)), "model.json");

    [Fact]
    public void A_description_of_a_million_values() =>
        Refused(Json($"{{\"x\":[{string.Join(',', Enumerable.Repeat('0', 1_000_000))}]}}"), "values");

    [Fact]
    public void Two_entries_of_one_name() =>
        Refused(
            zip =>
            {
                Copy(zip, "model.json");
                Copy(zip, "weights.safetensors");
                Copy(zip, "weights.safetensors");
            },
            "two entries"
        );

    [Fact]
    public void A_thousand_entries() =>
        Refused(
            zip =>
            {
                zip.CreateEntry("model.json");
                for (var i = 1; i < 1000; i++)
                    zip.CreateEntry($"{i}");
            },
            "directory of 1000 entries"
        );

    [Fact]
    public void An_entry_that_points_out_of_the_archive_is_never_unpacked()
    {
        var path = Made(zip =>
        {
            Copy(zip, "model.json");
            Copy(zip, "weights.safetensors");
            using var stream = zip.CreateEntry("../../escaped").Open();
            stream.WriteByte(1);
        });

        ModelFile.Load(path);

        Assert.False(File.Exists(Path.Combine(_folder.Path, "..", "..", "escaped")));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("\"units\": 3", "\"units\": 2147483647")]
    [InlineData("\"units\": 3", "\"units\": 1e99")]
    [InlineData("\"units\": 3", "\"units\": -1")]
    [InlineData("\"units\": 3", "\"units\": null")]
    [InlineData("\"units\": 3", "\"units\": \"3\"")]
    [InlineData("\"inputShape\": [8,", "\"inputShape\": [2147483647,")]
    [InlineData("\"inputShape\": [8,", "\"inputShape\": [NaN,")]
    [InlineData("\"inputShape\": [8,", "\"inputShape\": [0,")]
    [InlineData("\"kind\": \"Flatten\"", "\"kind\": \"System.Diagnostics.Process\"")]
    [InlineData("\"kind\": \"Flatten\"", "\"$type\": \"System.Diagnostics.Process, System\"")]
    [InlineData("\"kind\": \"Flatten\"", "\"kind\": 3")]
    [InlineData("\"formatVersion\": 1", "\"formatVersion\": 2")]
    [InlineData("\"format\": \"psconvnet-model\"", "\"format\": \"another\"")]
    [InlineData("\"divide\": 255", "\"divide\": 0")]
    [InlineData("\"layers\": [", "\"layers\": [ null,")]
    [InlineData("\"trainedEpochs\": 0", "\"trainedEpochs\": {}")]
    [InlineData("\"runs\": []", "\"runs\": [{}]")]
    [InlineData("\"runs\": []", "\"runs\": [null]")]
    [InlineData("\"runs\": []", "\"runs\": 7")]
    [InlineData("\"seed\": 1", "\"seed\": 1, \"seed\": 2")]
    public void A_description_that_claims_what_can_not_be(string from, string to)
    {
        var text = Text("model.json");
        Assert.Contains(from, text, StringComparison.Ordinal);

        Refused(Json(text.Replace(from, to, StringComparison.Ordinal)), "model.json");
    }

    [Fact]
    public void Two_layers_that_claim_more_numbers_than_memory()
    {
        var text = Text("model.json");
        var units = text.Replace("\"units\": 16", "\"units\": 30000000", StringComparison.Ordinal);

        // 64 x 30,000,000 weights are eight gigabytes; the file has a few hundred.
        Refused(
            zip =>
            {
                Write(zip, "model.json", units);
                Copy(zip, "weights.safetensors");
            },
            "30000000"
        );
    }

    [Fact]
    public void Sixty_thousand_layers()
    {
        var layers = string.Join(',', Enumerable.Repeat("{\"kind\":\"Flatten\"}", 60_000));
        var text = Text("model.json");
        var at = text.IndexOf("\"layers\": [", StringComparison.Ordinal) + "\"layers\": [".Length;

        Refused(Json(text[..at] + layers + "," + text[at..]), "60003 layers");
    }

    private static Action<ZipArchive> Json(string text) =>
        zip =>
        {
            Write(zip, "model.json", text);
            Copy(zip, "weights.safetensors");
        };

    private void Refused(Action<ZipArchive> make, string reason)
    {
        var path = Made(make);
        ConvNetException? error = null;

        FileLimits.Hold(path, () => error = Assert.Throws<ConvNetException>(() => ModelFile.Load(path)));

        Assert.NotNull(error);
        Assert.Equal("ModelFileInvalid", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private string Made(Action<ZipArchive> make)
    {
        var path = _folder.File("attack.psconvnet");
        using var stream = File.Create(path);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create);
        make(zip);
        return path;
    }

    private static void Write(ZipArchive zip, string name, string text)
    {
        using var stream = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    private static void Copy(ZipArchive zip, string name)
    {
        using var stream = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        stream.Write(Bytes(name));
    }

    private static string Text(string entry) => Encoding.UTF8.GetString(Bytes(entry));

    /// <summary>An entry of a small model's file.</summary>
    private static byte[] Bytes(string entry)
    {
        using var folder = new TemporaryFolder();
        ModelFile.Save(new Model(Networks.SmallDense, new Shape(8, 8, 1)), folder.File("model"));
        using var zip = ZipFile.OpenRead(folder.File("model"));
        using var stream = zip.GetEntry(entry)!.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
