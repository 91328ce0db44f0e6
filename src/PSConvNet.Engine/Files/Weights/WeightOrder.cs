namespace PSConvNet.Files;

/// <summary>
/// Pairs the modules of a file with the layers of a network by what they hold, and by their order where several hold the same.
/// </summary>
/// <remarks>
/// A file's order is that of its data. Writers that keep what they are given have the network's order in it. The writers of the safetensors
/// library sort by type and name instead, so where a file is sorted, its order says nothing: names are taken in their natural order then
/// (<c>conv2</c> before <c>conv10</c>), which is right for networks that number their layers.
/// </remarks>
internal sealed class WeightOrder
{
    /// <summary>A layer's places, or a module's tensors.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Members">What it holds.</param>
    /// <param name="Shapes">Names and shapes of that: what tells it from others.</param>
    public sealed record Part<T>(string Name, IReadOnlyList<T> Members, string Shapes);

    /// <summary>Pairs what can be paired.</summary>
    /// <param name="places">The network's places, in its order.</param>
    /// <param name="tensors">The file's tensors, in the order of their data.</param>
    /// <param name="all">All that the file holds, in that order.</param>
    public WeightOrder(
        IReadOnlyList<WeightPlace> places,
        IReadOnlyList<FileTensor> tensors,
        IReadOnlyList<TensorInfo> all
    )
    {
        IsSorted = Sorted(all);
        Layers =
        [
            .. places
                .GroupBy(place => place.Module)
                .Select(layer => new Part<WeightPlace>(
                    layer.Key,
                    [.. layer],
                    Shapes(layer.Where(p => !p.IsOptional).Select(p => (p.Parameter, p.Shape)))
                )),
        ];
        var optional = places.Where(p => p.IsOptional).Select(p => p.Parameter).ToHashSet(StringComparer.Ordinal);
        var modules = tensors
            .GroupBy(tensor => tensor.Module)
            .Select(module => new Part<FileTensor>(
                module.Key,
                [.. module],
                Shapes(module.Where(t => !optional.Contains(t.Parameter)).Select(t => (t.Parameter, t.Shape)))
            ));
        Modules = IsSorted ? [.. modules.OrderBy(m => m.Name, NaturalOrder.Instance)] : [.. modules];
        Pairs = Pair(NamePrefix.Find(tensors, places).Prefix);
    }

    /// <summary>Whether the file is sorted by name, so that its order can't be the network's.</summary>
    public bool IsSorted { get; }

    /// <summary>The network's layers that have weights.</summary>
    public IReadOnlyList<Part<WeightPlace>> Layers { get; }

    /// <summary>The file's modules, in the order they are taken.</summary>
    public IReadOnlyList<Part<FileTensor>> Modules { get; }

    /// <summary>The pairs; null where the two don't go together.</summary>
    public IReadOnlyList<(FileTensor Tensor, WeightPlace Place)>? Pairs { get; }

    /// <summary>Pairs of modules and layers that nothing but the order tells from others.</summary>
    public List<(string Module, string Layer)> Alike { get; } = [];

    /// <summary>
    /// Two modules that the file has in the other order than the network has their layers: its order isn't the network's then, whatever it says of
    /// layers that are alike. Null where there are none.
    /// </summary>
    public (string Earlier, string Later)? OtherOrder { get; private set; }

    private List<(FileTensor Tensor, WeightPlace Place)>? Pair(string prefix)
    {
        var ours = Layers.GroupBy(layer => layer.Shapes).ToDictionary(g => g.Key, g => g.ToList());
        var theirs = Modules.GroupBy(module => module.Shapes).ToDictionary(g => g.Key, g => g.ToList());
        if (ours.Count != theirs.Count)
            return null;
        var partner = new Dictionary<Part<FileTensor>, Part<WeightPlace>>(ReferenceEqualityComparer.Instance);
        foreach (var (shapes, layers) in ours)
        {
            if (!theirs.TryGetValue(shapes, out var modules) || modules.Count != layers.Count)
                return null;
            var named = layers.ToDictionary(layer => layer.Name, StringComparer.Ordinal);
            // Where all have the same names on both sides, these decide.
            var byName = modules.TrueForAll(module => named.ContainsKey(Bare(module.Name, prefix)));
            for (var i = 0; i < modules.Count; i++)
                partner[modules[i]] = byName ? named[Bare(modules[i].Name, prefix)] : layers[i];
            if (layers.Count > 1 && !byName)
                Alike.AddRange(modules.Select(module => (module.Name, partner[module].Name)));
        }
        var places = Layers.Select((layer, place) => (layer.Name, place)).ToDictionary(StringComparer.Ordinal);
        OtherOrder = Modules
            .Zip(Modules.Skip(1))
            .Where(next => places[partner[next.First].Name] > places[partner[next.Second].Name])
            .Select(next => ((string, string)?)(next.First.Name, next.Second.Name))
            .FirstOrDefault();
        var pairs = new List<(FileTensor, WeightPlace)>();
        foreach (var module in Modules)
        foreach (var tensor in module.Members)
        {
            if (partner[module].Members.FirstOrDefault(p => p.Parameter == tensor.Parameter) is { } place)
                pairs.Add((tensor, place));
        }
        return pairs;
    }

    private static string Bare(string module, string prefix) =>
        module.StartsWith(prefix, StringComparison.Ordinal) ? module[prefix.Length..] : module;

    private static string Shapes(IEnumerable<(string Parameter, IReadOnlyList<long> Shape)> members) =>
        string.Join(
            ';',
            members
                .OrderBy(member => member.Parameter, StringComparer.Ordinal)
                .Select(member => $"{member.Parameter} {ShapeText.Of(member.Shape)}")
        );

    /// <summary>Whether names ascend over the whole file, or the tensors of each type lie together and ascend.</summary>
    private static bool Sorted(IReadOnlyList<TensorInfo> tensors)
    {
        var next = tensors.Zip(tensors.Skip(1)).ToList();
        var runs = 1 + next.Count(pair => pair.First.Type != pair.Second.Type);
        return next.TrueForAll(Ascends)
            || runs == tensors.Select(tensor => tensor.Type).Distinct().Count()
                && next.TrueForAll(pair => pair.First.Type != pair.Second.Type || Ascends(pair));

        static bool Ascends((TensorInfo First, TensorInfo Second) pair) =>
            string.CompareOrdinal(pair.First.Name, pair.Second.Name) < 0;
    }
}
