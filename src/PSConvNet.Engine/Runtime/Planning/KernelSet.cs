namespace PSConvNet.Runtime;

/// <summary>Which kernels compute: equal ones give equal results to the last bit, on processors of one kind.</summary>
internal static class KernelSet
{
    /// <summary>Counted up by a change that changes the last bits of results.</summary>
    private const int Version = 3;

    /// <summary>The version, and the vectors of this processor.</summary>
    public static string Name { get; } = FormattableString.Invariant($"{Version}, {(int)VectorWidths.Best} bits");
}
