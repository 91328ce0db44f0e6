using System.Globalization;

namespace PSConvNet.Files;

/// <summary>What goes where, and what does not.</summary>
/// <param name="Pairs">Each tensor with its place.</param>
/// <param name="Unfilled">Layers that get nothing, with the reasons.</param>
/// <param name="Unused">Tensors that go nowhere.</param>
/// <param name="Warnings">What may be wrong although it fits.</param>
internal sealed record WeightPairing(
    IReadOnlyList<(FileTensor Tensor, WeightPlace Place)> Pairs,
    IReadOnlyList<string> Unfilled,
    IReadOnlyList<string> Unused,
    IReadOnlyList<string> Warnings
);

/// <summary>
/// Finds the places of a file's tensors in a network. All of it is looked at before the first number is read: a file that does not fit
/// changes nothing.
/// </summary>
internal sealed class WeightMatcher
{
    private readonly Model _model;
    private readonly string _path;
    private readonly WeightsConvention _convention;
    private readonly SafetensorsHeader _header;
    private readonly IReadOnlyList<WeightPlace> _places;
    private readonly IReadOnlyList<FileTensor> _tensors;

    /// <summary>Takes the names of both sides apart.</summary>
    /// <param name="model">The network.</param>
    /// <param name="path">The file.</param>
    /// <param name="convention">Whose names and layouts the file has.</param>
    /// <param name="header">What it holds.</param>
    public WeightMatcher(Model model, string path, WeightsConvention convention, SafetensorsHeader header)
    {
        (_model, _path, _convention, _header) = (model, path, convention, header);
        _places = convention.Places(model, header.Tensors);
        _tensors = convention.Read(header.Tensors, _places);
        if (_tensors.GroupBy(tensor => tensor.Key).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Mismatch(
                $"{List(twice.Select(tensor => tensor.Name))} of {File} are the same name; keep one of them."
            );
    }

    private string File => Path.GetFileName(_path);

    /// <summary>Every tensor has its name's place, and every place its tensor; nothing is stripped. For files of this program.</summary>
    /// <exception cref="ConvNetException"><c>WeightsMismatch</c>.</exception>
    public WeightPairing Exactly() => ByName("", () => "");

    /// <summary>The same, but for a prefix that all names of the file share.</summary>
    /// <exception cref="ConvNetException"><c>WeightsMismatch</c>, <c>WeightsTypeUnsupported</c>.</exception>
    public WeightPairing ByName()
    {
        RequireConvention();
        RequireTypes();
        return ByName(NamePrefix.Find(_tensors, _places).Prefix, NameAdvice);
    }

    /// <summary>By order within the modules of equal shapes.</summary>
    /// <exception cref="ConvNetException"><c>WeightsMismatch</c>, <c>WeightsTypeUnsupported</c>.</exception>
    public WeightPairing ByOrder()
    {
        RequireConvention();
        RequireTypes();
        return Ordered();
    }

    /// <summary>What fits by name, a layer whole or not at all.</summary>
    /// <exception cref="ConvNetException"><c>WeightsMismatch</c>: nothing fits, or two prefixes fit equally well.</exception>
    public WeightPairing Partly()
    {
        RequireConvention();
        var (prefix, other) = NamePrefix.Find(_tensors, _places);
        if (other is not null)
        {
            throw Mismatch(
                $"The names of {File} fit {_model.Name} equally well under {prefix} and under {other}: save the one that you want to a file of its own."
            );
        }
        var theirs = _tensors
            .Where(tensor => tensor.Key.StartsWith(prefix, StringComparison.Ordinal))
            .GroupBy(tensor => tensor.Module.Length < prefix.Length ? "" : tensor.Module[prefix.Length..])
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        var pairs = new List<(FileTensor Tensor, WeightPlace Place)>();
        var unfilled = new List<string>();
        foreach (var layer in _places.GroupBy(place => place.Module))
        {
            var found = theirs.GetValueOrDefault(layer.Key, []);
            if (Problem([.. layer], found) is { } problem)
                unfilled.Add(MessageText.Of($"{layer.Key}: {problem:text}"));
            else
                pairs.AddRange(found.Select(tensor => (tensor, layer.First(p => p.Parameter == tensor.Parameter))));
        }
        var used = pairs.Select(pair => pair.Tensor).ToHashSet();
        List<string> unused = [.. _tensors.Where(tensor => !used.Contains(tensor)).Select(tensor => tensor.Name)];
        if (pairs.Count == 0)
        {
            throw Mismatch(
                $"Nothing of {File} fits {_model.Name} by name: the network has {List(_places.Select(p => p.Name))}, the file {List(_tensors.Select(t => t.Name))}. Give the layers the file's names with LayerSpec.Name."
            );
        }
        List<string> warnings = [.. EpsilonWarnings(pairs)];
        if (unfilled.Count + unused.Count > 0 && Countable(pairs) is { Count: > 0 } counted)
        {
            warnings.Add(
                MessageText.Of(
                    $"{List(counted):text} of {_model.Name} have automatic names, which are only numbered, and shapes that other layers have too: if the two networks differ before them, they got another layer's weights. Layers with their own LayerSpec.Name can't be confused."
                )
            );
        }
        return new WeightPairing(pairs, unfilled, unused, warnings);
    }

    /// <summary>Layers without a name of their own that got weights, and could have got those of another module by their shapes.</summary>
    private List<string> Countable(IReadOnlyList<(FileTensor Tensor, WeightPlace Place)> pairs)
    {
        var automatic = _model.Summary.Layers.Where(row => row.Layer.Name is null).Select(row => row.Name).ToHashSet();
        var filled = pairs.Select(pair => pair.Place.Slot).ToHashSet();
        var order = new WeightOrder(_places, _tensors, _header.Tensors);
        return
        [
            .. order
                .Layers.Where(layer =>
                    filled.Contains(layer.Members[0].Slot)
                    && automatic.Contains(layer.Members[0].Slot.Name.Split('.', '/')[0])
                    && order.Modules.Count(module => module.Shapes == layer.Shapes) > 1
                )
                .Select(layer => layer.Name),
        ];
    }

    private WeightPairing ByName(string prefix, Func<string> advice)
    {
        var places = _places.ToDictionary(place => prefix + place.Name, StringComparer.Ordinal);
        var names = _tensors.Select(tensor => tensor.Key).ToHashSet(StringComparer.Ordinal);
        var missing = _places.Where(p => !p.IsOptional && !names.Contains(prefix + p.Name)).ToList();
        var surplus = _tensors.Where(tensor => !places.ContainsKey(tensor.Key)).ToList();
        if (missing.Count > 0 || surplus.Count > 0)
        {
            throw Mismatch(
                $"{File} and {_model.Name} don't match by name: only the network has {List(missing.Select(p => p.Name))}, and only the file has {List(surplus.Select(t => t.Name))}.{advice()}"
            );
        }
        var pairs = _tensors.Select(tensor => (tensor, places[tensor.Key])).ToList();
        foreach (var (tensor, place) in pairs)
        {
            if (ShapeProblem(tensor, place) is { } problem)
                throw Mismatch(problem + ".");
            if (!TensorType.IsReadable(tensor.Info.Type))
                throw Mismatch(TypeProblem(tensor) + ".");
        }
        return new WeightPairing(pairs, [], [], EpsilonWarnings(pairs));
    }

    private WeightPairing Ordered()
    {
        var order = new WeightOrder(_places, _tensors, _header.Tensors);
        if (order.Pairs is not { } pairs)
            throw Mismatch(OrderProblem(order));
        List<string> warnings = [.. EpsilonWarnings(pairs)];
        if (order.Alike.Count > 0)
        {
            var how = order.IsSorted
                ? $"{File} is sorted by name, as safetensors' own writers leave it, so the network's order is lost; the names' natural order was taken"
                : "the file's order was taken for the network's";
            if (order.OtherOrder is var (earlier, later))
                how += $", although it has {earlier} before {later}, and the network has them the other way round";
            warnings.Insert(
                0,
                MessageText.Of(
                    $"Layers with equal shapes may be paired wrongly without any sign of it, and {how:text}: {List(order.Alike.Select(pair => $"{pair.Module} -> {pair.Layer}")):text}. If a pair is wrong, give the layers the file's names with LayerSpec.Name and match by name."
                )
            );
        }
        return new WeightPairing(pairs, [], [], warnings);
    }

    /// <summary>What would go with names that don't fit, without recommending what could go wrong unnoticed.</summary>
    private string NameAdvice()
    {
        var order = new WeightOrder(_places, _tensors, _header.Tensors);
        if (order.Pairs is null)
            return " Make a network of the same layers with the file's names (LayerSpec.Name), or load what fits with partial: true.";
        return order.Alike.Count == 0
            ? " Their shapes leave one way to pair them: give match: WeightMatch.Order, and WeightsReport.Pairs shows the pairs."
            : $" Give the layers the file's names with LayerSpec.Name. Pairing by order (match: WeightMatch.Order) would have to guess which of {List(order.Alike.Select(pair => pair.Module))} is which: their shapes are equal.";
    }

    /// <summary>Why a layer can't be filled as a whole; null where it can.</summary>
    private string? Problem(List<WeightPlace> layer, List<FileTensor> found)
    {
        if (found.Count == 0)
            return "the file has no layer of that name";
        if (layer.Find(place => !place.IsOptional && !found.Exists(t => t.Parameter == place.Parameter)) is { } missing)
            return MessageText.Of($"the file has no {missing.Name}");
        foreach (var tensor in found)
        {
            if (layer.Find(place => place.Parameter == tensor.Parameter) is not { } place)
                return MessageText.Of($"the file also has {tensor.Name}, which the layer doesn't have");
            if (ShapeProblem(tensor, place) is { } problem)
                return problem;
            if (!TensorType.IsReadable(tensor.Info.Type))
                return TypeProblem(tensor);
        }
        return null;
    }

    private string OrderProblem(WeightOrder order)
    {
        var (ours, theirs) = (order.Layers, order.Modules);
        if (ours.Count != theirs.Count)
            return MessageText.Of(
                $"{File} has weights of {Counted.Of(theirs.Count, "module"):text} ({List(theirs.Select(g => g.Name)):text}), {_model.Name} {Counted.Of(ours.Count, "layer"):text} with weights ({List(ours.Select(g => g.Name)):text}): make a network of the same layers first."
            );
        // The first of those that have no partner: in a sorted file the others stand anywhere.
        var left = theirs.ToList();
        var alone = ours.Where(layer => !Take(left, layer.Shapes)).ToList();
        var (layer, module) = (alone[0], left[0]);
        foreach (var tensor in module.Members)
        {
            var place = layer.Members.FirstOrDefault(place => place.Parameter == tensor.Parameter);
            if (place is null)
                return MessageText.Of(
                    $"{tensor.Name} of {File} has no place in {layer.Name} of {_model.Name}, which has {List(layer.Members.Select(p => p.Name)):text}."
                );
            if (ShapeProblem(tensor, place) is { } problem)
                return problem + ".";
        }
        return MessageText.Of(
            $"{layer.Name} of {_model.Name} needs {List(layer.Members.Select(p => p.Name)):text}, but {File} has {List(module.Members.Select(t => t.Name)):text} for it."
        );
    }

    private static bool Take(List<WeightOrder.Part<FileTensor>> modules, string shapes)
    {
        var index = modules.FindIndex(module => module.Shapes == shapes);
        if (index >= 0)
            modules.RemoveAt(index);
        return index >= 0;
    }

    private string? ShapeProblem(FileTensor tensor, WeightPlace place) =>
        place.Shape.SequenceEqual(tensor.Shape)
            ? null
            : MessageText.Of(
                $"{tensor.Name} of {File} is {ShapeText.Of(tensor.Info.Shape)}, but {place.Name} of {_model.Name} is {ShapeText.Of(place.Shape)} ({_convention.Name}'s order: {_convention.ShapeOrder})"
            );

    private string TypeProblem(FileTensor tensor) =>
        MessageText.Of(
            $"{tensor.Name} of {File} is of type {tensor.Info.Type}, which is not supported; weights are read from F64, F32, F16 and BF16"
        );

    /// <summary>The other convention's names are no damage, and can't fit.</summary>
    private void RequireConvention()
    {
        var other =
            _convention is KerasConvention
                ? WeightsConvention.PyTorch.Read(_header.Tensors, [])
                : WeightsConvention.Keras.Read(_header.Tensors, []);
        var otherConvention = _convention is KerasConvention ? WeightsConvention.PyTorch : WeightsConvention.Keras;
        if (
            !_tensors.Any(tensor => _convention.IsOwn(tensor.Parameter))
            && other.Any(tensor => otherConvention.IsOwn(tensor.Parameter))
        )
        {
            throw Mismatch($"{File} {_convention.OtherConvention}.");
        }
    }

    private void RequireTypes()
    {
        if (_tensors.FirstOrDefault(tensor => !TensorType.IsReadable(tensor.Info.Type)) is not { } tensor)
            return;
        throw new ConvNetException(
            ErrorIds.WeightsTypeUnsupported,
            ErrorKind.InvalidData,
            $"{TypeProblem(tensor):text}. Save it as float32 (a quantized network dequantized), or, if the network does without it, give partial: true.",
            _path
        );
    }

    /// <summary>Epsilon is in no weights file, its default differs, and a wrong one changes every answer a little.</summary>
    private List<string> EpsilonWarnings(IReadOnlyList<(FileTensor Tensor, WeightPlace Place)> pairs)
    {
        if (_header.IsOfThisProgram || _convention == WeightsConvention.ModelFile)
            return [];
        var filled = pairs.Select(pair => pair.Place.Slot).ToHashSet();
        var other = _model
            .Network.SelectMany(layer => layer.SelfAndDescendants())
            .SelectMany(layer =>
                layer.Parametrized.Select(kernel => (layer.Path, Kind: layer.Layer.GetType().Name, Kernel: kernel))
            )
            .Where(norm => norm.Kernel.Epsilon is { } epsilon && epsilon != _convention.UsualEpsilon)
            .Where(norm => filled.Contains(_model.Store.Of(norm.Kernel)[0]))
            .ToList();
        return other.Count == 0
            ? []
            :
            [
                $"{List(other.Select(norm => norm.Path))} of {_model.Name}: epsilon is {Text(other[0].Kernel.Epsilon!.Value)}, {_convention.Name}'s default is {Text(_convention.UsualEpsilon)}, and no weights file says which was used. If it was the default, make the layer with {other[0].Kind}.Epsilon {Text(_convention.UsualEpsilon)}.",
            ];
    }

    private static string Text(double epsilon) =>
        epsilon.ToString(epsilon < 1e-3 ? "0.######e-0" : "G", CultureInfo.InvariantCulture);

    private static string List(IEnumerable<string> names) =>
        PrintableText.Names(names) is { Length: > 0 } list ? list : "nothing";

    private ConvNetException Mismatch(string message) =>
        new(ErrorIds.WeightsMismatch, ErrorKind.InvalidData, message, _path);
}
