using System.Security.Cryptography;
using System.Text;
using PSConvNet.Files;
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
        for (var at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 1;
            File.WriteAllBytes(path, damaged);
            var other = Model();
            try
            {
                WeightsFile.Load(other, path);
                // The sum's own name: the file is one without a sum.
                Assert.Equal(model.Store.Values, other.Store.Values);
                Assert.Equal(["a", "b", "c"], other.ClassNames);
                read++;
            }
            catch (ConvNetException e)
            {
                Assert.Equal("ModelFileInvalid", e.ErrorId);
            }
        }
        Assert.InRange(read, 0, SafetensorsSum.Key.Length);
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
