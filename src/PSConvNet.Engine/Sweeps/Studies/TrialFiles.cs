using System.Text.Json;
using PSConvNet.Files;

namespace PSConvNet;

/// <summary>How the turns at a trial stand, as the names of files tell.</summary>
/// <param name="Turn">The last turn that was taken; 0 before the first.</param>
/// <param name="IsDone">Whether it needs no more.</param>
internal readonly record struct TrialTurns(int Turn, bool IsDone);

/// <summary>Reads and writes a study's trials. What is done is read once and kept: it changes no more.</summary>
internal sealed class TrialFiles(StudyFolder folder)
{
    private readonly Dictionary<TrialId, (DateTime Written, long Length, SweepTrial Trial)> _kept = [];

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
            else if (int.TryParse(end, System.Globalization.NumberStyles.None, null, out var turn) && turn > known.Turn)
                turns[id] = known with { Turn = turn };
        }
        return turns;
    }

    /// <summary>A trial's record as it was last written; null where there is none yet.</summary>
    /// <exception cref="ConvNetException"><c>StudyInvalid</c>: it is damaged.</exception>
    public SweepTrial? Read(TrialId id)
    {
        if (_kept.TryGetValue(id, out var final) && final.Trial.State is TrialState.Completed or TrialState.Failed)
            return final.Trial;
        var path = folder.RecordOf(id);
        try
        {
            if (folder.Host.Disk.Stat(path) is not var (written, length))
                return null;
            if (_kept.TryGetValue(id, out var kept) && kept.Written == written && kept.Length == length)
                return kept.Trial;
            var trial = TrialDocument.Read(folder.Host.Disk.Read(path), folder);
            _kept[id] = (written, length, trial);
            return trial;
        }
        catch (Exception e) when (e is JsonException or ConvNetException)
        {
            throw SweepFault.Invalid(path, e.Message, e);
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.NotReadable(path, e);
        }
    }

    /// <summary>All records there are, trials before repetitions, in the order of their numbers.</summary>
    public IReadOnlyList<SweepTrial> ReadAll() =>
        List(folder.Trials)
            .Select(path =>
                path.EndsWith(".json", StringComparison.Ordinal)
                && TrialId.TryParse(Path.GetFileNameWithoutExtension(path.AsSpan()), out var id)
                    ? Read(id)
                    : null
            )
            .OfType<SweepTrial>()
            .OrderBy(trial => trial.Id)
            .ToArray();

    /// <summary>Writes a record whole, over the one before.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public void Write(SweepTrial trial)
    {
        folder.Host.Disk.Replace(folder.RecordOf(trial.Id), TrialDocument.Of(trial, folder).ToBytes());
    }

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
