using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PSConvNet.Training;

/// <summary>
/// One optimizer's arithmetic on a vector of parameters. It treats each lane alone and uses only operations that IEEE 754
/// rounds exactly (no fused multiply-add), so a parameter's result does not depend on its lane or the vector's width.
/// </summary>
internal interface IUpdateRule
{
    /// <summary>The new weights; the three states are read and replaced. A state that is not kept comes in as zero.</summary>
    Vector<float> Step(
        Vector<float> weight,
        Vector<float> gradient,
        ref Vector<float> first,
        ref Vector<float> second,
        ref Vector<float> third
    );
}

/// <summary>A contiguous part of the parameters with their gradients and state, and the loop over it.</summary>
internal readonly ref struct OptimizerSegment(
    Span<float> weights,
    ReadOnlySpan<float> gradients,
    OptimizerState state,
    int offset
)
{
    private const float SmallestNormal = 1.17549435e-38f;

    private readonly Span<float> _weights = weights;
    private readonly ReadOnlySpan<float> _gradients = gradients;

    /// <summary>Runs a rule over the segment: each value is read once and written once.</summary>
    /// <param name="rule">The arithmetic.</param>
    /// <param name="first">The name of the rule's first state buffer; no such buffer means zeros that are not kept.</param>
    /// <param name="second">The name of its second.</param>
    /// <param name="third">The name of its third.</param>
    public void Run<TRule>(TRule rule, string first, string second = "", string third = "")
        where TRule : struct, IUpdateRule
    {
        var weights = _weights;
        var gradients = _gradients;
        var one = state.Slice(first, offset, weights.Length);
        var two = state.Slice(second, offset, weights.Length);
        var three = state.Slice(third, offset, weights.Length);

        var whole = weights.Length - weights.Length % Vector<float>.Count;
        Loop(rule, weights[..whole], gradients[..whole], Head(one, whole), Head(two, whole), Head(three, whole));
        if (whole < weights.Length)
            Tail(rule, weights[whole..], gradients[whole..], Rest(one, whole), Rest(two, whole), Rest(three, whole));
    }

    // Not inlined: once .NET 10's second compilation had put it into its caller, Adam's loop took 2.3 times as long (measured).
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Loop<TRule>(
        TRule rule,
        Span<float> weights,
        ReadOnlySpan<float> gradients,
        Span<float> first,
        Span<float> second,
        Span<float> third
    )
        where TRule : struct, IUpdateRule
    {
        var w = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        var one = MemoryMarshal.Cast<float, Vector<float>>(first);
        var two = MemoryMarshal.Cast<float, Vector<float>>(second);
        var three = MemoryMarshal.Cast<float, Vector<float>>(third);
        for (var i = 0; i < w.Length && i < g.Length; i++)
        {
            // The test against the length is the bounds check, and skips a state that is not kept.
            var a = i < one.Length ? one[i] : default;
            var b = i < two.Length ? two[i] : default;
            var c = i < three.Length ? three[i] : default;
            w[i] = rule.Step(w[i], g[i], ref a, ref b, ref c);
            if (i < one.Length)
                one[i] = Flushed(a);
            if (i < two.Length)
                two[i] = Flushed(b);
            if (i < three.Length)
                three[i] = Flushed(c);
        }
    }

    /// <summary>The last few parameters, padded to a vector, go through the same arithmetic.</summary>
    private static void Tail<TRule>(
        TRule rule,
        Span<float> weights,
        ReadOnlySpan<float> gradients,
        Span<float> first,
        Span<float> second,
        Span<float> third
    )
        where TRule : struct, IUpdateRule
    {
        var a = Padded(first);
        var b = Padded(second);
        var c = Padded(third);
        var w = rule.Step(Padded(weights), Padded(gradients), ref a, ref b, ref c);
        a = Flushed(a);
        b = Flushed(b);
        c = Flushed(c);
        Lanes(ref w)[..weights.Length].CopyTo(weights);
        Lanes(ref a)[..first.Length].CopyTo(first);
        Lanes(ref b)[..second.Length].CopyTo(second);
        Lanes(ref c)[..third.Length].CopyTo(third);
    }

    /// <summary>
    /// Zero for numbers too small for full precision. Where gradients stay zero, of a unit that no longer fires for one, means
    /// decay into that range and, being rounded, never leave it; processors are up to six times slower there.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Flushed(Vector<float> state) =>
        Vector.ConditionalSelect(
            Vector.LessThan(Vector.Abs(state), new Vector<float>(SmallestNormal)),
            Vector<float>.Zero,
            state
        );

    private static Vector<float> Padded(ReadOnlySpan<float> values)
    {
        var vector = Vector<float>.Zero;
        values.CopyTo(Lanes(ref vector));
        return vector;
    }

    private static Span<float> Lanes(ref Vector<float> vector) =>
        MemoryMarshal.Cast<Vector<float>, float>(new Span<Vector<float>>(ref vector));

    private static Span<float> Head(Span<float> state, int length) => state.IsEmpty ? [] : state[..length];

    private static Span<float> Rest(Span<float> state, int start) => state.IsEmpty ? [] : state[start..];
}
