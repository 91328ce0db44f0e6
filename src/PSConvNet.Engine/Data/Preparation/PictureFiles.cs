using System.Runtime.ExceptionServices;

namespace PSConvNet.Data;

/// <summary>Picture files that are prepared on all cores.</summary>
public static class PictureFiles
{
    /// <summary>Reads and prepares pictures.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="preparation">How they are prepared.</param>
    /// <param name="target">The samples' shape.</param>
    /// <param name="split">Whether each digit of a sheet is an object of its own.</param>
    /// <param name="probabilities">As <see cref="ImagePreparation.Prepare"/> takes it; asked from several threads, one at a time.</param>
    /// <param name="cancellation">Ends it as soon as the pictures under way are done.</param>
    /// <returns>In the files' order what was made of each, or why it can't be read.</returns>
    /// <exception cref="ConvNetException">
    /// As <see cref="ImagePreparation.Prepare"/>; <c>NativeLibraryMissing</c>, which would be so of each.
    /// </exception>
    public static IReadOnlyList<(PreparedPicture? Prepared, ConvNetException? Failure)> Prepare(
        IReadOnlyList<string> paths,
        ImagePreparation preparation,
        Shape target,
        bool split = false,
        Func<IReadOnlyList<ImageSample>, IReadOnlyList<double>>? probabilities = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(preparation);
        preparation.Validate(target);
        var memory = new ImageMemory();
        var asking = new object();
        Func<IReadOnlyList<ImageSample>, IReadOnlyList<double>>? ask = probabilities is null ? null : OneAtATime;
        var results = new (PreparedPicture?, ConvNetException?)[paths.Count];
        try
        {
            Parallel.For(
                0,
                paths.Count,
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = Environment.ProcessorCount,
                    CancellationToken = cancellation,
                },
                i => results[i] = PrepareOne(paths[i])
            );
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
        return results;

        IReadOnlyList<double> OneAtATime(IReadOnlyList<ImageSample> samples)
        {
            lock (asking)
                return probabilities(samples);
        }

        (PreparedPicture?, ConvNetException?) PrepareOne(string path)
        {
            try
            {
                var picture = ImageFile.ReadPicture(path, ImagePreparation.WorkingSide, memory);
                return (preparation.Prepare(picture, target, split, probabilities: ask), null);
            }
            catch (ConvNetException e) when (e.ErrorId != ErrorIds.NativeLibraryMissing)
            {
                return (null, e);
            }
        }
    }
}
