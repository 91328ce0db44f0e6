namespace PSConvNet.Files;

/// <summary>
/// A model's weights alone, as safetensors under PyTorch's names and in its layouts, so that <c>load_state_dict</c> takes them: a layer's
/// <c>weight</c> and <c>bias</c>, a batch norm's <c>running_mean</c> and <c>running_var</c> besides; channels before height and width.
/// </summary>
public static class WeightsFile
{
    /// <summary>The usual end of a weights file's name.</summary>
    public const string Extension = ".safetensors";

    /// <summary>Says in a file's metadata that this program wrote it.</summary>
    internal const string WriterKey = "writer";

    /// <summary>What it says then.</summary>
    internal const string Writer = "PSConvNet";

    /// <summary>Writes a model's weights in fp32; a crash leaves the old file or the new one, never half of one.</summary>
    /// <param name="model">The model; not while it is being trained.</param>
    /// <param name="path">Where they go; replaced if it is there.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>, <c>ModelBusy</c>, <c>ExportUnsupported</c>.</exception>
    public static void Save(Model model, string path)
    {
        using var claim = model.UseForReading();
        var tensors = TorchLayout.Of(model, exact: true);
        WholeFile.Write(path, stream => Write(model, tensors, stream, alone: true));
    }

    /// <summary>
    /// Fills a network with the weights of a file: safetensors in BF16, F16, F32 or F64, or a model file or checkpoint of this program.
    /// </summary>
    /// <param name="model">
    /// The network; as it was where the file does not fit. It keeps its class names, and the file's output layer is brought into their order; a
    /// network without names takes those that the file has.
    /// </param>
    /// <param name="path">The file.</param>
    /// <param name="match">How the file's tensors find their places.</param>
    /// <param name="from">Whose names and layouts the file has.</param>
    /// <param name="partial">
    /// Whether layers that fit by name are loaded, each whole or not at all, whatever else the file and the network have; by name only.
    /// </param>
    /// <returns>What went where.</returns>
    /// <exception cref="ConvNetException">
    /// <c>WeightsMismatch</c>: a tensor is missing, or has a shape that does not fit: both are named. <c>WeightsTypeUnsupported</c>: a tensor
    /// has a type that weights are not read from. <c>ClassUnknown</c>: the file's outputs are other classes than the model's, by name.
    /// <c>ModelFileInvalid</c>, <c>ModelFileNotFound</c>, <c>FileNotReadable</c>,
    /// <c>ModelBusy</c>, <c>ExportUnsupported</c>.
    /// </exception>
    public static WeightsReport Load(
        Model model,
        string path,
        WeightMatch match = WeightMatch.Name,
        WeightsOrigin from = WeightsOrigin.PyTorch,
        bool partial = false
    )
    {
        using var claim = model.UseForTraining();
        using var stream = FileFault.Open(path);
        if (!ForeignFile.IsArchive(stream))
        {
            ForeignFile.RequireWeights(stream, path);
            return Fill(stream, Path.GetFileName(path), WeightsConvention.Of(from), null);
        }
        using var archive = ModelArchive.Open(path);
        if (from != WeightsOrigin.PyTorch)
        {
            throw new ConvNetException(
                ErrorIds.WeightsMismatch,
                ErrorKind.InvalidArgument,
                $"{Path.GetFileName(path)} is a model of PSConvNet, not of {from}: leave out from: WeightsOrigin.{from}.",
                path
            );
        }
        var names = ModelFile.ReadClassNames(archive, path);
        // Before the network is changed: the weights' own sum is known only when they have been read.
        archive.RequireOthers();
        return archive.Read(ModelFile.Weights, s => Fill(s, ModelFile.Weights, WeightsConvention.ModelFile, names));

        WeightsReport Fill(Stream stream, string entry, WeightsConvention convention, IReadOnlyList<string>? classes)
        {
            var reader = new SafetensorsReader(stream, path, entry);
            SafetensorsSum.Require(stream, reader.Header, path);
            var matcher = new WeightMatcher(model, path, convention, reader.Header);
            var pairing =
                partial ? matcher.Partly()
                : match == WeightMatch.Order ? matcher.ByOrder()
                : matcher.ByName();
            classes ??= FileClasses.Read(reader.Header, path);
            var outputs = FileClasses.Of(model, path, classes, pairing, partial);
            pairing = outputs.Pairing;
            Read(model, reader, pairing);
            outputs.Apply();
            return new WeightsReport(
                [
                    .. pairing.Pairs.Select(pair => new WeightPair(
                        pair.Tensor.Name,
                        pair.Place.Name,
                        ShapeText.Of(pair.Tensor.Info.Shape)
                    )),
                ],
                pairing.Unfilled,
                pairing.Unused,
                pairing.Warnings
            );
        }
    }

    /// <summary>Writes a model's weights.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tensors">Its layout.</param>
    /// <param name="stream">Where they go.</param>
    /// <param name="alone">Whether the file says who wrote it and what the outputs stand for, and has a checksum; a model file has all that elsewhere.</param>
    internal static void Write(Model model, IReadOnlyList<TorchTensor> tensors, Stream stream, bool alone = false)
    {
        // PyTorch's own mark for files of its weights; transformers refuses files without one.
        var metadata = new Dictionary<string, string> { ["format"] = "pt" };
        if (alone)
        {
            metadata[WriterKey] = Writer;
            FileClasses.Write(model, metadata);
        }
        SafetensorsWriter.Write(
            stream,
            tensors.Select(tensor => new NamedTensor(tensor.Name, tensor.Shape, () => tensor.Read(model.Store))),
            metadata,
            withSum: alone
        );
    }

    /// <summary>Fills a model with the weights that its own file holds.</summary>
    internal static void Fill(Model model, Stream stream, string path, string entry)
    {
        var reader = new SafetensorsReader(stream, path, entry);
        Read(model, reader, new WeightMatcher(model, path, WeightsConvention.ModelFile, reader.Header).Exactly());
    }

    private static void Read(Model model, SafetensorsReader reader, WeightPairing pairing)
    {
        // A stream is read from front to back.
        foreach (var (tensor, place) in pairing.Pairs.OrderBy(pair => pair.Tensor.Info.Begin))
        {
            var values = new float[tensor.Info.Count];
            reader.Read(tensor.Info, values);
            place.Write(model.Store, values);
        }
        var places = pairing.Pairs.Select(pair => pair.Place).ToList();
        var filled = places.Select(place => place.Slot).ToHashSet();
        model.Store.SettleStatistics(filled.Contains, known: places.Exists(place => place.IsOptional));
    }
}
