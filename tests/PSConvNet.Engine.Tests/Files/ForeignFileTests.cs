using System.IO.Compression;
using System.Text;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Files;

/// <summary>Files of other programs, told by their first bytes and answered with the way that works.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The first bytes that each kind really has, as its own writer leaves them.</summary>
    public static TheoryData<string, string, string> Kinds =>
        new()
        {
            // torch.save before 1.6: pickle's protocol 2, then the magic number 0x1950a86a20f9469cfc6c.
            { "old .pth", "80028A0A6CFC9C46F9206AA850192E80024DE903", "from safetensors.torch import save_file" },
            { ".h5", "894844460D0A1A0A0000000000080800", "from: WeightsOrigin.Keras" },
            // torch.onnx.export: ir_version 8, producer_name "pytorch".
            { ".onnx", "080812077079746F726368", "onnx.numpy_helper" },
            { ".npy", "934E554D505901007600", "safetensors.numpy" },
            { "Git LFS", Hex("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), "git lfs pull" },
            { "page", Hex("\n<!DOCTYPE html><html>"), "web page" },
            {
                "index of several files",
                Hex("{\n  \"weight_map\": {\"fc.weight\": \"a-1.safetensors\"}}"),
                "partial: true"
            },
            { "SavedModel", "080112B2EB03", "from: WeightsOrigin.Keras" },
            { "GGUF", Hex("GGUF\u0003"), "safetensors" },
            { "gzip", "1F8B080000000000", "Unpack" },
            { "PNG", "89504E470D0A1A0A0000000D49484452", "ImageFolder.Read" },
            { "JPEG", "FFD8FFE000104A46494600", "ImageFolder.Read" },
            { "BMP", "424D36000000000000003600000028000000", "ImageFolder.Read" },
            { "PDF", "255044462D312E370A25E2E3CFD30A", "contains no weights" },
            { "7z", "377ABCAF271C0004", "Unpack" },
            { "empty zip", "504B0506000000000000000000000000000000000000", "empty" },
            { "MNIST's images", "000008030000EA60", "MnistSource.Read" },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_of_another_kind_is_answered_with_what_to_do(string kind, string bytes, string answer)
    {
        // Under any name: the ending says nothing.
        var path = _folder.File("net.psconvnet");
        File.WriteAllBytes(path, [.. Convert.FromHexString(bytes), .. new byte[64]]);

        AssertAnswered(path, answer, kind);
    }

    [Theory]
    [InlineData("net/data.pkl net/byteorder net/data/0 net/version", "from safetensors.torch import save_file")]
    [InlineData("script/data/0 script/code/net.py script/data.pkl", "from safetensors.torch import save_file")]
    [InlineData("metadata.json config.json model.weights.h5", "from: WeightsOrigin.Keras")]
    [InlineData("conv1.npy conv2.npy", "safetensors.numpy")]
    [InlineData("[Content_Types].xml _rels/.rels word/document.xml", "office")]
    [InlineData("photos/a.jpg photos/b.jpg", "photos/a.jpg, photos/b.jpg, 0, ...")]
    public void An_archive_of_another_program_is_told_by_its_entries(string entries, string answer)
    {
        var path = _folder.File("net.psconvnet");
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            foreach (var name in entries.Split(' '))
            {
                using var stream = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                stream.Write(new byte[100]);
            }
            // More tensors than an archive of ours has entries.
            for (var i = 0; i < 200; i++)
                zip.CreateEntry($"{i}");
        }

        AssertAnswered(path, answer, entries);
    }

    [Fact]
    public void A_file_of_weights_where_a_model_is_wanted_and_the_other_way_around()
    {
        var model = new Model([new DenseLayer(3)], new Shape(4));
        WeightsFile.Save(model, _folder.File("weights"));
        ModelFile.Save(model, _folder.File("model"));

        var error = Assert.Throws<ConvNetException>(() => ModelFile.Load(_folder.File("weights")));
        var report = WeightsFile.Load(model, _folder.File("model"));

        Assert.Contains("WeightsFile.Load(model, \"weights\")", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, report.Pairs.Count(pair => !pair.Tensor.Contains("statistics", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("Not Found", "begins with 'Not Found'")]
    [InlineData("hi", "a text")]
    [InlineData("\n \n", "a text file without any words")]
    [InlineData("Gewichte für später: äöü", "a text")]
    [InlineData("\uFEFFsays=nothing", "a text")]
    [InlineData("a,b,c\n1,2,3\n4,5,6\n", "numpy.loadtxt")]
    [InlineData("1;2\r\n3;4\r\n5;6\r\n", "numpy.loadtxt")]
    public void A_text_and_an_empty_file_are_called_what_they_are(string text, string answer)
    {
        var path = _folder.File("net.safetensors");
        File.WriteAllText(path, text);

        AssertAnswered(path, answer, text);
    }

    [Fact]
    public void A_long_text_and_one_of_two_bytes_a_letter_are_texts_and_zeros_are_zeros()
    {
        var path = _folder.File("net.safetensors");
        File.WriteAllText(path, "x" + string.Concat(Enumerable.Repeat("äöü€\n", 4000)));
        AssertAnswered(path, "a text", "long");
        File.WriteAllText(path, "Gewichte", Encoding.Unicode);
        AssertAnswered(path, "a text", "UTF-16");
        File.WriteAllBytes(path, new byte[4096]);
        AssertAnswered(path, "zeros", "zeros");
    }

    [Fact]
    public void A_text_can_not_command_the_terminal()
    {
        var path = _folder.File("net.safetensors");
        File.WriteAllText(path, "\u001b[31mred");

        var error = Assert.Throws<ConvNetException>(() => ModelFile.Load(path));

        Assert.DoesNotContain("\u001b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_where_a_folder_of_checkpoints_is_wanted_is_called_a_file()
    {
        File.WriteAllText(_folder.File("net"), "x");

        var error = Assert.Throws<ConvNetException>(() => Checkpoint.Newest(_folder.File("net")));

        Assert.Equal("CheckpointNotFound", error.ErrorId);
        Assert.Contains("is a file", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_called_one()
    {
        var model = new Model([new DenseLayer(3)], new Shape(4));

        var error = Assert.Throws<ConvNetException>(() => WeightsFile.Load(model, _folder.Path));

        Assert.Equal("FileNotReadable", error.ErrorId);
        Assert.Contains("is a folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_file_of_ours_is_still_called_damaged()
    {
        var model = new Model([new DenseLayer(3)], new Shape(4));
        ModelFile.Save(model, _folder.File("model"));
        var bytes = File.ReadAllBytes(_folder.File("model"));
        File.WriteAllBytes(_folder.File("model"), bytes[..^40]);

        var error = Assert.Throws<ConvNetException>(() => ModelFile.Load(_folder.File("model")));

        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    private static void AssertAnswered(string path, string answer, string kind)
    {
        var model = new Model([new DenseLayer(3)], new Shape(4));
        foreach (var read in (Action[])[() => ModelFile.Load(path), () => WeightsFile.Load(model, path)])
        {
            var error = Assert.Throws<ConvNetException>(read);
            Assert.Equal("ModelFileInvalid", error.ErrorId);
            Assert.True(error.Message.Contains(answer, StringComparison.Ordinal), $"{kind}: {error.Message}");
            Assert.DoesNotContain("damaged", error.Message, StringComparison.Ordinal);
        }
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));
}
