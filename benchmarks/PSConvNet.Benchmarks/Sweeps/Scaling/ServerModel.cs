namespace PSConvNet.Benchmarks.Sweeps.Scaling;

/// <summary>
/// What operations of the protocol come to at a server: requests of NFS 4, as its client makes them for files that others write. A folder
/// is sent some hundred names at a time; to read a file is to open it, to read, to close, and .NET locks what it opens.
/// </summary>
internal static class ServerModel
{
    /// <summary>Names in one answer: 64 KiB of about 200 bytes each, attributes included.</summary>
    private const double NamesPerAnswer = 300;

    /// <summary>Requests at the server for so many operations.</summary>
    public static double Requests(DiskCounts counts) =>
        counts[DiskOperation.List]
        + (counts[DiskOperation.Entry] / NamesPerAnswer)
        + counts[DiskOperation.Exists]
        + counts[DiskOperation.Stat]
        // OPEN, LOCK, READ, LOCKU, CLOSE.
        + (5 * (counts[DiskOperation.ReadClaim] + counts[DiskOperation.ReadRecord]))
        + (2 * (counts[DiskOperation.Create] + counts[DiskOperation.Mark]))
        + counts[DiskOperation.Collision]
        // OPEN, LOCK, LOCKU, CLOSE; the writing is with what the disk is made to have.
        + (4 * counts[DiskOperation.Replace])
        + counts[DiskOperation.Rename]
        + counts[DiskOperation.Delete]
        // WRITE and COMMIT; beats in between stay with the client.
        + (2 * counts[DiskOperation.Sync]);
}
