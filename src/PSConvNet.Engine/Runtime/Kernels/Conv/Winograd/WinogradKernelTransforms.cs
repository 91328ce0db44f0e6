using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// The ways of the weights of a convolution, filters x window x window x channels as parameters have them, into the planes of a Winograd convolution,
/// and of their gradient back.
/// </summary>
/// <remarks>
/// Fast because the numbers that lie side by side in the planes are one vector: filters for the forward pass, which are gathered one by one, fewer
/// than the numbers that are written, and channels for the backward pass.
/// </remarks>
internal static unsafe class WinogradKernelTransforms<TTile, TWide>
    where TTile : struct, IWinogradTile
    where TWide : struct, IWide<TWide>
{
    private static int Window => TTile.Window;

    private static int Taps => TTile.Window * TTile.Window;

    /// <summary>A vector of filters to points x channels x filters.</summary>
    /// <param name="kernel">All weights.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="filters">Filters.</param>
    /// <param name="first">The first filter, a multiple of the vector's length. Filters beyond the last one are 0.</param>
    /// <param name="planes">Where they go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToFilters(float* kernel, int channels, int filters, int first, Planes planes)
    {
        var lanes = TWide.Lanes;
        var gathered = stackalloc float[Taps * lanes];
        var half = stackalloc float[TTile.Points * Window * lanes];
        var count = Math.Min(lanes, filters - first);
        for (var c = 0; c < channels; c++)
        {
            for (var tap = 0; tap < Taps; tap++)
            {
                var source = kernel + ((nint)first * Taps + tap) * channels + c;
                for (var k = 0; k < count; k++, source += (nint)Taps * channels)
                    gathered[tap * lanes + k] = *source;
            }
            Transform(gathered, half, planes.At(0) + (nint)c * planes.Row + first, planes.Plane);
        }
    }

    /// <summary>Some filters to points x filters x channels.</summary>
    /// <param name="kernel">All weights.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="first">The first filter.</param>
    /// <param name="count">How many filters.</param>
    /// <param name="planes">Where they go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToChannels(float* kernel, int channels, int first, int count, Planes planes)
    {
        var lanes = TWide.Lanes;
        var taps = stackalloc float[Taps * lanes];
        var half = stackalloc float[TTile.Points * Window * lanes];
        for (var filter = first; filter < first + count; filter++)
        for (var c = 0; c < channels; c += lanes)
        {
            var source = kernel + (nint)filter * Taps * channels + c;
            for (var tap = 0; tap < Taps; tap++, source += channels)
            {
                var vector =
                    c + lanes <= channels ? TWide.Load(source) : Element.LoadFirst<TWide, float>(source, channels - c);
                vector.Store(taps + tap * lanes);
            }
            Transform(taps, half, planes.At(0) + (nint)filter * planes.Row + c, planes.Plane);
        }
    }

    /// <summary>The gradient of weights from that of points x channels x filters.</summary>
    /// <param name="planes">The gradients of the transformed weights.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="filters">Filters.</param>
    /// <param name="kernel">Receives those of all weights.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adjoint(Planes planes, int channels, int filters, float* kernel)
    {
        var (points, lanes) = (TTile.Points, TWide.Lanes);
        var taps = stackalloc float[Taps * lanes];
        var half = stackalloc float[Window * points * lanes];
        for (var first = 0; first < filters; first += lanes)
        for (var c = 0; c < channels; c++)
        {
            var source = planes.At(0) + (nint)c * planes.Row + first;
            for (var j = 0; j < points; j++)
                TTile.KernelAdjoint<TWide>(
                    source + j * planes.Plane,
                    points * planes.Plane,
                    half + j * lanes,
                    points * lanes
                );
            for (var i = 0; i < Window; i++)
                TTile.KernelAdjoint<TWide>(half + i * points * lanes, lanes, taps + i * Window * lanes, lanes);
            var count = Math.Min(lanes, filters - first);
            for (var tap = 0; tap < Taps; tap++)
            {
                var target = kernel + ((nint)first * Taps + tap) * channels + c;
                for (var k = 0; k < count; k++, target += (nint)Taps * channels)
                    *target = taps[tap * lanes + k];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transform(float* taps, float* half, float* target, nint plane)
    {
        var (points, lanes) = (TTile.Points, TWide.Lanes);
        for (var j = 0; j < Window; j++)
            TTile.Kernel<TWide>(taps + j * lanes, Window * lanes, half + j * lanes, Window * lanes);
        for (var i = 0; i < points; i++)
            TTile.Kernel<TWide>(half + i * Window * lanes, lanes, target + i * points * plane, plane);
    }
}
