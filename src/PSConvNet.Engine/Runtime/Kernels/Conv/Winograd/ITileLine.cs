namespace PSConvNet.Runtime.Kernels;

/// <summary>A transform of a row or a column of a tile, one vector of channels or filters at a time.</summary>
internal unsafe interface ITileLine
{
    /// <summary>Transforms numbers at distances of <paramref name="step"/> into numbers at distances of <paramref name="toStep"/>.</summary>
    static abstract void Transform<TWide>(float* from, nint step, float* to, nint toStep)
        where TWide : struct, IWide<TWide>;
}
