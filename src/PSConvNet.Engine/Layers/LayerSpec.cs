using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace PSConvNet.Layers;

/// <summary>
/// A layer as a description: its kind and settings, no tensors. Immutable and equal by value, so that a list of layers can be
/// kept, printed, compared and built into any number of models.
/// </summary>
/// <remarks>
/// A kind is one record in Layers/Kinds, and <see cref="LayerCatalog"/> finds it there. The record has the kind's settings with their defaults
/// and ranges, its shapes, its kernels with the names that PyTorch and Keras have for their parameters, its part of an ONNX graph and of a page.
/// </remarks>
public abstract record LayerSpec
{
    /// <summary>More than any window has, and few enough to reckon with: a file may say anything.</summary>
    internal const int LongestSide = 10_000;

    /// <summary>More outputs than any layer has, and few enough for messages to say what is wrong before memory runs out.</summary>
    internal const int MostOutputs = 1_000_000;

    /// <summary>The layer's name in its model, or null to have it named after its kind: <c>conv2d_1</c>.</summary>
    public string? Name
    {
        get;
        init => field = value is null ? null : PrintableText.Of(value);
    }

    /// <summary>
    /// Whether trainings leave the layer's weights and moving statistics as they are; a batch norm uses its moving statistics then. A
    /// training can name it in <see cref="TrainingOptions.Unfrozen"/>.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Frozen { get; init; }

    /// <summary>The kind, as in the name of the cmdlet that makes it: <c>Conv</c>, <c>MaxPool</c>.</summary>
    public string Kind => LayerKind.NameOf(GetType());

    /// <summary>The settings in words: <c>32 filters 3 x 3, ReLU</c>.</summary>
    public string Settings => Words(OwnSettings, Frozen ? "frozen" : null);

    /// <summary>The same without what all kinds have.</summary>
    private protected abstract string OwnSettings { get; }

    /// <summary>The layer on one line where the layers within it are on lines of their own.</summary>
    internal virtual string Outline => ToString();

    /// <summary>The start of an automatic name: Keras' for the kind.</summary>
    internal abstract string NamePrefix { get; }

    /// <summary>The kinds it looks like in a diagram.</summary>
    internal virtual LayerFamily Family => LayerFamily.Other;

    /// <summary>Whether outputs differ from inputs once a network has been trained; dropout and flatten only pass values on.</summary>
    internal virtual bool ChangesValues => true;

    /// <summary>A setting that a script names even where it has its default; null for none.</summary>
    internal virtual string? AlwaysNamed => null;

    /// <summary>Refuses settings that can never work.</summary>
    /// <exception cref="ConvNetException"><c>LayerSettingInvalid</c>: with the setting, its range and what was given.</exception>
    public void Validate()
    {
        foreach (var setting in LayerCatalog.Of(this).Settings)
        {
            if (setting.Fault(this) is { } fault)
                Require(false, fault);
        }
        ValidateTogether();
    }

    /// <summary>Refuses settings that can't be together.</summary>
    private protected virtual void ValidateTogether() { }

    /// <summary>The shape of a sample after this layer.</summary>
    /// <param name="input">The shape before it.</param>
    /// <exception cref="ConvNetException"><c>LayerShapeMismatch</c>: the layer can't work on that shape; says what to do.</exception>
    public abstract Shape InferShape(Shape input);

    /// <summary>What computes it, for a given input.</summary>
    internal abstract IReadOnlyList<Kernel> Lower(string name, Shape input);

    /// <summary>The layer in its place; a block compiles the layers within it, too.</summary>
    internal virtual CompiledLayer Compile(LayerPlace place) =>
        new(this, place, InferShape(place.Input), Lower(place.Path, place.Input))
        {
            OutputOrder = OrderAfter(place.Input, place.Order),
        };

    /// <summary>The image in whose order the output's values are, as <see cref="LayerPlace.Order"/> says; null where they are in no such order.</summary>
    /// <param name="input">The shape of the input.</param>
    /// <param name="order">The same of the input.</param>
    private protected virtual Shape? OrderAfter(Shape input, Shape? order) => null;

    /// <summary>Adds what computes it, but for the activation function, to an ONNX graph.</summary>
    /// <returns>Its output; <paramref name="input"/> itself where it does nothing.</returns>
    internal abstract OnnxValue ToOnnx(CompiledLayer layer, OnnxBuilder onnx, OnnxValue input);

    /// <summary>The layer for the script of a page, but for name, shape and activation function. The script reads its parameters in the store's order.</summary>
    internal abstract JsonObject ToPage(CompiledLayer layer);

    /// <summary>The layer on one line.</summary>
    public sealed override string ToString() => Settings.Length == 0 ? Kind : $"{Kind} ({Settings})";

    private protected ConvNetException Refuse(Shape input, string problem, string remedy) =>
        new(
            ErrorIds.LayerShapeMismatch,
            ErrorKind.InvalidArgument,
            $"{Name ?? Kind} ({Kind}) can't work on an input of {input}: {problem:text}. {remedy:text}",
            this
        );

    private protected void Require(bool condition, string message)
    {
        if (!condition)
            throw new ConvNetException(
                ErrorIds.LayerSettingInvalid,
                ErrorKind.InvalidArgument,
                $"{message:text}",
                this
            );
    }

    private protected void RequireImage(Shape input)
    {
        if (input.Rank == 3)
            return;
        var remedy =
            input.Rank == 2
                ? "Give the images a channel with Dataset.ExpandDimension, and the model the Model.InputShape "
                    + $"{input[0]},{input[1]},1."
                : "Move this layer before the Flatten or Dense layer.";
        throw Refuse(input, "it needs height x width x channels", remedy);
    }

    /// <summary>Where a window of that reach comes to lie: the output's height and width.</summary>
    private protected (int Height, int Width) Slide(
        Shape input,
        Window window,
        Window stride,
        Window dilation,
        Padding padding
    )
    {
        var edges = padding.Around(input, window, stride, dilation);
        var height = Steps((long)input[0] + edges.Top + edges.Bottom, window.Height, stride.Height, dilation.Height);
        var width = Steps((long)input[1] + edges.Left + edges.Right, window.Width, stride.Width, dilation.Width);
        if (height < 1 || width < 1)
        {
            var dilated = dilation == new Window(1, 1) ? "" : $" (dilated by {dilation})";
            throw Refuse(
                input,
                $"its window of {window}{dilated} is larger than the image",
                "Use a smaller window, Padding.Same, or fewer pooling layers before it."
            );
        }
        return (height, width);
    }

    private protected static IReadOnlyList<Kernel> WithActivation(Kernel kernel, Activation activation) =>
        activation == Activation.None
            ? [kernel]
            : [kernel, new ActivationKernel(kernel.Name, kernel.Output, activation, activation.DefaultAlpha())];

    /// <summary>The filters of a convolution: filters x height x width x channels of a group.</summary>
    private protected static ParameterSpec FilterParameter(
        string name,
        string torchName,
        ConvGeometry geometry,
        int channels,
        int filters,
        Initializer initializer,
        double l2
    )
    {
        var (height, width) = (geometry.Window.Height, geometry.Window.Width);
        var depth = channels / geometry.Groups;
        return new ParameterSpec(name, new Shape(filters, height, width, depth), initializer)
        {
            TorchName = torchName,
            FanIn = height * width * depth,
            FanOut = height * width * filters / geometry.Groups,
            L2 = l2,
        };
    }

    /// <summary>A number for each output, 0 at the start.</summary>
    private protected static ParameterSpec BiasParameter(string name, int outputs) =>
        new(name, new Shape(outputs), Initializer.Zeros);

    private protected static string Words(params ReadOnlySpan<string?> parts) =>
        string.Join(", ", parts.ToArray().Where(part => !string.IsNullOrEmpty(part)));

    private protected static string? Unless<T>(T value, T usual, string words)
        where T : notnull => value.Equals(usual) ? null : words;

    private static int Steps(long size, int window, int stride, int dilation)
    {
        var room = size - ((window - 1) * dilation + 1);
        return room < 0 ? 0 : (int)Math.Min(room / stride + 1, int.MaxValue);
    }
}
