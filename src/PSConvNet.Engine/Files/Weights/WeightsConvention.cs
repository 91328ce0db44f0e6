namespace PSConvNet.Files;

/// <summary>How a world of its own names parameters and lays them out.</summary>
internal abstract class WeightsConvention
{
    /// <summary>PyTorch's, for files of weights alone.</summary>
    public static WeightsConvention PyTorch { get; } = new TorchConvention(exact: true);

    /// <summary>That of model files: PyTorch's, with what only this program knows besides.</summary>
    public static WeightsConvention ModelFile { get; } = new TorchConvention(exact: false);

    /// <summary>Keras'.</summary>
    public static WeightsConvention Keras { get; } = new KerasConvention();

    /// <summary>The convention of an origin.</summary>
    public static WeightsConvention Of(WeightsOrigin origin) => origin == WeightsOrigin.Keras ? Keras : PyTorch;

    /// <summary>What batch norms add to the variance there unless somebody says otherwise.</summary>
    public abstract double UsualEpsilon { get; }

    /// <summary>Whose it is.</summary>
    public abstract string Name { get; }

    /// <summary>The order of a kernel's dimensions.</summary>
    public abstract string ShapeOrder { get; }

    /// <summary>What to say of a file that has the other convention's names.</summary>
    public abstract string OtherConvention { get; }

    /// <summary>Every parameter of a model, in the order of the layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tensors">What the file has, where automatic names depend on it.</param>
    public abstract IReadOnlyList<WeightPlace> Places(Model model, IReadOnlyList<TensorInfo> tensors);

    /// <summary>The file's tensors with their names taken apart; those that no network needs are left out.</summary>
    public abstract IReadOnlyList<FileTensor> Read(
        IReadOnlyList<TensorInfo> tensors,
        IReadOnlyList<WeightPlace> places
    );

    /// <summary>Whether a parameter's name belongs to this convention and to no other.</summary>
    public abstract bool IsOwn(string parameter);

    /// <summary>Takes a name apart at its last separator.</summary>
    protected static FileTensor Split(TensorInfo tensor, string name) =>
        name.LastIndexOf('.') is >= 0 and var dot
            ? new FileTensor(tensor, name[..dot], name[(dot + 1)..], tensor.Shape)
            : new FileTensor(tensor, "", name, tensor.Shape);
}

/// <summary>PyTorch's names and layouts.</summary>
/// <param name="exact">Whether it is PyTorch that has to compute the same from them.</param>
internal sealed class TorchConvention(bool exact) : WeightsConvention
{
    /// <summary>PyTorch counts a batch norm's batches; nothing here depends on it.</summary>
    private const string BatchCount = "num_batches_tracked";

    /// <inheritdoc />
    public override double UsualEpsilon => 1e-5;

    /// <inheritdoc />
    public override string Name => "PyTorch";

    /// <inheritdoc />
    public override string ShapeOrder => "out x in x height x width";

    /// <inheritdoc />
    public override string OtherConvention => "has Keras' names (kernel, gamma): give from: WeightsOrigin.Keras";

    /// <inheritdoc />
    public override IReadOnlyList<WeightPlace> Places(Model model, IReadOnlyList<TensorInfo> tensors) =>
        TorchLayout.Of(model, exact);

    /// <inheritdoc />
    public override IReadOnlyList<FileTensor> Read(
        IReadOnlyList<TensorInfo> tensors,
        IReadOnlyList<WeightPlace> places
    ) => [.. tensors.Select(tensor => Split(tensor, tensor.Name)).Where(tensor => tensor.Parameter != BatchCount)];

    /// <inheritdoc />
    public override bool IsOwn(string parameter) => parameter is "weight" or "running_mean" or "running_var";
}
