namespace PSConvNet.Runtime.Kernels;

/// <summary>Where a plane of transformed numbers is: one plane per point of a tile, each a row per tile.</summary>
/// <param name="Start">The first plane.</param>
/// <param name="Plane">The distance between planes.</param>
/// <param name="Row">The distance between tiles.</param>
internal readonly unsafe record struct Planes(nint Start, nint Plane, int Row)
{
    /// <summary>The first number of a point's plane.</summary>
    public float* At(int point) => (float*)Start + point * Plane;
}
