using System.Text.Json;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace PSConvNet.Sweeps;

/// <summary>
/// A sweep in a folder: what it is about in <c>study.json</c>, a record a trial, claims that say who works on what. Any number of
/// processes, on any machine that sees the folder, may work on it and read it meanwhile; there is no server.
/// </summary>
public sealed class Study
{
    private readonly StudyData _data;
    private readonly TrialFiles _files;

    private Study(StudyFolder folder, StudySettings settings, StudyData data, DateTimeOffset created)
    {
        (Place, Settings, _data, Created) = (folder, settings, data, created);
        _files = new TrialFiles(folder, isPrunedOver: settings.Pruner.Kind != SweepPruner.Asha, settings);
    }

    /// <summary>The folder's full path.</summary>
    public string Folder => Place.Path;

    /// <summary>What it is about.</summary>
    public StudySettings Settings { get; }

    /// <summary>When it was begun.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>The name of the data set.</summary>
    public string DatasetName => _data.Name;

    /// <summary>How many images there are to measure the best on.</summary>
    public int TestImages => _data.Test.Images;

    /// <summary>What it is trained, judged and measured on, without the images.</summary>
    internal StudyData Data => _data;

    internal StudyFolder Place { get; }

    internal TrialFiles Files => _files;

    /// <summary>Whether a folder holds a study.</summary>
    public static bool Exists(string folder) => File.Exists(new StudyFolder(folder).Document);

    /// <summary>Begins a study.</summary>
    /// <param name="folder">Its folder; made if it is not there.</param>
    /// <param name="settings">What it is about.</param>
    /// <param name="data">What trials are trained on; its test part is kept for the best at the end.</param>
    /// <param name="validation">What they are judged by.</param>
    /// <exception cref="ConvNetException">
    /// What settings refuse; <c>ClassNameDuplicate</c>; <c>StudyExists</c>: another process has just begun one there; <c>StudyFolderNotEmpty</c>; <c>FileNotWritten</c>.
    /// </exception>
    public static Study Create(string folder, StudySettings settings, Dataset data, ImageSet validation)
    {
        settings.Validate();
        ClassName.RequireDistinct(data.ClassNames, data.Name);
        var place = new StudyFolder(Path.GetFullPath(folder));
        if (Exists(place.Path))
            throw new ConvNetException(
                ErrorIds.StudyExists,
                ErrorKind.Busy,
                $"{folder} already contains a study.",
                folder
            );
        if (HoldsOtherThings(place))
        {
            throw new ConvNetException(
                ErrorIds.StudyFolderNotEmpty,
                ErrorKind.InvalidArgument,
                $"{folder} contains other files than a study's; give the study a folder of its own.",
                folder
            );
        }
        try
        {
            foreach (var path in place.Folders)
                Directory.CreateDirectory(path);
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.FolderNotWritten(place.Path, e);
        }
        var record = StudyData.Write(place, data, validation);
        // Last: what has a document is whole.
        var study = new Study(place, settings, record, DateTimeOffset.Now);
        study.WriteDocument();
        return study;
    }

    /// <summary>Opens a study.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="conditions">Makes a judge of a condition's text; null where no new points are chosen.</param>
    /// <exception cref="ConvNetException"><c>StudyNotFound</c>, <c>StudyInvalid</c>, <c>FileNotReadable</c>.</exception>
    public static Study Open(string folder, Func<string, Func<SweepPoint, bool>>? conditions = null) =>
        Open(new StudyFolder(Path.GetFullPath(folder)), conditions);

    /// <summary>The same, as a worker elsewhere sees it.</summary>
    internal static Study Open(StudyFolder place, Func<string, Func<SweepPoint, bool>>? conditions)
    {
        try
        {
            RegularFile.RequireToRead(place.Document);
            var bytes = File.ReadAllBytes(place.Document);
            var (settings, data, created) = StudyDocument.Read(bytes, text => conditions?.Invoke(text) ?? Unasked);
            return new Study(place, settings, data, created);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConvNetException(
                ErrorIds.StudyNotFound,
                ErrorKind.NotFound,
                $"There is no study in {place.Path}: it has no {StudyFolder.DocumentName}. Check the path, or start one with Study.Create.",
                place.Path
            );
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.OwnNotReadable(place.Document, e);
        }
        catch (Exception e)
            when (e is JsonException or ConvNetException or ArgumentException or InvalidOperationException)
        {
            throw SweepFault.Invalid(place.Document, e.Message, e);
        }

        static bool Unasked(SweepPoint point) =>
            throw new InvalidOperationException("The study was opened to be read; nothing is to be chosen.");
    }

    /// <summary>Refuses to go on with it under other settings, where that would mix results.</summary>
    /// <param name="settings">How somebody wants to go on; how many trials, how many repetitions, what is kept may differ.</param>
    /// <param name="data">What they give to train on; null for the study's own.</param>
    /// <param name="validation">What they give to judge by.</param>
    /// <exception cref="ConvNetException"><c>StudyMismatch</c>: with what differs.</exception>
    public void RequireSame(StudySettings settings, Dataset? data, ImageSet? validation)
    {
        var differences = StudyDocument.Differences(Settings, settings).ToList();
        if (data is not null && validation is not null && !_data.IsOf(data, validation))
            differences.Add("the images");
        if (differences.Count == 0)
            return;
        var last = differences[^1];
        var list = differences.Count == 1 ? last : string.Join(", ", differences.SkipLast(1)) + " and " + last;
        throw new ConvNetException(
            ErrorIds.StudyMismatch,
            ErrorKind.InvalidArgument,
            $"The study in {Folder} was started with other settings: {list:text} {(differences.Count == 1 ? "differs" : "differ")}, and results with different settings must not be mixed. Give the same settings, open the study without any (Study.Open), or start another study in another folder.",
            Folder
        );
    }

    /// <summary>Goes on under settings that <see cref="RequireSame"/> lets pass: more trials, more repetitions.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public Study With(StudySettings settings)
    {
        if (settings == Settings)
            return this;
        settings.Validate();
        var study = new Study(Place, settings, _data, Created);
        study.WriteDocument();
        return study;
    }

    /// <summary>The images.</summary>
    /// <exception cref="ConvNetException"><c>StudyInvalid</c>: a data file is gone or damaged.</exception>
    public (Dataset Data, ImageSet Validation) ReadData() => _data.Read(Place);

    /// <summary>The records of trials that were passed over when they were last read, because they are damaged; a sentence each.</summary>
    public IReadOnlyList<string> Damaged => _files.Damaged;

    /// <summary>Lets trials be done again whose record is missing or damaged, though they are marked as done.</summary>
    /// <returns>A sentence for each.</returns>
    /// <exception cref="ConvNetException"><c>FileNotReadable</c>, <c>FileNotWritten</c>.</exception>
    public IReadOnlyList<string> Repair() => _files.Repair();

    /// <summary>The trials that were begun, in the order of their numbers, as they stand now; repetitions are in those they repeat.</summary>
    /// <param name="includeReplicates">Whether repetitions come too, after the others.</param>
    /// <exception cref="ConvNetException"><c>FileNotReadable</c>.</exception>
    public IReadOnlyList<SweepTrial> ReadTrials(bool includeReplicates = false)
    {
        var all = _files.ReadAll();
        var turns = _files.Turns();
        var life = new WorkerLife(host: Place.Host);
        var repeated = all.Where(trial => trial.Replicate > 0).ToLookup(trial => trial.Number);
        return all.Where(trial => includeReplicates || trial.Replicate == 0)
            .Select(trial => WithReplicates(AsItStands(trial, turns, life), repeated[trial.Number]))
            .Select(trial => File.Exists(trial.GetModelPath()) ? trial : trial with { ModelPath = null })
            .ToArray();
    }

    /// <summary>The epochs that are recorded, of all trials: a number that goes up while anything gets on.</summary>
    public long CountEpochs() => _files.ReadAll().Sum(trial => (long)trial.Epochs);

    /// <summary>Deletes the models of trials that are not among the best; workers that end at the same time may each have left one.</summary>
    public void DeleteOtherModels()
    {
        if (Settings.KeepAllModels)
            return;
        foreach (var trial in Winners(_files.ReadAll(), Settings).Skip(Settings.Best))
            FileFault.Ignore(() => File.Delete(Place.ModelOf(trial.Id)));
    }

    /// <summary>The best trials that are completed, best first: those that were repeated by the mean of their repetitions.</summary>
    /// <param name="count">How many; null for as many as the settings say.</param>
    public IReadOnlyList<SweepTrial> BestTrials(int? count = null) =>
        Ranked(ReadTrials(), Settings).Take(count ?? Settings.Best).ToArray();

    /// <summary>
    /// The completed trials, best first. The study's best are chosen by their values, and have their models kept; among themselves they are in the order of
    /// the means of their repetitions, which had no part in the choice. One without repetitions is behind them, and behind all best ones are the others.
    /// </summary>
    internal static IReadOnlyList<SweepTrial> Ranked(IEnumerable<SweepTrial> trials, StudySettings settings)
    {
        SweepTrial[] winners = [.. Winners(trials, settings)];
        // Ranges, for Skip beyond the end of an array throws within a Concat (.NET 10.0).
        var best = Math.Min(settings.Best, winners.Length);
        return [.. winners[..best].OrderBy(trial => settings.LossOf(trial.Mean)), .. winners[best..]];
    }

    /// <summary>The completed trials by their own values, best first; of equals the one with the lower number.</summary>
    internal static IEnumerable<SweepTrial> Winners(IEnumerable<SweepTrial> trials, StudySettings settings) =>
        trials
            .Where(trial => trial is { State: TrialState.Completed, Replicate: 0 })
            .OrderBy(trial => settings.LossOf(trial.Value))
            .ThenBy(trial => trial.Id);

    private void WriteDocument()
    {
        var bytes = JsonSum.ToBytes(StudyDocument.Write(Settings, _data, Created));
        WholeFile.Write(Place.Document, stream => stream.Write(bytes));
    }

    /// <summary>Other things than what a beginning leaves that was broken off before its document: that is begun anew.</summary>
    private static bool HoldsOtherThings(StudyFolder place) =>
        Directory.Exists(place.Path)
        && (
            Directory
                .EnumerateFileSystemEntries(place.Path)
                .Any(path =>
                    !place.Folders.Append(place.Data).Contains(path) && !WholeFile.IsPartOf(path, place.Document)
                ) || (Directory.Exists(place.Claims) && Directory.EnumerateFiles(place.Claims).Any())
        );

    /// <summary>A record says Running until its worker writes another; whether the worker is there, the claim says.</summary>
    private SweepTrial AsItStands(SweepTrial trial, Dictionary<TrialId, TrialTurns> turns, WorkerLife life)
    {
        if (trial.State != TrialState.Running)
            return trial;
        var turn = turns.GetValueOrDefault(trial.Id).Turn;
        var alive = turn > 0 && life.IsAlive(ClaimFile.PathOf(Place, trial.Id, turn), out _);
        return alive ? trial : trial with { State = TrialState.Waiting };
    }

    /// <summary>
    /// The mean is that of the repetitions alone: the trial itself was picked because it did well, so its own value flatters it.
    /// </summary>
    internal static SweepTrial WithReplicates(SweepTrial trial, IEnumerable<SweepTrial> repeated)
    {
        var values = repeated
            .Where(other => other is { State: TrialState.Completed, Value: not null })
            .Select(other => other.Value!.Value)
            .ToArray();
        if (trial.Replicate > 0 || values.Length == 0)
            return trial;
        return trial with
        {
            Replicates = values,
            Mean = values.Mean(),
            StandardDeviation = values.Length > 1 ? values.StandardDeviation() : null,
            MeanMargin = values.Distinct().Skip(1).Any()
                ? StudentT.InvCDF(0, 1, values.Length - 1, 0.975)
                    * values.StandardDeviation()
                    / Math.Sqrt(values.Length)
                : null,
        };
    }
}
