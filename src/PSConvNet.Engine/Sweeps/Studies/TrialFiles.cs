using System.Text.Json;

namespace PSConvNet.Sweeps;

/// <summary>How the turns at a trial stand, as the names of files tell.</summary>
/// <param name="Turn">The last turn that was taken; 0 before the first.</param>
/// <param name="IsDone">Whether it needs no more.</param>
internal readonly record struct TrialTurns(int Turn, bool IsDone);

/// <summary>
/// Reads and writes a study's trials. The records of trials that are done are read once and kept: they change no more. A record that can't be
/// read counts as missing, so that one damaged file doesn't hold up a study.
/// </summary>
/// <param name="folder">The study's folder.</param>
/// <param name="isPrunedOver">Whether a trial that was stopped early stays so; with Asha it may be continued.</param>
/// <param name="settings">The study's settings; null where they aren't known.</param>
internal sealed class TrialFiles(StudyFolder folder, bool isPrunedOver, StudySettings? settings = null)
{
    private readonly Dictionary<TrialId, (DateTime Written, long Length, SweepTrial Trial)> _kept = [];
    private readonly SortedDictionary<TrialId, string> _damaged = [];

    /// <summary>No trial is started so often: a claim with a larger number is not of this program.</summary>
    private const int MostTurns = 1_000_000;

    /// <summary>The records that couldn't be read when they were last looked at, with the reason; a sentence each.</summary>
    public IReadOnlyList<string> Damaged =>
        [.. _damaged.Select(pair => $"{folder.RecordOf(pair.Key)} was ignored: {pair.Value}.")];

    /// <summary>The turns at all trials that were ever begun, from one listing.</summary>
    public Dictionary<TrialId, TrialTurns> Turns()
    {
        var turns = new Dictionary<TrialId, TrialTurns>();
        foreach (var path in List(folder.Claims))
        {
            var name = Path.GetFileName(path.AsSpan());
            var dot = name.IndexOf('.');
            if (dot < 0 || !TrialId.TryParse(name[..dot], out var id))
                continue;
            var known = turns.GetValueOrDefault(id);
            var end = name[(dot + 1)..];
            if (end.SequenceEqual(ClaimFile.Done))
                turns[id] = known with { IsDone = true };
            else if (
                int.TryParse(end, System.Globalization.NumberStyles.None, null, out var turn)
                && turn > known.Turn
                && turn < MostTurns
            )
                turns[id] = known with { Turn = turn };
        }
        return turns;
    }

    /// <summary>A trial's record as it was last written; null where there is none yet, or it is damaged.</summary>
    /// <exception cref="ConvNetException"><c>FileNotReadable</c>.</exception>
    public SweepTrial? Read(TrialId id)
    {
        if (_kept.TryGetValue(id, out var final) && IsOver(final.Trial.State))
            return final.Trial;
        var path = folder.RecordOf(id);
        try
        {
            _damaged.Remove(id);
            if (folder.Host.Disk.Stat(path) is not var (written, length))
                return null;
            if (_kept.TryGetValue(id, out var kept) && kept.Written == written && kept.Length == length)
                return kept.Trial;
            var trial = TrialDocument.Read(folder.Host.Disk.Read(path), id, folder, settings);
            _kept[id] = (written, length, trial);
            return trial;
        }
        catch (Exception e) when (e is JsonException or ConvNetException or NotAFileException)
        {
            _damaged[id] = ConvNetException.Printable(e.Message.TrimEnd('.'));
            return null;
        }
        catch (Exception e) when (FileFault.IsOfDisk(e) && new FileInfo(path).LinkTarget is { } target)
        {
            // No program writes one. Of a file that can't be read now nothing is known, and doing its trial again would be wrong.
            _damaged[id] = ConvNetException.Printable($"it is a link to {target}, which can't be read");
            return null;
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.NotReadable(path, e);
        }
    }

    /// <summary>
    /// The same, where it is known which turn was the last: a record that says how that one ended changes no more until the next is taken.
    /// </summary>
    public SweepTrial? Read(TrialId id, TrialTurns turns) =>
        _kept.TryGetValue(id, out var kept) && kept.Trial.HasEnded(turns.Turn) ? kept.Trial : Read(id);

    /// <summary>The same, from the disk whatever is known: a process that stood still may have written over what others came to.</summary>
    public SweepTrial? ReadAnew(TrialId id)
    {
        _kept.Remove(id);
        return Read(id);
    }

    /// <summary>
    /// Makes folders again that are missing, and lets trials be done again that are marked as done but whose record is missing or damaged. For the beginning of a sweep: a worker writes
    /// the record before the marker.
    /// </summary>
    /// <returns>A sentence for each.</returns>
    /// <exception cref="ConvNetException"><c>FileNotReadable</c>, <c>FileNotWritten</c>.</exception>
    public IReadOnlyList<string> Repair()
    {
        var sentences = new List<string>();
        try
        {
            foreach (var path in folder.Folders)
                Directory.CreateDirectory(path);
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.FolderNotWritten(folder.Path, e);
        }
        foreach (var (id, _) in Turns().Where(pair => pair.Value.IsDone).OrderBy(pair => pair.Key))
        {
            if (Read(id) is not null)
                continue;
            var marker = ClaimFile.DonePathOf(folder, id);
            try
            {
                folder.Host.Disk.Delete(marker);
            }
            catch (Exception e) when (FileFault.IsOfDisk(e))
            {
                throw FileFault.NotWritten(marker, e);
            }
            var reason = _damaged.Remove(id, out var damage) ? damage : "it is missing";
            sentences.Add($"Trial {id} is run again. Its record {folder.RecordOf(id)} can't be used: {reason}.");
        }
        return sentences;
    }

    /// <summary>All records there are, trials before repetitions, in the order of their numbers.</summary>
    public IReadOnlyList<SweepTrial> ReadAll() => ReadNamed(folder.Trials, ".json");

    /// <summary>The records of trials whose models are kept: a few, and the best so far are among them.</summary>
    public IReadOnlyList<SweepTrial> ReadKept() => ReadNamed(folder.Models, ModelFile.Extension);

    private SweepTrial[] ReadNamed(string place, string extension) =>
        List(place)
            .Select(path =>
                path.EndsWith(extension, StringComparison.Ordinal)
                && TrialId.TryParse(Path.GetFileNameWithoutExtension(path.AsSpan()), out var id)
                    ? Read(id)
                    : null
            )
            .OfType<SweepTrial>()
            .OrderBy(trial => trial.Id)
            .ToArray();

    /// <summary>
    /// Writes a record whole, over the one before, where nobody has taken the trial up meanwhile: a disk may keep a process waiting for
    /// minutes, so that is asked when only the name is missing. Who is held up even between that and the name finds out afterwards, and
    /// takes the marker away where it has written over what others had come to: the trial is then done again.
    /// </summary>
    /// <exception cref="ClaimLostException">Others have taken the trial up.</exception>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public void Write(SweepTrial trial)
    {
        var bytes = TrialDocument.Of(trial, folder).ToBytes();
        folder.Host.Disk.Replace(folder.RecordOf(trial.Id), bytes, RequireLast);
        if (IsLast())
            return;
        if (!IsOver(trial.State))
            FileFault.Ignore(() => folder.Host.Disk.Delete(ClaimFile.DonePathOf(folder, trial.Id)));
        throw new ClaimLostException();

        bool IsLast() => !folder.Host.Disk.Exists(ClaimFile.PathOf(folder, trial.Id, trial.Turn + 1));

        void RequireLast()
        {
            if (!IsLast())
                throw new ClaimLostException();
        }
    }

    private bool IsOver(TrialState state) =>
        state is TrialState.Completed or TrialState.Failed || (isPrunedOver && state == TrialState.Pruned);

    private string[] List(string path)
    {
        try
        {
            return folder.Host.Disk.List(path);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.NotReadable(path, e);
        }
    }
}
