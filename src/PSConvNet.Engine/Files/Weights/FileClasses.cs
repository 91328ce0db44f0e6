using System.Text.Json;

namespace PSConvNet.Files;

/// <summary>
/// Brings the outputs of a file's network together with a model's. A class is a name, not a position: where both have names, each output
/// gets the row of its own class, or none does.
/// </summary>
internal sealed class FileClasses
{
    /// <summary>The classes of a file's outputs, in the metadata of a safetensors file of this program: a list in JSON.</summary>
    private const string Key = "classes";

    private readonly Model _model;
    private readonly string _file;
    private readonly OutputRows _rows;
    private readonly IReadOnlyList<string> _theirs;
    private int[]? _order;

    private FileClasses(Model model, string path, IReadOnlyList<string> names, WeightPairing pairing, bool partial)
    {
        (_model, _file) = (model, Path.GetFileName(path));
        _rows = OutputRows.Of(model);
        _theirs = names;
        Pairing = pairing;
        if (!pairing.Pairs.Any(pair => _rows.Contains(pair.Place.Slot)))
        {
            _theirs = [];
            return;
        }
        if (names.Count == 0)
        {
            Pairing = Silent(pairing);
            return;
        }
        if (Problem() is not { } problem)
            return;
        _theirs = [];
        Pairing = partial ? WithoutRows(pairing, problem) : pairing;
        if (Pairing.Pairs.Count == 0 || !partial)
            throw Refuse(path, problem);
    }

    /// <summary>What is loaded: without the output layer, where a partial load has to leave it as it is.</summary>
    public WeightPairing Pairing { get; }

    /// <summary>Compares a file's classes with a model's.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="names">The classes that the file's outputs stand for; none where it doesn't say.</param>
    /// <param name="pairing">What of it would go where.</param>
    /// <param name="partial">Whether the output layer may stay as it is.</param>
    /// <exception cref="ConvNetException"><c>ClassUnknown</c>: they are other classes; both lists are named.</exception>
    public static FileClasses Of(
        Model model,
        string path,
        IReadOnlyList<string> names,
        WeightPairing pairing,
        bool partial
    ) => new(model, path, ClassName.Normal(names), pairing, partial);

    /// <summary>What a safetensors file says of its classes: nothing, unless this program wrote it.</summary>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>.</exception>
    public static IReadOnlyList<string> Read(SafetensorsHeader header, string path)
    {
        if (!header.IsOfThisProgram || !header.Metadata.TryGetValue(Key, out var text))
            return [];
        try
        {
            var names = JsonSerializer.Deserialize<string?[]>(text) ?? [];
            string[] all = [.. names.Select(name => name ?? throw new JsonException("A class has no name."))];
            return ClassName.Normal(all).Distinct(StringComparer.Ordinal).Count() == all.Length
                ? all
                : throw new JsonException("Two classes have one name.");
        }
        catch (JsonException e)
        {
            throw FileFault.Invalid(path, $"the metadata's {Key}", "they aren't a list of names", e);
        }
    }

    /// <summary>Adds a model's classes to what is written into a file's metadata.</summary>
    public static void Write(Model model, Dictionary<string, string> metadata)
    {
        if (model.ClassNames.Count > 0)
            metadata[Key] = JsonSerializer.Serialize(model.ClassNames);
    }

    /// <summary>Once the weights are read: gives each output its class's row, or a model without names the file's.</summary>
    public void Apply()
    {
        if (Pairing.Pairs.Any(pair => _rows.Contains(pair.Place.Slot)))
            _model.HasWeightsOfFile = true;
        if (_theirs.Count > 0 && _model.ClassNames.Count == 0)
            _model.ClassNames = _theirs;
        if (_order is null)
            return;
        var filled = Pairing.Pairs.Select(pair => pair.Place.Slot).ToHashSet();
        _rows.Move(_order, filled.Contains);
    }

    /// <summary>Why the file's outputs can't be the model's; null where they can.</summary>
    private string? Problem()
    {
        var outputs = _model.OutputShape.Size;
        if (_theirs.Count > outputs)
            return $"{_file} names {Counted.Of(_theirs.Count, "class")}, and {_model.Name} has {Counted.Of(outputs, "output")}";
        if (_model.ClassNames.Count == 0 || _model.ClassNames.SequenceEqual(_theirs))
            return null;
        var (ours, theirs) = (ClassName.Complete(_model.ClassNames, outputs), ClassName.Complete(_theirs, outputs));
        if (ours.SequenceEqual(theirs))
            return null;
        var lists = MessageText.Of(
            $"the outputs of {_file} stand for {ClassName.Quote(theirs):text}, those of {_model.Name} for {ClassName.Quote(ours):text}"
        );
        if (!ours.ToHashSet(StringComparer.Ordinal).SetEquals(theirs) || theirs.Distinct().Count() < outputs)
            return lists;
        if (!_rows.CanMove)
            return $"{lists}, and the order of {_rows.Layers.Last()}'s outputs can't be changed";
        var places = theirs.Select((name, place) => (name, place)).ToDictionary(pair => pair.name, pair => pair.place);
        _order = [.. ours.Select(name => places[name])];
        return null;
    }

    /// <summary>A file that says nothing is taken at its position: the model's names are all that there is.</summary>
    private WeightPairing Silent(WeightPairing pairing)
    {
        var names = _model.ClassNames;
        if (names.SequenceEqual(ClassName.Complete([], names.Count)))
            return pairing;
        var warning = MessageText.Of(
            $"{_file} doesn't say which classes its outputs stand for: they are assumed to be those of {_model.Name}, in this order: {ClassName.Quote(names):text}. If the file has another order, name the outputs of a model without names with Model.Copy(classNames)."
        );
        return pairing with { Warnings = [.. pairing.Warnings, warning] };
    }

    private WeightPairing WithoutRows(WeightPairing pairing, string problem)
    {
        var left = pairing.Pairs.Where(pair => _rows.Contains(pair.Place.Slot)).ToList();
        return pairing with
        {
            Pairs = [.. pairing.Pairs.Except(left)],
            Unfilled = [.. pairing.Unfilled, MessageText.Of($"{_rows.Layers}: {problem:text}")],
            Unused = [.. pairing.Unused, .. left.Select(pair => pair.Tensor.Name)],
        };
    }

    private static ConvNetException Refuse(string path, string problem) =>
        new(
            ErrorIds.ClassUnknown,
            ErrorKind.InvalidData,
            $"Nothing was loaded: {problem:text}. Fill a new model, which has no class names and takes the file's; leave the output layer as it is with partial: true; or, where the classes are the same under other names, give the model the file's names with Model.Copy(classNames).",
            path
        );
}
