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
        Refused(
            zip =>
            {
                Copy(zip, "model.json");
                Copy(zip, "weights.safetensors");
                using var stream = zip.CreateEntry("../../escaped").Open();
                stream.WriteByte(1);
            },
            "../../escaped"
        );

        Assert.False(File.Exists(Path.Combine(_folder.Path, "..", "..", "escaped")));
        Assert.Equal([_folder.File("attack.psconvnet")], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_wrong_bit_in_the_name_of_the_hashes_does_not_turn_checking_off() =>
        Refused(
            zip =>
            {
                Copy(zip, "model.json");
                Copy(zip, "weights.safetensors");
                Write(zip, "SHA256RUMS", "nothing");
            },
            "SHA256RUMS"
        );

    [Theory]
    [InlineData("model.json")]
    [InlineData("weights.safetensors")]
    public void A_second_line_for_an_entry_in_the_hashes(string twice) =>
        Refused(
            zip =>
            {
                Copy(zip, "model.json");
                Copy(zip, "weights.safetensors");
                Write(zip, "SHA256SUMS", Text("SHA256SUMS") + $"{new string('0', 64)}  {twice}\n");
            },
            $"it has two lines for {twice}"
        );

    [Fact]
    public void An_unknown_entry_whose_hash_is_another() =>
        Refused(
            zip =>
            {
                Copy(zip, "model.json");
                Copy(zip, "weights.safetensors");
                Write(zip, "later.json", "{}");
                Write(zip, "SHA256SUMS", Text("SHA256SUMS") + $"{new string('0', 64)}  later.json\n");
            },
            "later.json: its bytes don't match their hash"
        );

    [Fact]
    public void An_entry_that_the_hashes_do_not_name() =>
        Refused(
            zip =>
            {
                Copy(zip, "model.json");
                Copy(zip, "weights.safetensors");
                Write(zip, "later.json", "{}");
                Copy(zip, "SHA256SUMS");
            },
            "it does not name later.json"
        );

    [Fact]
    public void A_wrong_sum_of_zips_own_beside_right_hashes()
    {
        var path = Made(zip =>
        {
            Copy(zip, "model.json");
            Copy(zip, "weights.safetensors");
            Copy(zip, "SHA256SUMS");
        });
        var bytes = File.ReadAllBytes(path);
        // The first entry's CRC-32 in the directory.
        bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 16] ^= 1;
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<ConvNetException>(() => ModelFile.Load(path));

        Assert.Equal("ModelFileInvalid", error.ErrorId);
        Assert.Contains("model.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_classes_of_one_name()
    {
        var text = Text("model.json");
        Assert.Contains("\"classNames\": []", text, StringComparison.Ordinal);

        // The second is the same in Unicode's composed form.
        Refused(
            Json(text.Replace("\"classNames\": []", "\"classNames\": [\"caf\u00e9\", \"b\", \"cafe\u0301\"]")),
            "two classes are called 'caf\u00e9'"
        );
    }

    [Fact]
    public void Weights_from_a_damaged_archive_leave_the_network_as_it_was()
    {
        var model = new Model(Networks.SmallDense, new Shape(8, 8, 1), seed: 5);
        var before = model.Store.Values.ToArray();
        var path = Made(zip =>
        {
            Copy(zip, "model.json");
            Copy(zip, "weights.safetensors");
            Write(zip, "SHA256SUMS", Text("SHA256SUMS"));
        });
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf("__metadata__"u8) + 1500] ^= 1;
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<ConvNetException>(() => WeightsFile.Load(model, path));

        Assert.Equal("ModelFileInvalid", error.ErrorId);
        Assert.Equal(before, model.Store.Values);
    }

    [Fact]
    public void A_wrong_bit_in_weights_without_hashes_is_found_by_zips_own_sum()
    {
        var path = Made(zip =>
        {
            Copy(zip, "model.json");
            Copy(zip, "weights.safetensors");
        });
        ModelFile.Load(path);
        var bytes = File.ReadAllBytes(path);
        // The last weight, before the directory.
        bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) - 1] ^= 1;
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<ConvNetException>(() => ModelFile.Load(path));

        Assert.Equal("ModelFileInvalid", error.ErrorId);
        Assert.Contains("weights.safetensors", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_billion_outputs_without_a_weight()
    {
        const string flat =
            """{"format": "psconvnet-model", "formatVersion": 1, "name": "base", "inputShape": [2147483647, 1, 1], "normalization": {"subtract": 0, "divide": 255}, "classNames": [], "seed": 1, "trainedEpochs": 2, "layers": [{"kind": "Flatten"}], "runs": []}""";

        Refused(Json(flat), "2147483647");
        Refused(Json(flat.Replace("2147483647", "268435456", StringComparison.Ordinal)), "268435456");
    }

    [Fact]
    public void A_tensor_whose_name_has_ten_million_letters()
    {
        var header = $"{{\"{new string('n', 10_000_000)}\":{{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,8]}}}}";
        var path = _folder.File("long.safetensors");
        File.WriteAllBytes(
            path,
            [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), 0, 0, 0, 0]
        );
        var model = new Model(Networks.SmallDense, new Shape(8, 8, 1));
        ConvNetException? error = null;

        FileLimits.Hold(path, () => error = Assert.Throws<ConvNetException>(() => WeightsFile.Load(model, path)));

        Assert.Equal("ModelFileInvalid", error!.ErrorId);
        Assert.InRange(error.Message.Length, 20, 500);
    }

    [Fact]
    public void A_name_that_a_terminal_would_obey_is_shown_instead()
    {
        var text = Text("model.json")
            .Replace("\"name\": \"model\"", "\"name\": \"\\u001b[2Jm\\u0007\\u009b\"", StringComparison.Ordinal);

        var model = ModelFile.Load(Made(Json(text)));

        Assert.Equal("\u241b[2Jm\u2407\ufffd", model.Name);
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

    [Theory]
    [InlineData("\"trainedEpochs\": 0", "\"trainedEpochs\": 0, \"ofLater\": \"\u00ff\"")]
    [InlineData("\"name\": \"flatten_1\"", "\"name\": \"flatten_1\", \"ofLater\": [\"a\u00ff\"]")]
    [InlineData("\"name\": \"model\"", "\"name\": \"\u00ffmodel\"")]
    public void A_description_that_is_not_UTF8(string from, string to)
    {
        var text = Text("model.json");
        Assert.Contains(from, text, StringComparison.Ordinal);
        var bytes = Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal));

        Refused(
            zip =>
            {
                using (var stream = zip.CreateEntry("model.json").Open())
                    stream.Write(bytes);
                Copy(zip, "weights.safetensors");
            },
            "UTF-8"
        );
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
