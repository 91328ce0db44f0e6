using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>Turns a model's layers into kernels and a parameter store, checking every shape on the way.</summary>
internal sealed class ModelCompiler
{
    // A gigabyte a sample in fp32, and an output for every word of a language: more is nobody's network, but a file may claim it.
    private const int MostValues = 1 << 28;
    private const int MostOutputs = 1 << 22;

    public ModelCompiler(Model model)
    {
        var names = new LayerNames();
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var kernels = new List<Kernel>();
        var rows = new List<(string Name, LayerSpec Layer, Shape Input, IReadOnlyList<Kernel> Kernels)>();
        var warnings = new List<string>();
        var shape = model.InputShape;
        RequireSize(model.Name, "its input", shape, MostValues);
        for (var i = 0; i < model.Layers.Length; i++)
        {
            var name = names.For(model.Layers[i]);
            var layer = model.Layers[i] with { Name = name };
            if (!taken.Add(name))
            {
                throw new ConvNetException(
                    "LayerNameDuplicate",
                    ErrorKind.InvalidArgument,
                    $"Two layers of {model.Name} are named {name}; give one of them another -Name.",
                    name
                );
            }
            layer.Validate();
            var output = layer.InferShape(shape);
            RequireSize(model.Name, name, output, MostValues);
            var lowered = layer.Lower(name, shape);
            if (i < model.Layers.Length - 1 && lowered.Any(IsSoftmax))
            {
                warnings.Add(
                    MessageText.Of(
                        $"{name} applies a softmax in the middle of {model.Name}, which limits what the layers after it can learn from. A softmax belongs at the end; ReLU is the usual choice elsewhere."
                    )
                );
            }
            kernels.AddRange(lowered);
            rows.Add((name, model.Layers[i], shape, lowered));
            shape = output;
        }
        RequireSize(model.Name, "the last layer", shape, MostOutputs);
        Kernels = kernels;
        Store = new ParameterStore(kernels);
        Warnings = warnings;
        var frozen = FrozenLayers.Own(model.Layers, kernels);
        // Arrays, for PowerShell indexes no other read-only list.
        Rows = rows.Select(row =>
                Row(row.Name, row.Name, row.Layer, row.Input, [.. row.Kernels.SelectMany(Family)], frozen)
            )
            .ToArray();
    }

    public IReadOnlyList<Kernel> Kernels { get; }

    public ParameterStore Store { get; }

    public IReadOnlyList<LayerSummary> Rows { get; }

    public IReadOnlyList<string> Warnings { get; }

    private static void RequireSize(string model, string place, Shape shape, int most)
    {
        if (shape.Size > most)
        {
            throw new ConvNetException(
                "ModelTooLarge",
                ErrorKind.InvalidArgument,
                $"{model} would have {shape.Size} values per sample at {place}, and at most {most} are supported: make its images or its layers smaller.",
                shape
            );
        }
    }

    private static bool IsSoftmax(Kernel kernel) =>
        kernel is ActivationKernel activation && activation.Activation.IsSoftmax();

    private static IEnumerable<Kernel> Family(Kernel kernel) => kernel.SelfAndDescendants();

    /// <param name="name">The layer's name within what holds it.</param>
    /// <param name="path">The same with the names of the blocks around it, as kernels have it.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The shape of a sample before it.</param>
    /// <param name="kernels">All that compute it.</param>
    /// <param name="frozen">Those that no training changes.</param>
    private static LayerSummary Row(
        string name,
        string path,
        LayerSpec layer,
        Shape input,
        IReadOnlyList<Kernel> kernels,
        IReadOnlySet<Kernel> frozen
    )
    {
        var trained = kernels.Where(k => !frozen.Contains(k)).SelectMany(k => k.Parameters).Where(p => p.Trainable);
        return new LayerSummary(
            name,
            layer,
            layer.InferShape(input),
            kernels.SelectMany(k => k.Parameters).Sum(p => p.Shape.Size),
            trained.Sum(p => p.Shape.Size)
        )
        {
            Layers = layer is ResidualBlock block ? Within(block, path, input, kernels, frozen).ToArray() : [],
        };
    }

    /// <summary>The layers within a block, first to last, and the one that its input goes through before it is added.</summary>
    private static IEnumerable<LayerSummary> Within(
        ResidualBlock block,
        string path,
        Shape input,
        IReadOnlyList<Kernel> kernels,
        IReadOnlySet<Kernel> frozen
    )
    {
        var names = new LayerNames();
        var shape = input;
        foreach (var layer in block.Layers)
        {
            yield return Inner(names.For(layer), layer, shape);
            shape = layer.InferShape(shape);
        }
        if (block.Projection(input, shape) is { } projection)
            yield return Inner("projection", projection, input);

        LayerSummary Inner(string name, LayerSpec layer, Shape before)
        {
            var own = $"{path}/{name}";
            return Row(
                name,
                own,
                layer,
                before,
                [.. kernels.Where(k => k.Name == own || k.Name.StartsWith(own + "/", StringComparison.Ordinal))],
                frozen
            );
        }
    }
}
