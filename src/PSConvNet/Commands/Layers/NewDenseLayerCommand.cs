using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Adds a layer in which every output depends on every input.</summary>
/// <seealso cref="NewFlattenLayerCommand" />
/// <seealso cref="NewGlobalPoolLayerCommand" />
/// <seealso cref="NewDropoutLayerCommand" />
/// <seealso cref="NewModelCommand" />
/// <remarks>
/// <para>
/// Each unit is a weighted sum of all inputs plus a number of its own. The input must be a vector, so images go through
/// New-FlattenLayer or New-GlobalPoolLayer first. A classifier ends in one unit for each class with -Activation Softmax.
/// </para>
/// </remarks>
/// <example>
/// <para>Adds the last layer of a classifier for ten classes.</para>
/// <code>New-FlattenLayer | New-DenseLayer 128 -Activation ReLU | New-DenseLayer 10 -Activation Softmax</code>
/// </example>
/// <example>
/// <para>Uses He's initial weights and a penalty on large ones.</para>
/// <code>New-DenseLayer 256 -Activation GELU -Initializer HeUniform -L2 1e-4</code>
/// </example>
[Cmdlet(VerbsCommon.New, "DenseLayer", HelpUri = HelpPages.Address + "New-DenseLayer.md")]
[OutputType(typeof(LayerSpec))]
public sealed class NewDenseLayerCommand : LayerCommand
{
    private static readonly DenseLayer s_usual = new(1);

    /// <summary>The number of outputs; at least 1.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ReadAs<int>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Units { get; set; }

    /// <summary>The function applied to the result. Default: None.</summary>
    [Parameter]
    [ReadAs<Activation>]
    public Activation Activation { get; set; } = s_usual.Activation;

    /// <summary>Leaves out the number that each unit adds to its sum.</summary>
    [Parameter]
    public SwitchParameter NoBias { get; set; }

    /// <summary>How the weights are drawn before training. Default: GlorotUniform, as in Keras.</summary>
    [Parameter]
    [Alias("Initialiser")]
    [ReadAs<Initializer>]
    public Initializer Initializer { get; set; } = s_usual.Initializer;

    /// <summary>Strength of the penalty on the sum of the weights' squares, from 0 up; 1e-4 is common. It is not part of the loss that is shown. Default: 0.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double L2 { get; set; } = s_usual.L2;

    /// <summary>Leaves the layer unchanged when the model is trained, for weights that come from elsewhere.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public SwitchParameter Frozen { get; set; }

    /// <inheritdoc />
    protected override LayerSpec Describe() =>
        new DenseLayer(Units)
        {
            Activation = Activation,
            UseBias = !NoBias,
            Initializer = Initializer,
            L2 = L2,
            Frozen = Frozen,
        };
}
