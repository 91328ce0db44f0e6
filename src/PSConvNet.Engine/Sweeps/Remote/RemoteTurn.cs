using System.Text;
using System.Text.Json;

namespace PSConvNet.Sweeps;

/// <summary>
/// A turn that another machine runs, which does not see the study's folder. This process has the turn and beats for it; it says what the
/// other machine needs, and files what comes back, which it doubts: a record has to be that of the trial that was handed over.
/// </summary>
internal sealed class RemoteTurn : IDisposable
{
    private readonly Study _study;
    private readonly TrialWork _work;
    private readonly TurnBook _book;

    internal RemoteTurn(Study study, TrialWork work)
    {
        (_study, _work) = (study, work);
        _book = new TurnBook(study, work.Claim);
    }

    /// <summary>The trial.</summary>
    public TrialId Id => _work.Trial.Id;

    /// <summary>Which turn at it, from 1.</summary>
    public int Number => _work.Claim.Turn;

    /// <summary>The epochs after which it ends or waits.</summary>
    public double Until => _work.Until;

    /// <summary>
    /// The files that the turn needs beside those of every copy, by their paths in the study's folder: what the study is about, the record,
    /// what was saved of the training, and where trials are judged by others theirs. Most are there from the turn before.
    /// </summary>
    public IReadOnlyList<string> Files
    {
        get
        {
            var place = _study.Place;
            var own = place.RecordOf(Id);
            var others =
                _study.Settings.Pruner.Kind == SweepPruner.Median ? Directory.GetFiles(place.Trials, "*.json") : [];
            return
            [
                StudyFolder.DocumentName,
                place.Within(own),
                .. others.Where(path => path != own).Select(place.Within),
                .. Saved(place.CheckpointsOf(Id)).Select(place.Within),
            ];
        }
    }

    /// <summary>The files and folders that a turn leaves behind, by their paths in the folder of the copy; not all are there.</summary>
    public IReadOnlyList<string> Results
    {
        get
        {
            var place = _study.Place;
            return
            [
                place.Within(place.RecordOf(Id)),
                place.Within(place.ModelOf(Id)),
                place.Within(place.CheckpointsOf(Id)),
            ];
        }
    }

    /// <summary>Files the record as it is after an epoch.</summary>
    /// <param name="record">The record's text.</param>
    /// <returns>False where others have taken the trial up, so that this turn is of no use any more.</returns>
    /// <exception cref="ConvNetException"><c>RemoteAnswerInvalid</c>, <c>FileNotWritten</c>.</exception>
    public bool Report(string record)
    {
        var trial = Read(Encoding.UTF8.GetBytes(record), "what the worker said");
        _work.Claim.Progress(trial.Epochs / Math.Max(trial.PlannedEpochs, 1), trial.Epochs + 1);
        // How it ended is said when what it ended with is here.
        return trial.State != TrialState.Running || Unless(() => _book.Write(trial));
    }

    /// <summary>Files what the turn came to.</summary>
    /// <param name="folder">A folder with what came back, each file at its place.</param>
    /// <returns>The trial as it is now; null where others had taken it up meanwhile.</returns>
    /// <exception cref="ConvNetException"><c>RemoteAnswerInvalid</c>, <c>FileNotWritten</c>.</exception>
    public SweepTrial? End(string folder)
    {
        var from = new StudyFolder(Path.GetFullPath(folder));
        SweepTrial trial;
        try
        {
            trial = Read(File.ReadAllBytes(from.RecordOf(Id)), from.RecordOf(Id));
            if (trial.State == TrialState.Completed && trial.Replicate == 0)
                trial = Keep(trial, from.ModelOf(Id));
            if (trial.State is TrialState.Waiting or TrialState.Pruned)
                TakeCheckpoints(from.CheckpointsOf(Id));
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.NotWritten(_study.Place.RecordOf(Id), e);
        }
        // Who says that it still runs has died over it.
        return Unless(() =>
            _book.End(trial.State == TrialState.Running ? trial with { State = TrialState.Waiting } : trial)
        )
            ? trial
            : null;
    }

    /// <summary>Gives the turn back: it was not run, by no fault of the trial's.</summary>
    public void GiveBack() => _work.Claim.Leave();

    /// <summary>The machine is gone: others may take the trial up again, as often as trials are whose worker died.</summary>
    public void Lose() => _work.Claim.Abandon();

    /// <summary>Beats no more.</summary>
    public void Dispose() => _work.Claim.Dispose();

    private SweepTrial Keep(SweepTrial trial, string model)
    {
        // A copy knows the trials it ran and no others: more than these may be among the best there, never less.
        if (!File.Exists(model))
            return trial with { ModelPath = null };
        return _book.Keep(trial, path => WholeFile.Write(path, stream => CopyTo(model, stream)));
    }

    private void TakeCheckpoints(string from)
    {
        var to = _study.Place.CheckpointsOf(Id);
        var old = Saved(to);
        var saved = Saved(from);
        if (saved.Length == 0)
            return;
        Directory.CreateDirectory(to);
        foreach (var file in saved)
            WholeFile.Write(Path.Combine(to, Path.GetFileName(file)), stream => CopyTo(file, stream));
        foreach (var file in old.ExceptBy(saved.Select(Path.GetFileName), Path.GetFileName))
            FileFault.Ignore(() => File.Delete(file));
    }

    /// <summary>The checkpoints in a folder; its lock is of the machine it is on.</summary>
    private static string[] Saved(string checkpoints) =>
        Directory.Exists(checkpoints) ? Directory.GetFiles(checkpoints, "*" + ModelFile.Extension) : [];

    private static void CopyTo(string file, Stream stream)
    {
        using var source = File.OpenRead(file);
        source.CopyTo(stream);
    }

    private SweepTrial Read(byte[] record, string where)
    {
        try
        {
            var handed = _work.Trial;
            var trial = TrialDocument.Read(record, handed.Id, _study.Place, _study.Settings);
            return trial.Turn == handed.Turn && trial.Seed == handed.Seed && trial.Parameters.Equals(handed.Parameters)
                ? trial
                : throw new JsonException("it is not the trial that was handed over");
        }
        catch (Exception e) when (e is JsonException or ConvNetException)
        {
            throw new ConvNetException(
                ErrorIds.RemoteAnswerInvalid,
                ErrorKind.InvalidData,
                $"The record of trial {Id} from another machine can't be read ({where:text}): {e.Message.TrimEnd('.'):text}. That machine may have another version of PSConvNet; remove it there, so that this version is sent.",
                Id,
                e
            );
        }
    }

    private static bool Unless(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (ClaimLostException)
        {
            return false;
        }
    }
}
