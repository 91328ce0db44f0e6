namespace PSConvNet.Runtime.Kernels;

/// <summary>A transform of a row or a column of a tile, one vector of channels or filters at a time.</summary>
internal unsafe interface ITileLine
{
    /// <summary>Transforms the numbers of a line.</summary>
    /// <param name="from">The first number.</param>
    /// <param name="step">The distance between numbers.</param>
    /// <param name="to">Receives the transformed numbers.</param>
    /// <param name="toStep">The distance between them.</param>
    static abstract void Transform<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>;
}
