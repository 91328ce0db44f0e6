using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Adds a layer that normalises each channel over the batch.</summary>
/// <remarks>
/// <para>
/// While training, each channel is given mean 0 and variance 1 over the whole batch, then scaled and shifted by two numbers that
/// are learned; deep networks learn faster with it. When the model is measured or used, means and variances gathered during
/// training take the place of the batch's. The shape stays as it is.
/// </para>
/// <para>
/// Those are means over the steps, in which each step counts -Momentum times what the next one does, and the weights sum to 1 from the
/// first step on, so that a short training has right ones too. Variances are those of the population, as in Keras; PyTorch gathers the
/// unbiased ones, which are n / (n - 1) times as large for n values of a channel in a batch.
/// </para>
/// </remarks>
/// <example>
/// <para>Between a convolution and its activation, the convolution without a bias since this layer has its own.</para>
/// <code>New-ConvLayer 32 -Padding Same -NoBias | New-BatchNormLayer | New-ActivationLayer ReLU</code>
/// </example>
/// <example>
/// <para>Statistics that follow faster, while weights still change much.</para>
/// <code>New-BatchNormLayer -Momentum 0.9 -Epsilon 1e-5</code>
/// </example>
[Cmdlet(VerbsCommon.New, "BatchNormLayer")]
[OutputType(typeof(LayerSpec))]
public sealed class NewBatchNormLayerCommand : LayerCommand
{
    /// <summary>The share of the old statistics that stays at each batch, from 0 to below 1. Default: 0.99.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Momentum { get; set; } = 0.99;

    /// <summary>Is added to the variance so that nothing is divided by zero; above 0. Default: 0.001.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Epsilon { get; set; } = 1e-3;

    /// <summary>Leaves the layer as it is when the model is trained: it uses its moving statistics then, as when the model is measured.</summary>
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
