using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Adds a layer that normalises each channel over the batch.</summary>
/// <seealso cref="NewConvLayerCommand" />
/// <seealso cref="NewActivationLayerCommand" />
/// <remarks>
/// <para>
/// In training, each channel is normalised to mean 0 and variance 1 over the whole batch, then scaled and shifted by two numbers that are learned.
/// Deep networks learn faster with it. When the model is measured or used, means and variances gathered during training are used instead of the
/// batch's. The shape stays the same.
/// </para>
/// <para>
/// They are weighted means over the steps: each step counts -Momentum times as much as the next one, and the weights sum to 1 from the first step on,
/// so that they are right after a short training, too. Variances are those of the population, as in Keras; PyTorch uses the unbiased ones, which are
/// n / (n - 1) times as large for n values of a channel in a batch.
/// </para>
/// </remarks>
/// <example>
/// <para>Adds a batch norm between a convolution and its activation. The convolution has no bias because this layer has its own.</para>
/// <code>New-ConvLayer 32 -Padding Same -NoBias | New-BatchNormLayer | New-ActivationLayer ReLU</code>
/// </example>
/// <example>
/// <para>Makes the statistics follow faster while weights still change a lot.</para>
/// <code>New-BatchNormLayer -Momentum 0.9 -Epsilon 1e-5</code>
/// </example>
[Cmdlet(VerbsCommon.New, "BatchNormLayer", HelpUri = HelpPages.Address + "New-BatchNormLayer.md")]
[OutputType(typeof(LayerSpec))]
public sealed class NewBatchNormLayerCommand : LayerCommand
{
    private static readonly BatchNormLayer s_usual = new();

    /// <summary>The share of the old statistics that stays at each batch, from 0 to below 1. Default: 0.99.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Momentum { get; set; } = s_usual.Momentum;

    /// <summary>Added to the variance to prevent a division by zero; above 0. Default: 0.001.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Epsilon { get; set; } = s_usual.Epsilon;

    /// <summary>Leaves the layer unchanged when the model is trained. It then uses its moving statistics, as when the model is measured.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public SwitchParameter Frozen { get; set; }

    /// <inheritdoc />
    protected override LayerSpec Describe() =>
        new BatchNormLayer
        {
            Momentum = Momentum,
            Epsilon = Epsilon,
            Frozen = Frozen,
        };
}
