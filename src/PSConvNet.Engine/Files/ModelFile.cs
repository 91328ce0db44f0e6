using System.Text.Json;

namespace PSConvNet.Files;

/// <summary>
/// A model in one file, <c>model.psconvnet</c>: a zip of a description in JSON and the weights as safetensors. Equal models give equal
/// bytes. Files may come from unknown sources: reading one runs no code and allocates no more than the file's size allows.
/// </summary>
public static class ModelFile
{
    /// <summary>The usual end of a model file's name.</summary>
    public const string Extension = ".psconvnet";

    internal const string Weights = "weights.safetensors";

    /// <summary>Writes a model; a crash leaves the old file or the new one, never half of one.</summary>
    /// <param name="model">The model; not while it is being trained.</param>
    /// <param name="path">Where it goes; replaced if it is there.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>, <c>ModelBusy</c>.</exception>
    public static void Save(Model model, string path)
    {
        using var claim = model.UseForReading();
        ModelArchive.Write(path, Entries(model));
    }

    /// <summary>Reads a model with its weights.</summary>
    /// <param name="path">A model file, or a checkpoint.</param>
    /// <exception cref="ConvNetException"><c>ModelFileNotFound</c>, <c>FileNotReadable</c>, <c>ModelFileInvalid</c>.</exception>
    public static Model Load(string path)
    {
        using var archive = ModelArchive.Open(path);
        var model = Load(archive, path);
        archive.RequireOthers();
        return model;
    }

    /// <summary>Reads the description alone: no weights, and no libtorch.</summary>
    /// <param name="path">A model file, or a checkpoint.</param>
    /// <exception cref="ConvNetException"><c>ModelFileNotFound</c>, <c>FileNotReadable</c>, <c>ModelFileInvalid</c>.</exception>
    public static ModelSummary ReadSummary(string path)
    {
        using var archive = ModelArchive.Open(path);
        return Describe(archive, path).Summary;
    }

    /// <summary>What the outputs of a file's model stand for.</summary>
    internal static IReadOnlyList<string> ReadClassNames(ModelArchive archive, string path) =>
        Describe(archive, path).ClassNames;

    /// <summary>What a model's file holds.</summary>
    internal static (string Name, Action<Stream> Write)[] Entries(Model model)
    {
        var tensors = TorchLayout.Of(model, exact: false);
        return
        [
            (ModelDocument.Entry, stream => stream.Write(FileJson.ToBytes(ModelDocument.Write(model)))),
            (Weights, stream => WeightsFile.Write(model, tensors, stream)),
        ];
    }

    internal static Model Load(ModelArchive archive, string path)
    {
        var model = Describe(archive, path);
        return archive.Read(
            Weights,
            stream =>
            {
                Fill(model, stream, path);
                return model;
            }
        );
    }

    private static void Fill(Model model, Stream stream, string path)
    {
        try
        {
            WeightsFile.Fill(model, stream, path, Weights);
        }
        catch (ConvNetException e) when (e.ErrorId == ErrorIds.WeightsMismatch)
        {
            throw FileFault.Invalid(path, Weights, e.Message.TrimEnd('.'), e);
        }
    }

    private static Model Describe(ModelArchive archive, string path)
    {
        try
        {
            return ModelDocument.Read(FileJson.Parse(archive.Read(ModelDocument.Entry)));
        }
        catch (JsonException e)
        {
            var line = e.LineNumber is { } number ? $", line {number + 1}" : "";
            throw FileFault.Invalid(path, ModelDocument.Entry + line, e.Message.TrimEnd('.'), e);
        }
        catch (Exception e)
            when (e
                    is ConvNetException { ErrorId: not ErrorIds.ModelFileInvalid }
                        or OverflowException
                        or ArgumentException
                        or InvalidOperationException
            )
        {
            throw FileFault.Invalid(path, ModelDocument.Entry, e.Message.TrimEnd('.'), e);
        }
    }
}
