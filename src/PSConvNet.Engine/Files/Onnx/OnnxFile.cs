using System.Text.Encodings.Web;
using System.Text.Json;

namespace PSConvNet.Files;

/// <summary>
/// Models as ONNX files (operator set 17, IR version 8), for ONNX Runtime and whatever else reads them: the network as it predicts,
/// with its weights in fp32.
/// </summary>
/// <remarks>
/// <para>The input <c>images</c> is fp32 in the model's own shape: batch x height x width x channels for pictures, a batch of any
/// size. Its values are a picture's bytes divided by 255: no mean is subtracted, and channels are last, as picture files and arrays of
/// pixels have them. In Python: <c>session.run(["outputs"], {"images": (pixels / 255).astype("float32")})</c>.</para>
/// <para>The output <c>outputs</c> is batch x classes: what <see cref="Predictor.Predict(Model, ImageSet, PredictionOptions?,
/// CancellationToken)"/> gives in fp32. These are probabilities where the network ends in a softmax or in no activation at all. A network that ends in an image gives its channels one
/// after another.</para>
/// <para>The file's metadata has <c>model_name</c>; <c>class_names</c>, a JSON array in the order of the outputs, where the model was
/// trained; <c>normalisation</c>, which is <c>bytes / 255</c>; and <c>output_kind</c>, which is <c>probabilities</c> or
/// <c>values</c>. Nodes are named after layers and weights after parameters; where two would have one name, the second gets a
/// number. Dropout leaves no trace.</para>
/// </remarks>
public static class OnnxFile
{
    /// <summary>The usual end of such a file's name.</summary>
    public const string Extension = ".onnx";

    /// <summary>The name of the graph's input.</summary>
    public const string InputName = OnnxGraph.InputName;

    /// <summary>The name of the graph's output.</summary>
    public const string OutputName = OnnxGraph.OutputName;

    /// <summary>The name of the dimension that may have any size.</summary>
    public const string BatchName = OnnxGraph.BatchName;

    private const int IrVersion = 8;

    /// <summary>What Protocol Buffers allow a file.</summary>
    private const long MostBytes = int.MaxValue;

    private static readonly JsonSerializerOptions s_readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a model to a file; a crash leaves the old file or the new one, never half of one.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Where it goes; replaced if it is there.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>, <c>ExportUnsupported</c>, <c>ModelBusy</c>.</exception>
    public static void Save(Model model, string path) => WholeFile.Write(path, stream => Write(model, stream));

    /// <summary>Writes a model. Equal models give equal bytes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="target">Receives the file, from where it stands; is left open. Nothing is written where the model is refused.</param>
    /// <exception cref="ConvNetException">
    /// <c>ExportUnsupported</c>: ONNX has no counterpart of a layer, or no file can hold so many weights. <c>ModelBusy</c>: it is being
    /// trained.
    /// </exception>
    public static void Write(Model model, Stream target)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(target);
        using var claim = model.UseForReading();
        var file = Describe(model);
        RequireRoom(model.Name, file.Length);
        file.WriteTo(target);
    }

    /// <summary>Refuses a file that is longer than its format allows.</summary>
    internal static void RequireRoom(string model, long bytes)
    {
        if (bytes <= MostBytes)
            return;
        throw new ConvNetException(
            ErrorIds.ExportUnsupported,
            ErrorKind.InvalidArgument,
            FormattableString.Invariant(
                $"{model} would take {bytes / 1e9:0.0} GB, and an ONNX file holds 2.1 GB at most; make its largest layers smaller, or save it in PSConvNet's own format."
            ),
            model
        );
    }

    private static ProtobufMessage Describe(Model model)
    {
        var network = new OnnxNetwork(model);
        var kind = network.GivesProbabilities ? "probabilities" : "values";
        var graph = network.Graph.ToMessage(
            // ONNX wants a graph to have a name.
            model.Name.Length > 0
                ? model.Name
                : "model",
            OnnxGraph.Value(InputName, $"batch x {model.InputShape}, bytes / 255, channels last", model.InputShape),
            OnnxGraph.Value(OutputName, kind, new Shape(model.OutputShape.Size))
        );
        var file = new ProtobufMessage()
            .Integer(OnnxField.Model.IrVersion, IrVersion)
            .Text(OnnxField.Model.ProducerName, "PSConvNet")
            .Text(OnnxField.Model.ProducerVersion, ConvNetEnvironment.EngineVersion())
            .Text(OnnxField.Model.Description, model.ToString())
            .Message(OnnxField.Model.Graph, graph)
            .Message(
                OnnxField.Model.OperatorSet,
                new ProtobufMessage()
                    .Text(OnnxField.OperatorSet.Domain, "")
                    .Integer(OnnxField.OperatorSet.Version, OnnxGraph.OperatorSet)
            );
        AddMetadata(file, "model_name", model.Name);
        if (model.ClassNames.Count > 0)
            AddMetadata(file, "class_names", JsonSerializer.Serialize(Names(model), s_readable));
        AddMetadata(file, "normalisation", "bytes / 255");
        AddMetadata(file, "output_kind", kind);
        return file;
    }

    private static IReadOnlyList<string> Names(Model model) =>
        ClassName.Complete(model.ClassNames, model.OutputShape.Size);

    private static void AddMetadata(ProtobufMessage file, string key, string value) =>
        file.Message(
            OnnxField.Model.Metadata,
            new ProtobufMessage().Text(OnnxField.Entry.Key, key).Text(OnnxField.Entry.Value, value)
        );
}
