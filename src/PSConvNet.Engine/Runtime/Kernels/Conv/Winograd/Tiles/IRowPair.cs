namespace PSConvNet.Runtime.Kernels;

/// <summary>Two rows of a tile's transform that go through both of its passes in registers: what each is in a column.</summary>
internal unsafe interface IRowPair
{
    /// <summary>From numbers at distances of <paramref name="step"/>.</summary>
    static abstract (TWide First, TWide Second) Of<TWide>(float* from, nint step)
        where TWide : struct, IWide<TWide>;
}
