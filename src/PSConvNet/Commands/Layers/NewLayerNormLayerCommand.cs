using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Adds a layer that normalizes each sample by itself.</summary>
/// <remarks>
/// <para>
/// The values of a vector, or the channels of each pixel, are normalized to mean 0 and variance 1, then multiplied by a scale and moved by a shift
/// that are learned for each element or channel. Unlike a batch norm, the layer computes the same in training and in use, and the size of a batch doesn't matter. The
/// shape stays the same.
/// </para>
/// <para>
/// The settings are those of Keras's LayerNormalization. PyTorch's LayerNorm uses an epsilon of 1e-5.
/// </para>
/// </remarks>
/// <example>
/// <para>Normalizes the output of a dense layer before its activation.</para>
/// <code>New-FlattenLayer | New-DenseLayer 128 | New-LayerNormLayer | New-ActivationLayer GELU</code>
/// </example>
/// <example>
/// <para>Normalizes the channels of each pixel, with PyTorch's epsilon.</para>
/// <code>New-ConvLayer 32 | New-LayerNormLayer -Epsilon 1e-5</code>
/// </example>
/// <seealso cref="NewBatchNormLayerCommand" />
/// <seealso cref="NewActivationLayerCommand" />
/// <seealso cref="NewModelCommand" />
[Cmdlet(VerbsCommon.New, "LayerNormLayer", HelpUri = HelpPages.Address + "New-LayerNormLayer.md")]
[OutputType(typeof(LayerSpec))]
public sealed class NewLayerNormLayerCommand : LayerCommand
{
    private static readonly LayerNormLayer s_usual = new();

    /// <summary>Added to the variance to prevent a division by zero; above 0. Default: 0.001.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Epsilon { get; set; } = s_usual.Epsilon;

    /// <summary>Leaves the layer unchanged when the model is trained.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public SwitchParameter Frozen { get; set; }

    /// <inheritdoc />
    protected override LayerSpec Describe() => new LayerNormLayer { Epsilon = Epsilon, Frozen = Frozen };
}
