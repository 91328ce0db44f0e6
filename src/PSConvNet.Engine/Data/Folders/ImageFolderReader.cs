namespace PSConvNet.Data;

/// <summary>
/// Decodes pictures on all cores into one array a part. Each has its place from the beginning, so what comes out depends on
/// neither the number of threads nor their luck.
/// </summary>
internal sealed class ImageFolderReader
{
    private static readonly TimeSpan s_reportInterval = TimeSpan.FromMilliseconds(50);
    private static readonly object s_read = new();

    private readonly ImageFolderPart[] _parts;
    private readonly int _count;
    private readonly bool _invert;
    private readonly ImagePreparation? _preparation;
    private readonly IImageFolderObserver? _observer;
    private readonly ImageMemory _memory = new();

    private readonly PreparationDoubts _doubts = new();

    // Of each picture: null until it is done, then s_read, what is odd about it, or why it can't be read.
    private readonly object?[] _outcomes;
    private int _taken;
    private int _done;
    private int _reported;

    private ImageFolderReader(ImageFolderPart[] parts, ImageFolderOptions options, IImageFolderObserver? observer)
    {
        _parts = parts;
        _count = parts.Sum(part => part.Count);
        _invert = options.Invert;
        _preparation = options.Prepared;
        _observer = observer;
        _outcomes = new object?[_count];
    }

    /// <summary>Reads the pictures of all parts; those that can't be read are left out of them.</summary>
    /// <param name="parts">Where the pictures are and go.</param>
    /// <param name="options">How pictures become samples.</param>
    /// <param name="observer">Is told; without one the first unreadable picture ends the reading.</param>
    /// <param name="cancellation">Ends it as soon as the pictures under way are done.</param>
    public static void Read(
        ImageFolderPart[] parts,
        ImageFolderOptions options,
        IImageFolderObserver? observer,
        CancellationToken cancellation
    ) => new ImageFolderReader(parts, options, observer).Run(cancellation);

    private void Run(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var workers = Task.WhenAll(
            Enumerable
                .Range(0, Math.Clamp(_count, 1, Environment.ProcessorCount))
                .Select(_ => Task.Run(() => Work(stop), CancellationToken.None))
        );
        var finished = ((IAsyncResult)workers).AsyncWaitHandle;
        try
        {
            while (!finished.WaitOne(s_reportInterval))
                Report();
        }
        finally
        {
            // An observer may throw; no worker outlives this call.
            stop.Cancel();
            finished.WaitOne();
        }
        cancellation.ThrowIfCancellationRequested();
        workers.GetAwaiter().GetResult();
        Report();
        foreach (var warning in _doubts.Sentences())
            _observer?.OnWarning(warning);
    }

    private void Work(CancellationTokenSource stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var index = Interlocked.Increment(ref _taken) - 1;
                if (index >= _count)
                    return;
                Volatile.Write(ref _outcomes[index], ReadOne(index));
                Interlocked.Increment(ref _done);
            }
        }
        catch
        {
            // What stops one would stop all: a missing library, no memory.
            stop.Cancel();
            throw;
        }
    }

    private object ReadOne(int index)
    {
        var (part, place) = Locate(index);
        try
        {
            if (_preparation is null)
            {
                ImageFile.Read(part.Files[place].Path, part.Shape, _invert, _memory).CopyTo(part.Image(place));
                return s_read;
            }
            var picture = ImageFile.ReadPicture(part.Files[place].Path, ImagePreparation.WorkingSide, _memory);
            var prepared = _preparation.Prepare(picture, part.Shape);
            prepared.Objects[0].Sample.Pixels.Span.CopyTo(part.Image(place));
            return prepared.Doubts.Count == 0 ? s_read : prepared.Doubts[0];
        }
        catch (ConvNetException e)
            when (e.ErrorId is ErrorIds.ImageFileInvalid or ErrorIds.FileNotFound or ErrorIds.DataFileUnreadable)
        {
            return e;
        }
    }

    private (ImageFolderPart Part, int Place) Locate(int index)
    {
        foreach (var part in _parts)
        {
            if (index < part.Count)
                return (part, index);
            index -= part.Count;
        }
        throw new ArgumentOutOfRangeException(nameof(index));
    }

    /// <summary>Tells what came to its end since, unreadable pictures in their order.</summary>
    private void Report()
    {
        _observer?.OnRead(Volatile.Read(ref _done), _count);
        for (; _reported < _count && Volatile.Read(ref _outcomes[_reported]) is { } outcome; _reported++)
        {
            if (outcome is PictureDoubt doubt)
                _doubts.Add(doubt, Locate(_reported) is var (of, at) ? of.Files[at].Path : "");
            if (outcome is not ConvNetException error)
                continue;
            if (_observer is null)
                throw error;
            var (part, place) = Locate(_reported);
            part.LeaveOut(place);
            _observer.OnUnreadable(error);
        }
    }
}
