namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>What <c>ImageWarp</c> computes: bilinear interpolation, one pixel at a time, in fp64.</summary>
internal static class PlainWarp
{
    /// <summary>The image moved by a map, and by a field of displacements where there is one. Not rounded.</summary>
    public static double[] Apply(
        byte[] image,
        int height,
        int width,
        int channels,
        AffineMap map,
        bool edges,
        (float[] Right, float[] Down)? field = null
    )
    {
        var result = new double[image.Length];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        for (var channel = 0; channel < channels; channel++)
        {
            var sourceX = (double)map.Xx * x + (double)map.Xy * y + map.X0;
            var sourceY = (double)map.Yx * x + (double)map.Yy * y + map.Y0;
            if (field is ({ } toRight, { } toDown))
                (sourceX, sourceY) = (sourceX + toRight[y * width + x], sourceY + toDown[y * width + x]);
            var (left, top) = ((int)Math.Floor(sourceX), (int)Math.Floor(sourceY));
            var (across, down) = (sourceX - left, sourceY - top);
            result[(y * width + x) * channels + channel] =
                (1 - down) * ((1 - across) * At(left, top) + across * At(left + 1, top))
                + down * ((1 - across) * At(left, top + 1) + across * At(left + 1, top + 1));

            double At(int column, int row)
            {
                if (edges)
                    (column, row) = (Math.Clamp(column, 0, width - 1), Math.Clamp(row, 0, height - 1));
                else if (column < 0 || row < 0 || column >= width || row >= height)
                    return 0;
                return image[(row * width + column) * channels + channel];
            }
        }
        return result;
    }
}
