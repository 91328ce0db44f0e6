using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary><see cref="ActivationLoops"/> compiled for one function and one width of vectors.</summary>
internal sealed unsafe class ActivationLoops<TCurve, TWide>(float alpha) : ActivationLoops
    where TCurve : struct, ICurve
    where TWide : struct, IWide<TWide>
{
    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        Element.Check<T>();
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        var parameter = TWide.Broadcast(alpha);
        var (count, lanes) = ((nint)x.Length, TWide.Lanes);
        fixed (
            T* from = x,
                to = y
        )
        {
            nint i = 0;
            for (; i + lanes <= count; i += lanes)
                Element.Store(TCurve.Value(Element.Load<TWide, T>(from + i), parameter), to + i);
            if (i < count)
                ForwardFirst(from + i, to + i, (int)(count - i));
        }
    }

    /// <inheritdoc />
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward<T>(ReadOnlySpan<T> gradients, ReadOnlySpan<T> x, Span<T> result)
    {
        Element.Check<T>();
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, gradients.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(result.Length, gradients.Length);
        var parameter = TWide.Broadcast(alpha);
        var (count, lanes) = ((nint)x.Length, TWide.Lanes);
        fixed (
            T* g = gradients,
                from = x,
                to = result
        )
        {
            nint i = 0;
            for (; i + lanes <= count; i += lanes)
            {
                var gradient = Element.Load<TWide, T>(g + i);
                Element.Store(TCurve.Backward(gradient, Element.Load<TWide, T>(from + i), parameter), to + i);
            }
            if (i < count)
                BackwardFirst(g + i, from + i, to + i, (int)(count - i));
        }
    }

    // The numbers that don't fill a vector have methods of their own: inlined beside the loops, the functions would exhaust the JIT's budget.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ForwardFirst<T>(T* x, T* y, int count)
        where T : unmanaged
    {
        var values = TCurve.Value(Element.LoadFirst<TWide, T>(x, count), TWide.Broadcast(alpha));
        Element.StoreFirst(values, y, count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void BackwardFirst<T>(T* gradients, T* x, T* result, int count)
        where T : unmanaged
    {
        var values = TCurve.Backward(
            Element.LoadFirst<TWide, T>(gradients, count),
            Element.LoadFirst<TWide, T>(x, count),
            TWide.Broadcast(alpha)
        );
        Element.StoreFirst(values, result, count);
    }
}
