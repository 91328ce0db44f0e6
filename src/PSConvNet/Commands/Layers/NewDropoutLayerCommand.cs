using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Adds a layer that drops a random share of the values during training.</summary>
/// <seealso cref="NewDenseLayerCommand" />
/// <seealso cref="NewModelCommand" />
/// <remarks>
/// <para>
/// A network that can't rely on any single value is less likely to memorise its training images. The remaining values are scaled up so that the sums
/// stay the same on average. When the model is measured or used, the layer does nothing. The shape stays the same.
/// </para>
/// </remarks>
/// <example>
/// <para>Drops half of the values before the last layer.</para>
/// <code>New-DenseLayer 128 -Activation ReLU | New-DropoutLayer 0.5 | New-DenseLayer 10 -Activation Softmax</code>
/// </example>
/// <example>
/// <para>Drops a quarter of the pooled features, as the tutorial's network does.</para>
/// <code>New-ConvLayer 64 -Activation ReLU | New-MaxPoolLayer 2 | New-DropoutLayer 0.25</code>
/// </example>
[Cmdlet(VerbsCommon.New, "DropoutLayer", HelpUri = HelpPages.Address + "New-DropoutLayer.md")]
[OutputType(typeof(LayerSpec))]
public sealed class NewDropoutLayerCommand : LayerCommand
{
    /// <summary>The share of values to drop, from 0 to below 1.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Rate { get; set; }

    /// <inheritdoc />
    protected override LayerSpec Describe() => new DropoutLayer(Rate);
}
