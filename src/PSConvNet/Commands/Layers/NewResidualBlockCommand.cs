using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Adds a block of layers whose output has the block's input added to it.</summary>
/// <seealso cref="NewConvLayerCommand" />
/// <seealso cref="NewBatchNormLayerCommand" />
/// <seealso cref="NewModelCommand" />
/// <remarks>
/// <para>
/// Networks with many layers learn better if each block only has to learn what to add to its input (He et al. 2016). If the layers change the shape,
/// the input goes through a projection: a 1 x 1 convolution with the stride that fits, or a dense layer
/// for vectors.
/// </para>
/// </remarks>
/// <example>
/// <para>Two convolutions that keep the shape, and ReLU after the sum.</para>
/// <code>New-ResidualBlock { New-ConvLayer 32 -Padding Same -Activation ReLU | New-ConvLayer 32 -Padding Same } -Activation ReLU</code>
/// </example>
/// <example>
/// <para>A block that halves the image and doubles its channels; the input is projected.</para>
/// <code>New-ConvLayer 32 -Activation ReLU | New-ResidualBlock { New-ConvLayer 64 -Stride 2 -Padding Same } | New-GlobalPoolLayer | New-DenseLayer 10 -Activation Softmax | New-Model -InputShape 28,28,1</code>
/// </example>
[Cmdlet(VerbsCommon.New, "ResidualBlock", HelpUri = HelpPages.Address + "New-ResidualBlock.md")]
[OutputType(typeof(LayerSpec))]
public sealed class NewResidualBlockCommand : LayerCommand
{
    /// <summary>A script block that returns the layers inside the block.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ReadAs<ScriptBlock>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public ScriptBlock Layers { get; set; } = ScriptBlock.Create("");

    /// <summary>The function applied to the sum. Default: None.</summary>
    [Parameter]
    [ReadAs<Activation>]
    public Activation Activation { get; set; }

    /// <summary>Leaves the layers inside the block, and the projection, unchanged when the model is trained.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    public SwitchParameter Frozen { get; set; }

    /// <inheritdoc />
    protected override LayerSpec Describe()
    {
        var layers = new List<LayerSpec>();
        foreach (var result in Layers.Invoke())
        {
            layers.Add(
                result?.BaseObject as LayerSpec
                    ?? throw new ConvNetException(
                        ErrorIds.LayerSettingInvalid,
                        ErrorKind.InvalidArgument,
                        $"The script block of New-ResidualBlock must return only layers, but it returned '{result}'.",
                        result
                    )
            );
        }
        return new ResidualBlock([.. layers]) { Activation = Activation, Frozen = Frozen };
    }
}
