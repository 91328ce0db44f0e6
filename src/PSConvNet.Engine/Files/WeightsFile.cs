using PSConvNet.Files;

namespace PSConvNet;

/// <summary>
/// A model's weights alone, as safetensors under PyTorch's names and in its layouts, so that <c>load_state_dict</c> takes them: a layer's
/// <c>weight</c> and <c>bias</c>, a batch norm's <c>running_mean</c> and <c>running_var</c> besides; channels before height and width.
/// </summary>
public static class WeightsFile
{
    /// <summary>The usual end of a weights file's name.</summary>
    public const string Extension = ".safetensors";

    /// <summary>PyTorch counts a batch norm's batches; nothing here depends on it.</summary>
    private const string BatchCount = ".num_batches_tracked";

    /// <summary>Writes a model's weights in fp32; a crash leaves the old file or the new one, never half of one.</summary>
    /// <param name="model">The model; not while it is being trained.</param>
    /// <param name="path">Where they go; replaced if it is there.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>, <c>ModelBusy</c>, <c>ExportUnsupported</c>.</exception>
    public static void Save(Model model, string path)
    {
        using var claim = model.UseForReading();
        var tensors = TorchLayout.Of(model, exact: true);
        WholeFile.Write(path, stream => Write(model, tensors, stream));
    }

    /// <summary>Fills a network with the weights of a file, BF16, F16, F32 or F64.</summary>
    /// <param name="model">The network; as it was where the file does not fit.</param>
    /// <param name="path">The file.</param>
    /// <param name="match">How the file's tensors find their places.</param>
    /// <exception cref="ConvNetException">
    /// <c>WeightsMismatch</c>: a tensor is missing, or has a shape that does not fit: both are named. <c>ModelFileInvalid</c>,
    /// <c>ModelFileNotFound</c>, <c>FileNotReadable</c>, <c>ModelBusy</c>.
    /// </exception>
    public static void Load(Model model, string path, WeightMatch match = WeightMatch.Name)
    {
        using var claim = model.UseForTraining();
        using var stream = FileFault.Open(path);
        Fill(model, TorchLayout.Of(model, exact: true), stream, path, Path.GetFileName(path), match);
    }

    internal static void Write(Model model, IReadOnlyList<TorchTensor> tensors, Stream stream) =>
        SafetensorsWriter.Write(
            stream,
            tensors.Select(tensor => new NamedTensor(tensor.Name, tensor.Shape, () => tensor.Read(model.Store))),
            // PyTorch's own mark for files of its weights; transformers refuses files without one.
            new Dictionary<string, string> { ["format"] = "pt" }
        );

    internal static void Fill(
        Model model,
        IReadOnlyList<TorchTensor> tensors,
        Stream stream,
        string path,
        string entry,
        WeightMatch match
    )
    {
        var reader = new SafetensorsReader(stream, path, entry);
        var found = reader.Header.Tensors.Where(t => !t.Name.EndsWith(BatchCount, StringComparison.Ordinal)).ToList();
        // All of it is looked at before the first number is read: a file that does not fit changes nothing.
        var places =
            match == WeightMatch.Name ? ByName(model, tensors, found, path) : ByOrder(model, tensors, found, path);
        foreach (var tensor in found)
        {
            var values = new float[tensor.Count];
            reader.Read(tensor, values);
            places[tensor.Name].Write(model.Store, values);
        }
        model.Store.SettleStatistics(known: found.Exists(tensor => places[tensor.Name].IsOptional));
    }

    private static Dictionary<string, TorchTensor> ByName(
        Model model,
        IReadOnlyList<TorchTensor> tensors,
        List<TensorInfo> found,
        string path
    )
    {
        var places = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var names = found.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var missing = tensors
            .Where(t => !t.IsOptional && !names.Contains(t.Name))
            .Select(tensor => tensor.Name)
            .ToList();
        var surplus = found.Where(tensor => !places.ContainsKey(tensor.Name)).Select(tensor => tensor.Name).ToList();
        if (missing.Count > 0 || surplus.Count > 0)
        {
            throw Mismatch(
                path,
                $"{Path.GetFileName(path)} and {model.Name} don't go together by name: the network wants {List(missing)} besides, the file has {List(surplus)} besides. If only the names differ, match them by order."
            );
        }
        foreach (var tensor in found)
            Compare(model, places[tensor.Name], tensor, path);
        return places;
    }

    private static Dictionary<string, TorchTensor> ByOrder(
        Model model,
        IReadOnlyList<TorchTensor> tensors,
        List<TensorInfo> found,
        string path
    )
    {
        var ours = tensors.GroupBy(tensor => tensor.Module).ToList();
        var theirs = found
            .GroupBy(tensor => ModuleOf(tensor.Name))
            .OrderBy(group => group.Key, NaturalOrder.Instance)
            .ToList();
        if (ours.Count != theirs.Count)
        {
            throw Mismatch(
                path,
                $"{Path.GetFileName(path)} has weights of {theirs.Count} modules ({List(theirs.Select(g => g.Key))}), {model.Name} {ours.Count} layers with weights ({List(ours.Select(g => g.Key))}): make a network of the same layers first."
            );
        }
        var places = new Dictionary<string, TorchTensor>(StringComparer.Ordinal);
        foreach (var (layer, module) in ours.Zip(theirs))
        {
            foreach (var tensor in module)
            {
                var parameter = tensor.Name[(tensor.Name.LastIndexOf('.') + 1)..];
                var place =
                    layer.FirstOrDefault(place => place.Name.EndsWith("." + parameter, StringComparison.Ordinal))
                    ?? throw Mismatch(
                        path,
                        $"{tensor.Name} of {Path.GetFileName(path)} has no place in {layer.Key} of {model.Name}, which has {List(layer.Select(place => place.Name))}."
                    );
                Compare(model, place, tensor, path);
                places.Add(tensor.Name, place);
            }
            if (layer.Count() != module.Count())
            {
                throw Mismatch(
                    path,
                    $"{layer.Key} of {model.Name} wants {List(layer.Select(place => place.Name))}, but {Path.GetFileName(path)} has {List(module.Select(tensor => tensor.Name))} for it."
                );
            }
        }
        return places;
    }

    private static void Compare(Model model, TorchTensor place, TensorInfo tensor, string path)
    {
        if (!place.Shape.SequenceEqual(tensor.Shape))
        {
            throw Mismatch(
                path,
                $"{tensor.Name} of {Path.GetFileName(path)} is {tensor.ShapeText}, but {place.Name} of {model.Name} is {string.Join(" x ", place.Shape)} (PyTorch's order: out x in x height x width)."
            );
        }
        if (!TensorType.IsReadable(tensor.Type))
        {
            throw Mismatch(
                path,
                $"{tensor.Name} of {Path.GetFileName(path)} is of type {tensor.Type}; weights are read from F64, F32, F16 and BF16."
            );
        }
    }

    private static string ModuleOf(string name) => name.LastIndexOf('.') is >= 0 and var dot ? name[..dot] : "";

    private static string List(IEnumerable<string> names)
    {
        var all = names.ToList();
        const int shown = 6;
        return all.Count switch
        {
            0 => "nothing",
            <= shown => string.Join(", ", all),
            _ => $"{string.Join(", ", all.Take(shown))} and {all.Count - shown} more",
        };
    }

    private static ConvNetException Mismatch(string path, string message) =>
        new("WeightsMismatch", ErrorKind.InvalidData, message, path);
}
