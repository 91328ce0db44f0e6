namespace PSConvNet.Runtime;

/// <summary>One of several parts of some work, which may run at the same time.</summary>
/// <param name="Number">From 0.</param>
/// <param name="Count">How many parts there are.</param>
internal readonly record struct WorkPart(int Number, int Count)
{
    /// <summary>All of the work.</summary>
    public static WorkPart Whole => new(0, 1);

    /// <summary>This part of a number of things.</summary>
    public (long First, long End) Of(long things) => (things * Number / Count, things * (Number + 1) / Count);

    /// <summary>Throws if the number is out of range.</summary>
    public void Check() => ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)Number, (uint)Count);
}
