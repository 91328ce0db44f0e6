using System.Runtime.InteropServices;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Max pooling over windows that don't overlap, with the ReLU and the dropout that follow it, in one pass and with a backward pass of
/// its own. Replaces up to three kernels, with the same results.
/// </summary>
internal sealed class PooledActivationKernel(MaxPoolKernel pool, ActivationKernel? relu, DropoutKernel? dropout)
    : Kernel(pool.Name, pool.Input, pool.Output)
{
    private readonly PoolGeometry _geometry = GeometryOf(pool);
    private readonly int[] _offsets = GeometryOf(pool).Offsets();

    /// <inheritdoc />
    public override IEnumerable<string> LayerNames =>
        [pool.Name, .. relu is null ? [] : relu.LayerNames, .. dropout is null ? [] : dropout.LayerNames];

    /// <inheritdoc />
    public override string Method =>
        (relu, dropout) switch
        {
            (null, null) => "own loops: max pool",
            (_, null) => "own loops: max pool, ReLU",
            (null, _) => "own loops: max pool, dropout",
            _ => "own loops: max pool, ReLU, dropout",
        };

    /// <summary>Whether the loops can do this pool: whole vectors of channels, no overlap, no padding.</summary>
    public static bool CanReplace(MaxPoolKernel pool) =>
        pool.WindowsAreDisjoint && pool.Input[2] % PoolLoops.Lanes == 0 && pool.Window.Height * pool.Window.Width < 255;

    /// <inheritdoc />
    public override torch.Tensor Forward(torch.Tensor input, KernelContext context)
    {
        var count = checked((int)input.shape[0]);
        var source = input.permute(0, 2, 3, 1).contiguous();
        var output = torch.empty([count, Output[0], Output[1], Output[2]], input.dtype);
        var training = context.Pass.Training && context.NeedsInputGradient;
        var which = torch.empty([training ? count : 0, Output.Size], torch.ScalarType.Byte);
        var w = new Rows<byte>(which, Output.Size);
        var scale = Scale(context);
        var mask = scale == 1 ? [] : new ushort[Output.Size];
        if (input.dtype == torch.ScalarType.BFloat16)
        {
            var x = new Rows<ushort>(source, Input.Size);
            var y = new Rows<ushort>(output, Output.Size);
            for (var i = 0; i < count; i++)
                BFloat16PoolLoops.Forward(
                    x[i],
                    y[i],
                    training ? w[i] : [],
                    _geometry,
                    _offsets,
                    relu is not null,
                    Keep(i, mask, context),
                    scale
                );
        }
        else
        {
            var x = new Rows<float>(source, Input.Size);
            var y = new Rows<float>(output, Output.Size);
            for (var i = 0; i < count; i++)
                PoolLoops.Forward(
                    x[i],
                    y[i],
                    training ? w[i] : [],
                    _geometry,
                    _offsets,
                    relu is not null,
                    Keep(i, mask, context),
                    scale
                );
        }
        context.Saved = [which];
        return output.permute(0, 3, 1, 2);
    }

    /// <inheritdoc />
    public override torch.Tensor? Backward(torch.Tensor gradient, KernelContext context)
    {
        if (!context.NeedsInputGradient)
            return null;
        var count = checked((int)gradient.shape[0]);
        var source = gradient.permute(0, 2, 3, 1).contiguous();
        var result = torch.empty([count, Input[0], Input[1], Input[2]], gradient.dtype);
        var scale = Scale(context);
        var w = new Rows<byte>(context.Saved[0], Output.Size);
        if (gradient.dtype == torch.ScalarType.BFloat16)
        {
            var g = new Rows<ushort>(source, Output.Size);
            var x = new Rows<ushort>(result, Input.Size);
            for (var i = 0; i < count; i++)
                BFloat16PoolLoops.Backward(g[i], w[i], x[i], _geometry, _offsets, scale);
        }
        else
        {
            var g = new Rows<float>(source, Output.Size);
            var x = new Rows<float>(result, Input.Size);
            for (var i = 0; i < count; i++)
                PoolLoops.Backward(g[i], w[i], x[i], _geometry, _offsets, scale);
        }
        return result.permute(0, 3, 1, 2);
    }

    private static PoolGeometry GeometryOf(MaxPoolKernel pool) =>
        new(pool.Input[0], pool.Input[1], pool.Input[2], pool.Window);

    private float Scale(KernelContext context) =>
        dropout is { Rate: > 0 } && context.Pass.Training ? dropout.MaskOf(0, context.Pass).Scale : 1;

    /// <summary>Fills the buffer with a sample's mask, unless the buffer is empty.</summary>
    private ushort[] Keep(int row, ushort[] buffer, KernelContext context)
    {
        if (buffer.Length > 0)
            dropout!.MaskOf(row, context.Pass).Fill(buffer, ushort.MaxValue);
        return buffer;
    }
}
