using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Adds an activation function as a layer of its own.</summary>
/// <seealso cref="NewConvLayerCommand" />
/// <seealso cref="NewDenseLayerCommand" />
/// <seealso cref="NewBatchNormLayerCommand" />
/// <remarks>
/// <para>
/// Most layers have -Activation and don't need a separate layer for it. Use this one for an activation after a batch norm, and for LeakyReLU and ELU
/// with a different -Alpha. The shape stays the same.
/// </para>
/// </remarks>
/// <example>
/// <para>ReLU after a batch norm.</para>
/// <code>New-ConvLayer 32 -NoBias | New-BatchNormLayer | New-ActivationLayer ReLU</code>
/// </example>
/// <example>
/// <para>A leaky ReLU with a slope of 0.01 below zero.</para>
/// <code>New-ActivationLayer LeakyReLU -Alpha 0.01</code>
/// </example>
[Cmdlet(VerbsCommon.New, "ActivationLayer", HelpUri = HelpPages.Address + "New-ActivationLayer.md")]
[OutputType(typeof(LayerSpec))]
public sealed class NewActivationLayerCommand : LayerCommand
{
    /// <summary>The function.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ReadAs<Activation>]
    public Activation Activation { get; set; }

    /// <summary>LeakyReLU's slope below zero (usually 0.2), or ELU's scale (usually 1); from 0 up.</summary>
    [Parameter]
    [ReadAs<double?>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double? Alpha { get; set; }

    /// <inheritdoc />
    protected override LayerSpec Describe() => new ActivationLayer(Activation) { Alpha = Alpha };
}
