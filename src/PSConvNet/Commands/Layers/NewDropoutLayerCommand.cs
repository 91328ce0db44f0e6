using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Adds a layer that leaves out a random share of the values while training.</summary>
/// <remarks>
/// <para>
/// A network that can't rely on any single value learns by heart less easily. What remains is scaled up, so that the sums stay
/// the same on average. When the model is measured or used, the layer does nothing. The shape stays as it is.
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
[Cmdlet(VerbsCommon.New, "DropoutLayer")]
[OutputType(typeof(LayerSpec))]
public sealed class NewDropoutLayerCommand : LayerCommand
{
    /// <summary>The share of values to leave out, from 0 to below 1.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double Rate { get; set; }

    /// <inheritdoc />
    protected override LayerSpec Describe() => new DropoutLayer(Rate);
}
