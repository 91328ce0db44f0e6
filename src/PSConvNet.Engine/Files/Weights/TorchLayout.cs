using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet.Files;

/// <summary>A parameter under PyTorch's name and in its layout.</summary>
/// <param name="Module">The layer's name: <c>conv2d_1</c>.</param>
/// <param name="Parameter">The parameter's there: <c>weight</c>.</param>
/// <param name="Shape">PyTorch's: out x in x height x width.</param>
/// <param name="Slot">Where it lies in the store.</param>
/// <param name="Area">Pixels that lie outside the channels here and inside them there; 1 where the layouts are one.</param>
internal sealed record TorchTensor(
    string Module,
    string Parameter,
    IReadOnlyList<long> Shape,
    ParameterSlot Slot,
    int Area
) : WeightPlace(Module, Parameter, Shape, Slot)
{
    /// <summary>The store's values in PyTorch's order.</summary>
    public float[] Read(ParameterStore store) => ChannelOrder.ToFirst(store.Span(Slot), Area, Channels);

    /// <inheritdoc />
    public override void Write(ParameterStore store, ReadOnlySpan<float> theirs) =>
        ChannelOrder.ToLast(theirs, store.Span(Slot), Area, Channels);

    private int Channels => (int)(Shape.Count == 4 ? Shape[1] : Shape[^1] / Area);
}

/// <summary>
/// A model's parameters as PyTorch would name and lay them out: images channels-first, and so whatever is flattened from one. Layers
/// that see a flattened image have their inputs in another order there.
/// </summary>
internal sealed class TorchLayout
{
    private readonly ParameterStore _store;
    private readonly bool _exact;
    private readonly List<TorchTensor> _tensors = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    private TorchLayout(ParameterStore store, bool exact) => (_store, _exact) = (store, exact);

    /// <summary>Every parameter, in the order of the layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="exact">
    /// Whether a network that PyTorch could not compute alike is refused; else its weights are laid out in some way that can be undone.
    /// </param>
    /// <exception cref="ConvNetException"><c>ExportUnsupported</c>: a residual block that PyTorch would add up in another order.</exception>
    public static IReadOnlyList<TorchTensor> Of(Model model, bool exact)
    {
        var layout = new TorchLayout(model.Store, exact);
        Shape? image = null;
        foreach (var kernel in model.Kernels)
            image = layout.Visit(kernel, image);
        return layout._tensors;
    }

    /// <summary>Takes note of a kernel's parameters.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="image">The image that its input was flattened from, where it is one that keeps that order; else null.</param>
    /// <returns>The same of its output.</returns>
    private Shape? Visit(Kernel kernel, Shape? image)
    {
        switch (kernel)
        {
            case FlattenKernel { Input.Rank: 3 }:
                return kernel.Input;
            case KernelSequence:
                return kernel.Children.Aggregate(image, (order, child) => Visit(child, order));
            case ResidualKernel residual:
                var orders = residual.Children.Select(child => Visit(child, image)).ToList();
                // The way around the block is the input itself where nothing projects it.
                var around = orders.Count > 1 ? orders[1] : image;
                return Area(orders[0]) == Area(around) || !_exact ? around : throw DifferentOrders(residual);
            case ConvKernel { Window: var window } convolution:
                Add(convolution, "kernel", "weight", window.Height * window.Width);
                Add(convolution, "bias", "bias", 1);
                return null;
            case DenseKernel:
                Add(kernel, "kernel", "weight", Area(image));
                Add(kernel, "bias", "bias", 1);
                return null;
            case BatchNormKernel:
                Add(kernel, "gamma", "weight", Area(image));
                Add(kernel, "beta", "bias", Area(image));
                Add(kernel, "moving_mean", "running_mean", Area(image));
                Add(kernel, "moving_variance", "running_var", Area(image));
                // PyTorch knows nothing like it.
                if (!_exact)
                    AddStatisticsWeight(kernel);
                return image;
            default:
                return kernel.Parameters.Count == 0
                    ? image
                    : throw new InvalidOperationException($"PyTorch's layout of {kernel.Name} is not known.");
        }
    }

    private static int Area(Shape? image) => image is null || image[2] == 1 ? 1 : image[0] * image[1];

    private void Add(Kernel kernel, string ours, string theirs, int area)
    {
        var index = kernel.Parameters.ToList().FindIndex(parameter => parameter.Name == ours);
        if (index < 0)
            return;
        var slot = _store.Of(kernel)[index];
        var d = slot.Spec.Shape.Dimensions;
        long[] shape = d.Length == 4 ? [d[0], d[3], d[1], d[2]] : [.. d.Select(size => (long)size)];
        var module = kernel.Name.Replace('/', '.');
        // a/b may be a layer's name and b a layer in block a: rare, and no reason to lose one.
        while (!_names.Add($"{module}.{theirs}"))
            module += "_";
        _tensors.Add(new TorchTensor(module, theirs, shape, slot, area));
    }

    private void AddStatisticsWeight(Kernel kernel)
    {
        // The module that the statistics' names have just been given.
        var module = _tensors[^1].Module;
        var slot = _store.StatisticsWeight(kernel);
        _names.Add($"{module}.statistics_weight");
        _tensors.Add(new TorchTensor(module, "statistics_weight", [1], slot, 1) { IsOptional = true });
    }

    private static ConvNetException DifferentOrders(Kernel kernel) =>
        new(
            "ExportUnsupported",
            ErrorKind.InvalidArgument,
            $"{kernel.Name} adds a flattened image to the output of layers that mix its values, and PyTorch flattens images in another order: put a Dense layer between the flatten layer and the block.",
            kernel.Name
        );
}
