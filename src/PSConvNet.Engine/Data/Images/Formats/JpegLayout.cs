namespace PSConvNet.Data;

/// <summary>Goes through the markers of a JPEG (ITU-T T.81) up to the one at its end.</summary>
internal static class JpegLayout
{
    // There is one for each sample, of which JpegScans keeps a bit.
    private const double BytesPerCoefficient = 2 + 1 / 8.0;

    public static ImageLayout Read(ReadOnlySpan<byte> file)
    {
        var layout = new ImageLayout(ImageDecoding.Rows);
        var (components, held, isSequential, hasExif) = (0, 0.0, false, false);
        var markers = new JpegMarkers(file);
        while (markers.Next())
        {
            var segment = markers.Segment;
            switch (markers.Marker)
            {
                case JpegMarkers.End:
                    return layout with { IsWhole = true };
                case var marker when JpegMarkers.IsFrame(marker) && segment.Length >= 6:
                    isSequential = marker <= JpegMarkers.LastSequential;
                    components = segment[5];
                    held = BytesPerCoefficient * SamplesPerPixel(segment);
                    break;
                case JpegMarkers.App1 when !hasExif && segment.StartsWith(ExifOrientation.Prefix):
                    hasExif = true;
                    layout = layout with { Orientation = ExifOrientation.Of(segment) };
                    break;
                case JpegMarkers.Scan when !isSequential || segment.Length == 0 || segment[0] < components:
                    // Of a picture in several scans all coefficients are held before there is a row.
                    layout = layout with
                    {
                        HeldPerPixel = held,
                    };
                    break;
            }
        }
        return layout;
    }

    /// <summary>How many samples there are for a pixel: 3 in full colour, 1.5 where colours have a quarter of the resolution.</summary>
    private static double SamplesPerPixel(ReadOnlySpan<byte> frame)
    {
        var (sum, across, down) = (0, 1, 1);
        for (var at = 6; at + 2 < frame.Length; at += 3)
        {
            var (h, v) = (frame[at + 1] >> 4, frame[at + 1] & 15);
            sum += h * v;
            (across, down) = (Math.Max(across, h), Math.Max(down, v));
        }
        return (double)sum / (across * down);
    }
}
