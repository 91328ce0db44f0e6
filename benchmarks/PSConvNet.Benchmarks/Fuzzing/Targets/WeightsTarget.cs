using PSConvNet.Benchmarks.Fuzzing.Mutations;

namespace PSConvNet.Benchmarks.Fuzzing.Targets;

/// <summary>
/// Safetensors, read in each way into a network. One that is refused leaves the network as it was; one that is accepted is written again and
/// read again as the same.
/// </summary>
/// <param name="folder">A folder for what is written.</param>
internal sealed class WeightsTarget(string folder)
    : FuzzTarget(
        "safetensors",
        new SafetensorsMutation(),
        "ModelFileInvalid",
        "WeightsMismatch",
        "WeightsTypeUnsupported",
        "ClassUnknown"
    )
{
    private static readonly string[] s_classes = ["top", "middle", "bottom"];

    // Layers are drawn by chance, but by the same chance each time.
    private static Model Network(bool isNamed) =>
        new(Samples.Everything, Samples.Shape) { ClassNames = isNamed ? s_classes : [] };

    private readonly string _again = Path.Combine(folder, "again.safetensors");
    private readonly float[] _before = [.. Network(isNamed: false).Store.Values];

    /// <inheritdoc />
    public override IEnumerable<byte[]> Seeds()
    {
        foreach (var isNamed in (bool[])[false, true])
        {
            WeightsFile.Save(Network(isNamed), _again);
            yield return File.ReadAllBytes(_again);
        }
    }

    /// <inheritdoc />
    public override object? Read(byte[] input, string path)
    {
        Model? read = null;
        foreach (
            var (match, from, isPartial, isNamed) in (ReadOnlySpan<(WeightMatch, WeightsOrigin, bool, bool)>)
                [
                    (WeightMatch.Name, WeightsOrigin.PyTorch, false, false),
                    (WeightMatch.Name, WeightsOrigin.PyTorch, true, true),
                    (WeightMatch.Order, WeightsOrigin.PyTorch, false, true),
                    (WeightMatch.Name, WeightsOrigin.Keras, false, false),
                ]
        )
        {
            var model = Network(isNamed);
            try
            {
                WeightsFile.Load(model, path, match, from, isPartial);
                read = model;
            }
            catch (ConvNetException e) when (IsPromised(e))
            {
                Require(
                    model.Store.Values.AsSpan().SequenceEqual(_before),
                    "a network is as it was where the file is refused"
                );
            }
        }
        return read;
    }

    /// <inheritdoc />
    public override void Check(object read)
    {
        var model = (Model)read;
        WeightsFile.Save(model, _again);
        var first = File.ReadAllBytes(_again);
        var other = Network(isNamed: false);
        Again(() => WeightsFile.Load(other, _again));
        WeightsFile.Save(other, _again);
        Require(
            first.AsSpan().SequenceEqual(File.ReadAllBytes(_again)),
            "weights that are saved, read and saved again give the same bytes"
        );
    }
}
