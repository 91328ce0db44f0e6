namespace PSConvNet.Models;

/// <summary>Turns a model's layers into a tree of compiled layers and a parameter store, checking every shape on the way.</summary>
internal sealed class ModelCompiler
{
    // An output for every word of a language: more is nobody's network, but a file may claim it.
    private const int MostOutputs = 1 << 22;

    public ModelCompiler(Model model)
    {
        Network = LayerChain.Compile(model.Layers, model.Name, new LayerPlace("", "", model.InputShape, Order: null));
        LayerChain.RequireSize(model.Name, "the last layer", Network[^1].Output, MostOutputs);
        Kernels = [.. Network.SelectMany(layer => layer.Kernels)];
        Store = new ParameterStore(Kernels);
        // Arrays, for PowerShell indexes no other read-only list.
        Warnings = Network
            .SkipLast(1)
            .Where(layer => layer.Kernels.OfType<ActivationKernel>().Any(last => last.Activation.IsSoftmax()))
            .Select(layer =>
                MessageText.Of(
                    $"{layer.Name} applies a softmax in the middle of {model.Name}, which limits what the layers after it can learn from. A softmax belongs at the end; ReLU is the usual choice elsewhere."
                )
            )
            .ToArray();
        var frozen = FrozenLayers.Own(Network);
        Rows = Network.Select(layer => Row(layer, frozen)).ToArray();
    }

    public IReadOnlyList<CompiledLayer> Network { get; }

    public IReadOnlyList<Kernel> Kernels { get; }

    public ParameterStore Store { get; }

    public IReadOnlyList<LayerSummary> Rows { get; }

    public IReadOnlyList<string> Warnings { get; }

    private static LayerSummary Row(CompiledLayer layer, IReadOnlySet<Kernel> frozen)
    {
        var trained = layer.AllParametrized.Where(kernel => !frozen.Contains(kernel));
        return new LayerSummary(
            layer.Name,
            layer.Layer,
            layer.Output,
            layer.ParameterCount,
            trained.SelectMany(kernel => kernel.Parameters).Where(p => p.Trainable).Sum(p => p.Shape.Size)
        )
        {
            Layers = layer.Children.Select(child => Row(child, frozen)).ToArray(),
        };
    }
}
