using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>The transforms of a Winograd convolution alone: their identity with the definition, and that each adjoint is the transposed matrix.</summary>
public unsafe class WinogradTileTests
{
    private const int Lanes = 4;

    // Sums of fp32 numbers whose factors are up to 100.
    private const double Limit = 2e-5;

    [Fact]
    public void Outputs_of_2_x_2_of_windows_of_3_x_3_are_the_correlation() => CheckIdentity<WinogradTile2>();

    [Fact]
    public void Outputs_of_4_x_4_of_windows_of_3_x_3_are_the_correlation() => CheckIdentity<WinogradTile4>();

    [Fact]
    public void Outputs_of_7_x_7_of_windows_of_3_x_3_are_the_correlation() => CheckIdentity<WinogradTile7>();

    [Fact]
    public void Outputs_of_2_x_2_of_windows_of_5_x_5_are_the_correlation() => CheckIdentity<WinogradTile2Of5>();

    [Fact]
    public void Adjoints_of_2_x_2_of_windows_of_3_x_3_are_transposed_matrices() => CheckAdjoints<WinogradTile2>();

    [Fact]
    public void Adjoints_of_4_x_4_of_windows_of_3_x_3_are_transposed_matrices() => CheckAdjoints<WinogradTile4>();

    [Fact]
    public void Adjoints_of_7_x_7_of_windows_of_3_x_3_are_transposed_matrices() => CheckAdjoints<WinogradTile7>();

    [Fact]
    public void Adjoints_of_2_x_2_of_windows_of_5_x_5_are_transposed_matrices() => CheckAdjoints<WinogradTile2Of5>();

    private static void CheckIdentity<TTile>()
        where TTile : struct, IWinogradTile
    {
        var (size, window, points) = (TTile.Size, TTile.Window, TTile.Points);
        Assert.Equal(size + window - 1, points);
        var random = new Random(points + window);
        for (var round = 0; round < 20; round++)
        {
            var (inputs, kernel) = (Numbers(random, points), Numbers(random, window));
            var products = Inputs<TTile>(inputs).Zip(Kernel<TTile>(kernel), (a, b) => a * b).ToArray();
            var found = Outputs<TTile>(products);
            for (var lane = 0; lane < Lanes; lane++)
            for (var y = 0; y < size; y++)
            for (var x = 0; x < size; x++)
            {
                var sum = 0.0;
                for (var i = 0; i < window; i++)
                for (var j = 0; j < window; j++)
                    sum +=
                        (double)inputs[((y + i) * points + x + j) * Lanes + lane]
                        * kernel[(i * window + j) * Lanes + lane];
                Assert.Equal(sum, found[(y * size + x) * Lanes + lane], Limit * points * points);
            }
        }
    }

    /// <summary>A matrix and its adjoint satisfy (A x, y) = (x, A* y) for all x and y.</summary>
    private static void CheckAdjoints<TTile>()
        where TTile : struct, IWinogradTile
    {
        var random = new Random(TTile.Window);
        for (var round = 0; round < 20; round++)
        {
            Check(Numbers(random, TTile.Points), Inputs<TTile>, Numbers(random, TTile.Points), InputsAdjoint<TTile>);
            Check(Numbers(random, TTile.Points), Outputs<TTile>, Numbers(random, TTile.Size), OutputsAdjoint<TTile>);
            Check(Numbers(random, TTile.Window), Kernel<TTile>, Numbers(random, TTile.Points), KernelAdjoint<TTile>);
        }

        static void Check(float[] x, Func<float[], float[]> matrix, float[] y, Func<float[], float[]> adjoint)
        {
            var (left, right) = (Product(matrix(x), y), Product(x, adjoint(y)));
            Assert.Equal(left, right, Limit * (1 + Product(matrix(x), matrix(x))));
        }

        static double Product(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
    }

    /// <summary>side x side vectors.</summary>
    private static float[] Numbers(Random random, int side) => RandomValues.Normal(random, side * side * Lanes);

    private static float[] Inputs<TTile>(float[] inputs)
        where TTile : struct, IWinogradTile =>
        Run(
            inputs,
            TTile.Points,
            (from, to) => TTile.Inputs<Wide128>(from, TTile.Points * Lanes, Lanes, to, plane: Lanes)
        );

    private static float[] InputsAdjoint<TTile>(float[] planes)
        where TTile : struct, IWinogradTile =>
        Run(
            planes,
            TTile.Points,
            (from, to) => TTile.InputsAdjoint<Wide128>(from, plane: Lanes, to, TTile.Points * Lanes, Lanes)
        );

    private static float[] Outputs<TTile>(float[] planes)
        where TTile : struct, IWinogradTile =>
        Run(planes, TTile.Size, (from, to) => TTile.Outputs<Wide128>(from, plane: Lanes, to));

    private static float[] OutputsAdjoint<TTile>(float[] gradients)
        where TTile : struct, IWinogradTile =>
        Run(
            gradients,
            TTile.Points,
            (from, to) => TTile.OutputsAdjoint<Wide128>(from, TTile.Size * Lanes, Lanes, to, plane: Lanes)
        );

    private static float[] Kernel<TTile>(float[] kernel)
        where TTile : struct, IWinogradTile
    {
        var (window, points) = (TTile.Window, TTile.Points);
        var half = Run(
            kernel,
            points,
            (from, to) =>
            {
                for (var j = 0; j < window; j++)
                    TTile.Kernel<Wide128>(from + j * Lanes, window * Lanes, to + j * Lanes, points * Lanes);
            }
        );
        return Run(
            half,
            points,
            (from, to) =>
            {
                for (var i = 0; i < points; i++)
                    TTile.Kernel<Wide128>(from + i * points * Lanes, Lanes, to + i * points * Lanes, Lanes);
            }
        );
    }

    private static float[] KernelAdjoint<TTile>(float[] planes)
        where TTile : struct, IWinogradTile
    {
        var (window, points) = (TTile.Window, TTile.Points);
        var half = Run(
            planes,
            points,
            (from, to) =>
            {
                for (var j = 0; j < points; j++)
                    TTile.KernelAdjoint<Wide128>(from + j * Lanes, points * Lanes, to + j * Lanes, points * Lanes);
            }
        );
        return Run(
            half,
            window,
            (from, to) =>
            {
                for (var i = 0; i < window; i++)
                    TTile.KernelAdjoint<Wide128>(from + i * points * Lanes, Lanes, to + i * window * Lanes, Lanes);
            }
        );
    }

    private delegate void Transform(float* from, float* to);

    /// <summary>Runs a transform into side x side vectors, which are 0 before.</summary>
    private static float[] Run(float[] numbers, int side, Transform transform)
    {
        var results = new float[side * side * Lanes];
        fixed (
            float* from = numbers,
                to = results
        )
            transform(from, to);
        return results;
    }
}
