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
        var rows = new List<(string Name, LayerSpec Layer, Shape Output, IReadOnlyList<Kernel> Kernels)>();
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
                    $"{name} applies a softmax in the middle of {model.Name}: it squeezes what the layers after it can see. A softmax belongs at the end; ReLU is the usual choice elsewhere."
                );
            }
            kernels.AddRange(lowered);
            rows.Add((name, model.Layers[i], output, lowered));
            shape = output;
        }
        RequireSize(model.Name, "the last layer", shape, MostOutputs);
        Kernels = kernels;
        Store = new ParameterStore(kernels);
        Warnings = warnings;
        var frozen = FrozenLayers.Own(model.Layers, kernels);
        Rows = rows.Select(row => Row(row.Name, row.Layer, row.Output, row.Kernels, frozen)).ToArray();
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
                $"{model} would have {shape.Size} values a sample at {place}, and {most} are the most that are computed with: make its images or its layers smaller.",
                shape
            );
        }
    }

    private static bool IsSoftmax(Kernel kernel) =>
        kernel is ActivationKernel activation && activation.Activation.IsSoftmax();

    private static LayerSummary Row(
        string name,
        LayerSpec layer,
        Shape output,
        IReadOnlyList<Kernel> kernels,
        IReadOnlySet<Kernel> frozen
    )
    {
        var all = kernels.SelectMany(k => k.SelfAndDescendants()).ToList();
        var trained = all.Where(k => !frozen.Contains(k)).SelectMany(k => k.Parameters).Where(p => p.Trainable);
        return new LayerSummary(
            name,
            layer,
            output,
            all.SelectMany(k => k.Parameters).Sum(p => p.Shape.Size),
            trained.Sum(p => p.Shape.Size)
        );
    }
}
