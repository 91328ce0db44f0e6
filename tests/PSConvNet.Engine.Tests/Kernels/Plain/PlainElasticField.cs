namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>
/// What <c>ElasticField</c> computes: displacements as a sum of cubic B-splines over a grid of random numbers, at each pixel over all of
/// the grid, in fp64.
/// </summary>
internal static class PlainElasticField
{
    /// <summary>The displacements of all pixels, row by row, from the same random numbers.</summary>
    public static (double[] Right, double[] Down) Draw(
        int height,
        int width,
        double alpha,
        double sigma,
        RandomStream random
    )
    {
        var spacing = Math.Sqrt(3) * sigma;
        var (offsetX, offsetY) = (random.NextDouble(), random.NextDouble());
        // The noise's root mean square after the blur, over that of the sum of splines: the integral of the spline's square.
        var strength = alpha / Math.Sqrt(3) / (2 * Math.Sqrt(Math.PI) * sigma) / (151.0 / 315);
        var (rows, columns) = ((int)((height - 1) / spacing + 1) + 4, (int)((width - 1) / spacing + 1) + 4);
        var (gridX, gridY) = (new double[rows, columns], new double[rows, columns]);
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            gridX[row, column] = random.NextBell() * strength;
            gridY[row, column] = random.NextBell() * strength;
        }
        var (right, down) = (new double[height * width], new double[height * width]);
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
        {
            // A knot's number belongs one spacing before its index, so that the image begins in the grid.
            var weight = Spline(y / spacing + offsetY + 1 - row) * Spline(x / spacing + offsetX + 1 - column);
            right[y * width + x] += weight * gridX[row, column];
            down[y * width + x] += weight * gridY[row, column];
        }
        return (right, down);
    }

    /// <summary>The cubic B-spline: a piecewise polynomial from -2 to 2 with the integral 1.</summary>
    private static double Spline(double t)
    {
        t = Math.Abs(t);
        return t switch
        {
            < 1 => 2.0 / 3 - t * t + t * t * t / 2,
            < 2 => Math.Pow(2 - t, 3) / 6,
            _ => 0,
        };
    }
}
