namespace PSConvNet.Benchmarks.Sweeps.Scaling;

/// <summary>
/// The real disk, counted. It may show its client the past, as NFS does: names that are not there, and listings, are believed for a while,
/// but for a folder in which the client itself has just made a file.
/// </summary>
internal sealed class SimulatedDisk(SimulatedProcess process, VirtualClock clock, DiskCounts counts, TimeSpan staleness)
    : StudyDisk
{
    private readonly Dictionary<string, (long Seen, string[] Paths)> _listings = [];
    private readonly Dictionary<string, long> _absent = [];
    private readonly List<FileStream> _open = [];

    public void CloseAll() => _open.ForEach(file => file.Dispose());

    public override string[] List(string folder)
    {
        Begin(DiskOperation.List);
        if (_listings.TryGetValue(folder, out var known) && IsFresh(known.Seen))
            return known.Paths;
        var paths = base.List(folder);
        counts.Add(DiskOperation.Entry, paths.Length);
        if (staleness > TimeSpan.Zero)
            _listings[folder] = (clock.Now, paths);
        return paths;
    }

    public override bool Exists(string path)
    {
        Begin(DiskOperation.Exists);
        if (_absent.TryGetValue(path, out var seen) && IsFresh(seen))
            return false;
        var exists = base.Exists(path);
        if (!exists && staleness > TimeSpan.Zero)
            _absent[path] = clock.Now;
        return exists;
    }

    public override (DateTime Written, long Length)? Stat(string path)
    {
        Begin(DiskOperation.Stat);
        return base.Stat(path);
    }

    public override byte[] Read(string path)
    {
        Begin(path.EndsWith(".json", StringComparison.Ordinal) ? DiskOperation.ReadRecord : DiskOperation.ReadClaim);
        return base.Read(path);
    }

    public override FileStream? Create(string path)
    {
        process.Before(DiskOperation.Create);
        var file = base.Create(path);
        counts.Add(file is null ? DiskOperation.Collision : DiskOperation.Create);
        if (file is null)
            return null;
        _open.RemoveAll(old => !old.CanWrite);
        _open.Add(file);
        _listings.Remove(Path.GetDirectoryName(path)!);
        return file;
    }

    public override void Overwrite(FileStream file, ReadOnlySpan<byte> bytes, bool toDisk)
    {
        Begin(DiskOperation.Beat);
        if (toDisk)
            counts.Add(DiskOperation.Sync);
        base.Overwrite(file, bytes, toDisk: false);
    }

    public override void Replace(string path, byte[] bytes, Action last)
    {
        Begin(DiskOperation.Replace);
        counts.Add(DiskOperation.Sync);
        base.Replace(
            path,
            bytes,
            () =>
            {
                last();
                Begin(DiskOperation.Rename);
            }
        );
    }

    public override void Delete(string path)
    {
        Begin(DiskOperation.Delete);
        base.Delete(path);
    }

    public override void Mark(string path)
    {
        Begin(DiskOperation.Mark);
        base.Mark(path);
        _listings.Remove(Path.GetDirectoryName(path)!);
    }

    private void Begin(DiskOperation operation)
    {
        process.Before(operation);
        counts.Add(operation);
    }

    private bool IsFresh(long seen) => clock.Now - seen < staleness.Ticks;
}
