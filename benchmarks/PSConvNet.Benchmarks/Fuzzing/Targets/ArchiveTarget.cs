using PSConvNet.Benchmarks.Fuzzing.Mutations;

namespace PSConvNet.Benchmarks.Fuzzing.Targets;

/// <summary>Model files; what is accepted can be shown, is written again and read again as the same, and answers.</summary>
/// <param name="name">The target's name.</param>
/// <param name="entry">The entry that is changed most; null for any.</param>
/// <param name="folder">A folder for what is written.</param>
internal sealed class ArchiveTarget(string name, string? entry, string folder)
    : FuzzTarget(name, new ArchiveMutation(entry), "ModelFileInvalid")
{
    private const int LargestNetwork = 100_000;
    private readonly string _again = Path.Combine(folder, "again.psconvnet");

    /// <inheritdoc />
    public override IEnumerable<byte[]> Seeds()
    {
        foreach (var layers in (LayerSpec[][])[Samples.Dense, Samples.Everything])
        {
            ModelFile.Save(Samples.Trained(layers), _again);
            yield return File.ReadAllBytes(_again);
        }
    }

    /// <inheritdoc />
    public override object? Read(byte[] input, string path) => ModelFile.Load(path);

    /// <inheritdoc />
    public override void Check(object read)
    {
        var model = (Model)read;
        RequireSound(model, _again);
        Ask(model);
    }

    /// <summary>Computes an answer, unless that takes long because the file wants a large network.</summary>
    private static void Ask(Model model)
    {
        if (
            model.ParameterCount > LargestNetwork
            || model.Summary.Layers.Sum(layer => (long)layer.OutputShape.Size) > LargestNetwork
        )
            return;
        var answers = new float[model.OutputShape.Size];
        try
        {
            using var predictor = new Predictor(model);
            predictor.Predict(new byte[model.InputShape.Size], answers);
        }
        catch (ConvNetException e) when (e.ErrorId == "PredictionsInvalid")
        {
            return;
        }
        Require(answers.All(float.IsFinite), "every answer is a number");
    }

    /// <summary>Holds a model to what every model that was read must do.</summary>
    public static void RequireSound(Model model, string again)
    {
        foreach (
            var text in (string[])
                [model.Summary.ToString()!, $"{model}", .. model.Runs.Select(run => run.ToTable() + run)]
        )
            Require(
                !text.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r')),
                "nothing that is shown has control characters"
            );
        ModelFile.Save(model, again);
        var first = File.ReadAllBytes(again);
        ModelFile.Save(Again(() => ModelFile.Load(again)), again);
        Require(
            first.AsSpan().SequenceEqual(File.ReadAllBytes(again)),
            "a model that is saved, read and saved again gives the same bytes"
        );
    }
}
