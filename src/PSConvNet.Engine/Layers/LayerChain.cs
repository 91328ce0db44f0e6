namespace PSConvNet.Layers;

/// <summary>Layers one after another: named, checked and compiled.</summary>
internal static class LayerChain
{
    // A gigabyte a sample in fp32: more is nobody's network, but a file may claim it.
    private const int MostValues = 1 << 28;

    // Two gigabytes in fp32, of which a training needs several: more is refused before memory runs out.
    private const int MostParameters = 1 << 29;

    // What files of models can hold: a file that is written can be read.
    private const int LongestPath = 1000;
    private const int DeepestBlock = 16;
    internal const int MostLayers = 10_000;

    /// <summary>Compiles layers that follow each other.</summary>
    /// <param name="layers">The layers, first to last.</param>
    /// <param name="owner">What contains them: a model's name, or a block's.</param>
    /// <param name="place">Where the first one stands; its path is put before theirs, and is empty for a model.</param>
    /// <exception cref="ConvNetException">
    /// <c>LayerNameDuplicate</c>, <c>ModelTooLarge</c>, <c>LayerSettingInvalid</c>, <c>LayerShapeMismatch</c>.
    /// </exception>
    public static IReadOnlyList<CompiledLayer> Compile(IEnumerable<LayerSpec> layers, string owner, LayerPlace place)
    {
        var compiled = new List<CompiledLayer>();
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var (shape, order, parameters) = (place.Input, place.Order, 0L);
        RequireSize(owner, "its input", shape, MostValues);
        if (place.Depth > DeepestBlock)
            throw TooLarge(owner, $"Residual blocks can be {DeepestBlock} deep, one in another.");
        foreach (var layer in layers)
        {
            if (compiled.Count == MostLayers)
                throw TooLarge(owner, $"A model can have {MostLayers} layers.");
            var name = layer.Name ?? Automatic(layer.NamePrefix, counts);
            // Parameters are called by their layers' names, in files too.
            if (!taken.Add(name))
            {
                throw new ConvNetException(
                    ErrorIds.LayerNameDuplicate,
                    ErrorKind.InvalidArgument,
                    $"Two layers of {owner} are named {name}; give one of them another LayerSpec.Name.",
                    name
                );
            }
            var path = place.Path.Length == 0 ? name : $"{place.Path}/{name}";
            if (path.Length > LongestPath)
            {
                throw new ConvNetException(
                    ErrorIds.LayerSettingInvalid,
                    ErrorKind.InvalidArgument,
                    $"The name {name} is too long: with those of the blocks around it, a layer's name can have {LongestPath} characters.",
                    layer
                );
            }
            // Errors call the layer by the name it has here.
            var named = layer with
            {
                Name = name,
            };
            named.Validate();
            compiled.Add(
                Compile(named, owner, new LayerPlace(name, path, shape, order, place.Depth)) with
                {
                    Layer = layer,
                }
            );
            (shape, order) = (compiled[^1].Output, compiled[^1].OutputOrder);
            parameters += compiled[^1]
                .AllParametrized.SelectMany(kernel => kernel.Parameters)
                .Sum(p => (long)p.Shape.Size);
            if (parameters > MostParameters)
            {
                throw TooLarge(
                    owner,
                    $"Up to {name} it would have {parameters} parameters, and at most {MostParameters} are supported: use fewer filters or units, or make its images smaller."
                );
            }
        }
        return compiled;
    }

    private static CompiledLayer Compile(LayerSpec layer, string owner, LayerPlace place)
    {
        try
        {
            RequireSize(owner, place.Name, layer.InferShape(place.Input), MostValues);
            return layer.Compile(place);
        }
        catch (ConvNetException e) when (e.ErrorId == ErrorIds.ShapeInvalid)
        {
            // Outputs or weights of more values than a number can count.
            throw TooLarge(
                owner,
                $"{place.Name} would have outputs or weights of more than {int.MaxValue} values: use fewer filters or units, or a smaller window or padding."
            );
        }
    }

    private static ConvNetException TooLarge(string owner, string limit) =>
        new(ErrorIds.ModelTooLarge, ErrorKind.InvalidArgument, $"{owner} is too large. {limit:text}", owner);

    /// <summary>Refuses a shape with more values than anything here computes with.</summary>
    public static void RequireSize(string owner, string place, Shape shape, int most)
    {
        if (shape.Size > most)
        {
            throw new ConvNetException(
                ErrorIds.ModelTooLarge,
                ErrorKind.InvalidArgument,
                $"{owner} would have {shape.Size} values per sample at {place}, and at most {most} are supported: make its images smaller, or use fewer filters or units, or a smaller padding.",
                shape
            );
        }
    }

    /// <summary>The next name of a kind: <c>conv2d_1</c>, <c>conv2d_2</c>.</summary>
    private static string Automatic(string prefix, Dictionary<string, int> counts)
    {
        var number = counts[prefix] = counts.GetValueOrDefault(prefix) + 1;
        return $"{prefix}_{number}";
    }
}
