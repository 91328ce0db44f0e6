namespace PSConvNet.Benchmarks.Sweeps.Scaling;

/// <summary>Kinds of operations of the protocol.</summary>
internal enum DiskOperation
{
    /// <summary>A folder is listed.</summary>
    List,

    /// <summary>A name that a listing gave.</summary>
    Entry,

    /// <summary>Whether a file is there.</summary>
    Exists,

    /// <summary>When a file was written, and its length.</summary>
    Stat,

    /// <summary>A claim is opened, read, closed.</summary>
    ReadClaim,

    /// <summary>A record is opened, read, closed.</summary>
    ReadRecord,

    /// <summary>A claim is created.</summary>
    Create,

    /// <summary>A claim could not be created: somebody had.</summary>
    Collision,

    /// <summary>A claim is written over in place.</summary>
    Beat,

    /// <summary>The disk is made to have what was written.</summary>
    Sync,

    /// <summary>A record is written whole: created, written, closed.</summary>
    Replace,

    /// <summary>A record gets its name.</summary>
    Rename,

    /// <summary>A marker is created.</summary>
    Mark,

    /// <summary>A file is deleted.</summary>
    Delete,
}

/// <summary>How many operations there were.</summary>
internal sealed class DiskCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<DiskOperation>().Length];

    public long this[DiskOperation operation] => _counts[(int)operation];

    /// <summary>Counts, also from several threads.</summary>
    public void Add(DiskOperation operation, long count = 1) => Interlocked.Add(ref _counts[(int)operation], count);

    /// <summary>What has come since.</summary>
    public DiskCounts Since(DiskCounts before)
    {
        var difference = new DiskCounts();
        foreach (var operation in Enum.GetValues<DiskOperation>())
            difference.Add(operation, this[operation] - before[operation]);
        return difference;
    }

    public DiskCounts Copy() => Since(new DiskCounts());
}
