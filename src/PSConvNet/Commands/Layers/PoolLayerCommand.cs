using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>What the two pooling cmdlets share.</summary>
public abstract class PoolLayerCommand : LayerCommand
{
    /// <summary>The window: one number for both directions, or height and width. Default: 2.</summary>
    [Parameter(Position = 0)]
    [ReadAs<int[]>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int[] PoolSize { get; set; } = [2];

    /// <summary>
    /// The number of pixels the window moves per step: one number, or down and across. Default: the window's size, so that windows
    /// don't overlap.
    /// </summary>
    [Parameter]
    [ReadAs<int[]>(IsOptional = true)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int[]? Stride { get; set; }

    /// <summary>
    /// Valid: none; what does not fill a window is left out. Same: as much as makes the output the input's size divided by the
    /// stride, rounded up. A number: so many pixels on each side. Default: Valid.
    /// </summary>
    [Parameter]
    [ArgumentCompleter(typeof(PaddingCompleter))]
    [ReadAs<string>(What = "Valid, Same, or a number of pixels from 0 up")]
    public string Padding { get; set; } = PSConvNet.Layers.Padding.Valid.ToString();

    /// <summary>The kind of pool.</summary>
    private protected abstract PoolLayer Create(Window poolSize);

    /// <inheritdoc />
    protected override LayerSpec Describe()
    {
        var size = ToWindow(PoolSize, nameof(PoolSize));
        return Create(size) with
        {
            Stride = Stride is null ? size : ToWindow(Stride, nameof(Stride)),
            Padding = PSConvNet.Layers.Padding.Parse(Padding),
        };
    }
}
