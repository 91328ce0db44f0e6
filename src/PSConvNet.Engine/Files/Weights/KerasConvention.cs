using System.Globalization;
using System.Text.RegularExpressions;

namespace PSConvNet.Files;

/// <summary>A parameter in Keras' layout: the outputs last, where they come first here. Images are flattened alike.</summary>
internal sealed record KerasPlace(string Module, string Parameter, IReadOnlyList<long> Shape, ParameterSlot Slot)
    : WeightPlace(Module, Parameter, Shape, Slot)
{
    /// <inheritdoc />
    public override void Write(ParameterStore store, ReadOnlySpan<float> theirs)
    {
        var outputs = (int)Shape[^1];
        if (Shape.Count == 1)
            theirs.CopyTo(store.Span(Slot));
        else
            ChannelOrder.ToLast(theirs, store.Span(Slot), pixels: outputs, channels: Slot.Length / outputs);
    }
}

/// <summary>
/// Keras' names and layouts: <c>conv2d/kernel</c> (height x width x in x out), <c>dense/kernel</c> (in x out), <c>gamma</c>, <c>beta</c>,
/// <c>moving_mean</c>, <c>moving_variance</c>; also with the <c>:0</c> that Keras 2 puts behind each name.
/// </summary>
internal sealed partial class KerasConvention : WeightsConvention
{
    private const string Kernel = "kernel";
    private const string DepthwiseKernel = "depthwise_kernel";
    private const string PointwiseKernel = "pointwise_kernel";

    /// <summary>The state of a dropout's random numbers, which Keras 3 keeps among the variables.</summary>
    private const string SeedState = "seed_generator_state";

    /// <inheritdoc />
    public override double UsualEpsilon => 1e-3;

    /// <inheritdoc />
    public override string Name => "Keras";

    /// <inheritdoc />
    public override string ShapeOrder => "height x width x in x out";

    /// <inheritdoc />
    public override string OtherConvention =>
        "has PyTorch's names (weight, running_mean): leave out from: WeightsOrigin.Keras";

    /// <inheritdoc />
    public override bool IsOwn(string parameter) =>
        parameter
            is Kernel
                or DepthwiseKernel
                or PointwiseKernel
                or "gamma"
                or "beta"
                or "moving_mean"
                or "moving_variance";

    /// <inheritdoc />
    public override IReadOnlyList<WeightPlace> Places(Model model, IReadOnlyList<TensorInfo> tensors)
    {
        var names = Names(model, [.. tensors.Select(tensor => Apart(tensor).Module)]);
        var places = new List<WeightPlace>();
        foreach (var layer in model.Network.SelectMany(layer => layer.SelfAndDescendants()))
        foreach (var kernel in layer.Parametrized)
        foreach (var slot in model.Store.Of(kernel))
        {
            var d = slot.Spec.Shape.Dimensions;
            long[] shape = d.Length switch
            {
                4 => [d[1], d[2], d[3], d[0]],
                2 => [d[1], d[0]],
                _ => [.. d.Select(size => (long)size)],
            };
            var module = names.GetValueOrDefault(layer.Path, layer.Path).Replace('/', '.');
            places.Add(new KerasPlace(module, slot.Spec.Name, shape, slot));
        }
        return places;
    }

    /// <inheritdoc />
    public override IReadOnlyList<FileTensor> Read(IReadOnlyList<TensorInfo> tensors, IReadOnlyList<WeightPlace> places)
    {
        var all = tensors.Select(Apart).Where(tensor => tensor.Parameter != SeedState).ToList();
        var separable = all.Where(tensor => tensor.Parameter == PointwiseKernel)
            .Select(tensor => tensor.Module)
            .ToHashSet(StringComparer.Ordinal);
        var shapes = places.Select(place => ShapeText.Of(place.Shape)).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. all.Select(tensor =>
                tensor.Parameter is Kernel or DepthwiseKernel
                    ? tensor with
                    {
                        // Of a separable convolution it is one kernel of two, and keeps its name.
                        Parameter = separable.Contains(tensor.Module) ? tensor.Parameter : Kernel,
                        Shape = Depthwise(tensor.Shape, shapes),
                    }
                    : tensor
            ),
        ];
    }

    private static FileTensor Apart(TensorInfo tensor) =>
        Split(tensor, OutputNumber().Replace(tensor.Name, "").Replace('/', '.'));

    /// <summary>
    /// A depthwise kernel is height x width x channels x filters a channel; in memory it is the kernel of a convolution in as many groups as
    /// there are channels: height x width x 1 x filters.
    /// </summary>
    private static IReadOnlyList<long> Depthwise(IReadOnlyList<long> shape, HashSet<string> known)
    {
        if (shape is not [var height, var width, > 0 and var channels, > 0 and var each])
            return shape;
        if (known.Contains(ShapeText.Of(shape)) || channels > long.MaxValue / each)
            return shape;
        long[] grouped = [height, width, 1, channels * each];
        return known.Contains(ShapeText.Of(grouped)) ? grouped : shape;
    }

    /// <summary>
    /// What Keras would call the layers that have no name of their own: it counts from <c>conv2d</c>, <c>conv2d_1</c> on, over all models of
    /// a session, so the file says where its model begins.
    /// </summary>
    private static Dictionary<string, string> Names(Model model, IReadOnlyList<string> modules)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var layer in model.Network.Where(layer => layer.Layer.Name is null))
        {
            var prefix = layer.Layer.NamePrefix;
            var number = int.Parse(layer.Name[(prefix.Length + 1)..], CultureInfo.InvariantCulture) - 1;
            var theirs = First(prefix, modules) + number;
            names[layer.Path] = theirs == 0 ? prefix : $"{prefix}_{theirs}";
        }
        return names;
    }

    private static int First(string prefix, IEnumerable<string> modules) =>
        modules
            .Select(module => module[(module.LastIndexOf('.') + 1)..])
            .Select(name =>
                name == prefix ? 0
                : name.StartsWith(prefix + "_", StringComparison.Ordinal)
                && int.TryParse(name.AsSpan(prefix.Length + 1), NumberStyles.None, null, out var number)
                    ? number
                : int.MaxValue
            )
            .DefaultIfEmpty(int.MaxValue)
            .Min()
            is var least
                and < 1_000_000
            ? least
            : 0;

    [GeneratedRegex(":[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex OutputNumber();
}
