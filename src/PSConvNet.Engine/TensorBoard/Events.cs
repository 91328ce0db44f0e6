using Google.Protobuf;
using Tensorboard;

namespace PSConvNet.TensorBoard;

/// <summary>What TensorBoard is sent, as its messages.</summary>
internal static class Events
{
    /// <summary>As many as TensorBoard shows of a histogram.</summary>
    private const int Buckets = 30;

    /// <summary>A moment in seconds since 1970.</summary>
    public static double Seconds(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds() / 1000.0;

    /// <summary>Values at a step.</summary>
    public static Event Of(long step, double seconds, IEnumerable<Summary.Types.Value> values)
    {
        var summary = new Summary();
        summary.Value.AddRange(values);
        return new Event
        {
            Step = step,
            WallTime = seconds,
            Summary = summary,
        };
    }

    /// <summary>What earlier files of the run have from this step on is to be forgotten: it is done again.</summary>
    public static Event Restart(long step, double seconds) =>
        new()
        {
            Step = step,
            WallTime = seconds,
            SessionLog = new SessionLog { Status = SessionLog.Types.SessionStatus.Start },
        };

    /// <summary>The numbers of an epoch.</summary>
    public static IEnumerable<Summary.Types.Value> Of(EpochRecord epoch)
    {
        yield return Scalar("loss/training", epoch.Loss);
        yield return Scalar("accuracy/training", epoch.Accuracy);
        if (epoch.ValidationLoss is { } loss)
            yield return Scalar("loss/validation", loss);
        if (epoch.ValidationAccuracy is { } accuracy)
            yield return Scalar("accuracy/validation", accuracy);
        yield return Scalar("learning_rate", epoch.LearningRate);
        yield return Scalar("images_per_second", epoch.ImagesPerSecond);
    }

    /// <summary>How a parameter's values are spread, in buckets of one width from the lowest to the highest.</summary>
    public static Summary.Types.Value Histogram(string tag, ReadOnlySpan<float> values)
    {
        var (lowest, highest, sum, squares) = (double.PositiveInfinity, double.NegativeInfinity, 0.0, 0.0);
        foreach (double value in values)
        {
            (lowest, highest) = (Math.Min(lowest, value), Math.Max(highest, value));
            sum += value;
            squares += value * value;
        }
        var counts = new double[highest > lowest ? Buckets : 1];
        var width = (highest - lowest) / counts.Length;
        foreach (double value in values)
            counts[width > 0 ? Math.Min((int)((value - lowest) / width), counts.Length - 1) : 0]++;
        var histogram = new HistogramProto
        {
            Min = lowest,
            Max = highest,
            Num = values.Length,
            Sum = sum,
            SumSquares = squares,
        };
        // Each bucket by its upper end; the last one is the highest value itself, whatever rounding made of it.
        for (var i = 1; i < counts.Length; i++)
            histogram.BucketLimit.Add(lowest + i * width);
        histogram.BucketLimit.Add(highest);
        histogram.Bucket.AddRange(counts);
        return new Summary.Types.Value { Tag = tag, Histo = histogram };
    }

    /// <summary>A picture.</summary>
    /// <exception cref="ConvNetException"><c>NativeLibraryMissing</c>.</exception>
    public static Summary.Types.Value Image(string tag, Picture picture) =>
        new()
        {
            Tag = tag,
            Image = new Summary.Types.Image
            {
                Width = picture.Width,
                Height = picture.Height,
                // RGBA.
                Colorspace = 4,
                EncodedImageString = ByteString.CopyFrom(picture.ToPng(scale: 1)),
            },
        };

    private static Summary.Types.Value Scalar(string tag, double value) =>
        new() { Tag = tag, SimpleValue = (float)value };
}
