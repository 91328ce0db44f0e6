using System.Text.Json.Serialization;
using PSConvNet.Runtime;
using PSConvNet.Runtime.Kernels;

namespace PSConvNet;

/// <summary>
/// A layer as a description: its kind and settings, no tensors. Immutable and equal by value, so that a list of layers can be
/// kept, printed, compared and built into any number of models.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConvLayer), "Conv")]
[JsonDerivedType(typeof(MaxPoolLayer), "MaxPool")]
[JsonDerivedType(typeof(AveragePoolLayer), "AveragePool")]
[JsonDerivedType(typeof(GlobalPoolLayer), "GlobalPool")]
[JsonDerivedType(typeof(DenseLayer), "Dense")]
[JsonDerivedType(typeof(DropoutLayer), "Dropout")]
[JsonDerivedType(typeof(FlattenLayer), "Flatten")]
[JsonDerivedType(typeof(BatchNormLayer), "BatchNorm")]
[JsonDerivedType(typeof(ActivationLayer), "Activation")]
[JsonDerivedType(typeof(ResidualBlock), "Residual")]
public abstract record LayerSpec
{
    /// <summary>More than any window has, and few enough to reckon with: a file may say anything.</summary>
    internal const int LongestSide = 10_000;

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
    public abstract string Kind { get; }

    /// <summary>The settings in words: <c>32 filters 3 x 3, ReLU</c>.</summary>
    public string Settings => Words(OwnSettings, Frozen ? "frozen" : null);

    /// <summary>The same without what all kinds have.</summary>
    private protected abstract string OwnSettings { get; }

    /// <summary>The start of an automatic name.</summary>
    internal abstract string NamePrefix { get; }

    /// <summary>Refuses settings that can never work.</summary>
    /// <exception cref="ConvNetException"><c>LayerSettingInvalid</c>: with the setting, its range and what was given.</exception>
    public virtual void Validate() { }

    /// <summary>The shape of a sample after this layer.</summary>
    /// <param name="input">The shape before it.</param>
    /// <exception cref="ConvNetException"><c>LayerShapeMismatch</c>: the layer can't work on that shape; says what to do.</exception>
    public abstract Shape InferShape(Shape input);

    /// <summary>What computes it, for a given input.</summary>
    internal abstract IReadOnlyList<Kernel> Lower(string name, Shape input);

    /// <summary>The layer on one line.</summary>
    public sealed override string ToString() => Settings.Length == 0 ? Kind : $"{Kind} ({Settings})";

    private protected ConvNetException Refuse(Shape input, string problem, string remedy) =>
        new(
            "LayerShapeMismatch",
            ErrorKind.InvalidArgument,
            $"{Name ?? Kind} ({Kind}) can't work on an input of {input}: {problem:text}. {remedy:text}",
            this
        );

    private protected void Require(bool condition, string message)
    {
        if (!condition)
            throw new ConvNetException(
                "LayerSettingInvalid",
                ErrorKind.InvalidArgument,
                $"{Kind}: {message:text}",
                this
            );
    }

    private protected void RequireImage(Shape input)
    {
        if (input.Rank == 3)
            return;
        var remedy =
            input.Rank == 2
                ? "Give the images a channel: Import-Mnist | Expand-Dimension, and New-Model -InputShape "
                    + $"{input[0]},{input[1]},1."
                : "Move this layer before the Flatten or Dense layer.";
        throw Refuse(input, "it needs height x width x channels", remedy);
    }

    private protected void RequireWindow(Window window, string setting) =>
        Require(
            window is { Height: >= 1 and <= LongestSide, Width: >= 1 and <= LongestSide },
            $"{setting} must be from 1 to {LongestSide} in both directions, not {window}."
        );

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
                "Use a smaller window, -Padding Same, or fewer pooling layers before it."
            );
        }
        return (height, width);
    }

    private protected static IReadOnlyList<Kernel> WithActivation(Kernel kernel, Activation activation) =>
        activation == Activation.None
            ? [kernel]
            : [kernel, new ActivationKernel(kernel.Name, kernel.Output, activation, activation.DefaultAlpha())];

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
