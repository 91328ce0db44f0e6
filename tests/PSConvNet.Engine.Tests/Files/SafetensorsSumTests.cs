using System.Security.Cryptography;
using System.Text;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Files;

public sealed class SafetensorsSumTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_sum_is_that_of_the_file_with_zeros_in_its_place()
    {
        var bytes = File.ReadAllBytes(Saved(Model()));
        var text = Encoding.Latin1.GetString(bytes);
        var at = text.IndexOf("\"psconvnet.sha256\":\"", StringComparison.Ordinal) + "\"psconvnet.sha256\":\"".Length;
        var sum = text.Substring(at, 64);
        Encoding.ASCII.GetBytes(new string('0', 64)).CopyTo(bytes, at);

        Assert.Equal(Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant(), sum);
    }

    [Fact]
    public void A_wrong_bit_anywhere_is_found_or_changes_nothing()
    {
        var model = Model();
        var path = Saved(model);
        var whole = File.ReadAllBytes(path);
        var read = 0;
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            File.WriteAllBytes(path, damaged);
            var other = Model();
            try
            {
                WeightsFile.Load(other, path);
                // A digit of the sum in upper case.
                Assert.Equal(model.Store.Values, other.Store.Values);
                Assert.Equal(["a", "b", "c"], other.ClassNames);
                read++;
            }
            catch (ConvNetException e)
            {
                Assert.Equal("ModelFileInvalid", e.ErrorId);
            }
        }
        Assert.InRange(read, 0, SafetensorsSum.Digits);
    }

    [Theory]
    [InlineData("psconvnet.sha256", "psconvnet.sha257")]
    [InlineData("\"psconvnet.sha256\"", "\"PSCONVNET.SHA256\"")]
    public void A_file_of_this_program_whose_sum_has_another_name_is_refused(string name, string other)
    {
        var path = Saved(Model());
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        // As long as before, at the cost of the blanks behind it.
        var header = (int)BitConverter.ToInt64(File.ReadAllBytes(path).AsSpan(0, 8)) + other.Length - name.Length;
        var changed = Encoding.Latin1.GetBytes(text.Replace(name, other, StringComparison.Ordinal));
        BitConverter.GetBytes((long)header).CopyTo(changed, 0);
        File.WriteAllBytes(path, changed);

        var error = Assert.Throws<ConvNetException>(() => WeightsFile.Load(Model(), path));

        Assert.Equal("ModelFileInvalid", error.ErrorId);
        Assert.Contains("sha256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_weights_out_of_a_model_s_archive_need_no_sum()
    {
        var (model, path) = (Model(), _folder.File("entry"));
        ModelFile.Save(model, _folder.File("net.psconvnet"));
        using (var zip = System.IO.Compression.ZipFile.OpenRead(_folder.File("net.psconvnet")))
        using (var entry = zip.GetEntry("weights.safetensors")!.Open())
        using (var file = File.Create(path))
            entry.CopyTo(file);
        var other = Model();

        WeightsFile.Load(other, path);

        Assert.Equal(model.Store.Values, other.Store.Values);
    }

    [Fact]
    public void A_file_without_a_sum_is_read_and_a_damaged_one_leaves_the_model_as_it_was()
    {
        var (model, path) = (Model(), _folder.File("bare"));
        using (var stream = File.Create(path))
            WeightsFile.Write(model, TorchLayout.Of(model, exact: true), stream);
        WeightsFile.Load(Model(), path);

        path = Saved(model);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        var other = new Model(Networks.SmallDense, new Shape(2, 2, 1), seed: 7);
        float[] before = [.. other.Store.Values];

        var error = Assert.Throws<ConvNetException>(() => WeightsFile.Load(other, path));

        Assert.Contains("sum", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, other.Store.Values);
    }

    private static Model Model() => new(Networks.SmallDense, new Shape(2, 2, 1)) { ClassNames = ["a", "b", "c"] };

    private string Saved(Model model)
    {
        var path = _folder.File("weights.safetensors");
        WeightsFile.Save(model, path);
        return path;
    }
}
