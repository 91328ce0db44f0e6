namespace PSConvNet.Data;

/// <summary>How often a class occurs.</summary>
/// <param name="Label">The class's index.</param>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many images are of it.</param>
/// <param name="Share">Their share of the part, 0 to 1.</param>
public sealed record ClassCount(int Label, string Name, int Count, double Share)
{
    /// <summary>Name and count.</summary>
    public override string ToString() => $"{Name}: {Count}";
}

/// <summary>
/// Statistics of one part of a data set. Brightness is on a scale from 0 to 1, as a network sees it; without images it isn't a number.
/// </summary>
/// <param name="Dataset">The data set's name.</param>
/// <param name="Part">The part's name: <c>Train</c>, <c>Test</c>.</param>
/// <param name="Count">How many images it holds.</param>
/// <param name="Shape">One image's shape.</param>
/// <param name="Mean">The pixels' mean.</param>
/// <param name="StandardDeviation">The pixels' standard deviation (of the whole population).</param>
/// <param name="Minimum">The darkest pixel.</param>
/// <param name="Maximum">The brightest pixel.</param>
/// <param name="Classes">How often each class occurs, in the order of labels.</param>
public sealed record DatasetMeasure(
    string Dataset,
    string Part,
    int Count,
    Shape Shape,
    double Mean,
    double StandardDeviation,
    double Minimum,
    double Maximum,
    IReadOnlyList<ClassCount> Classes
)
{
    /// <summary>Measures both parts of a data set; exact, by counting how often each of the 256 grey levels occurs.</summary>
    public static IReadOnlyList<DatasetMeasure> Of(Dataset data) => [Of(data, data.Train), Of(data, data.Test)];

    private static DatasetMeasure Of(Dataset data, ImageSet part)
    {
        var levels = CountLevels(part.Pixels.Span);
        double count = 0;
        double sum = 0;
        double squares = 0;
        for (var level = 0; level < levels.Length; level++)
        {
            count += levels[level];
            sum += (double)levels[level] * level;
            squares += (double)levels[level] * level * level;
        }
        var mean = sum / count;
        return new DatasetMeasure(
            data.Name,
            part.Name,
            part.Count,
            part.Shape,
            mean / 255,
            Math.Sqrt(Math.Max(0, squares / count - mean * mean)) / 255,
            count == 0 ? double.NaN : Array.FindIndex(levels, n => n > 0) / 255.0,
            count == 0 ? double.NaN : Array.FindLastIndex(levels, n => n > 0) / 255.0,
            CountClasses(data.ClassNames, part.Labels.Span)
        );
    }

    private static long[] CountLevels(ReadOnlySpan<byte> pixels)
    {
        // Two tables: neighbouring pixels are often equal, and one table would wait for its own last write.
        var even = new long[256];
        var odd = new long[256];
        var i = 0;
        for (; i + 1 < pixels.Length; i += 2)
        {
            even[pixels[i]]++;
            odd[pixels[i + 1]]++;
        }
        if (i < pixels.Length)
            even[pixels[i]]++;
        for (var level = 0; level < even.Length; level++)
            even[level] += odd[level];
        return even;
    }

    private static ClassCount[] CountClasses(IReadOnlyList<string> names, ReadOnlySpan<int> labels)
    {
        var counts = new int[names.Count];
        foreach (var label in labels)
            counts[label]++;
        var total = (double)labels.Length;
        return [.. names.Select((name, label) => new ClassCount(label, name, counts[label], counts[label] / total))];
    }
}
