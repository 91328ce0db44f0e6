namespace PSConvNet.Reports;

/// <summary>A study as a report sees it: read once, so that a sweep that goes on meanwhile does not make its parts disagree.</summary>
/// <param name="Study">The study.</param>
/// <param name="Trials">The trials that were begun, in the order of their numbers.</param>
/// <param name="Repetitions">Their repetitions with other seeds.</param>
/// <param name="Ranked">The completed trials, the best first: those that were repeated by the mean of their repetitions.</param>
/// <param name="Data">The images; null where they are gone.</param>
/// <param name="Models">The models of the best trials that are kept, measured where there are test images, the best trial's first.</param>
/// <param name="Missing">What a reader might look for and why it is not there, in sentences.</param>
internal sealed record StudyFindings(
    Study Study,
    IReadOnlyList<SweepTrial> Trials,
    IReadOnlyList<SweepTrial> Repetitions,
    IReadOnlyList<SweepTrial> Ranked,
    Dataset? Data,
    IReadOnlyList<ReportSubject> Models,
    IReadOnlyList<string> Missing
)
{
    /// <summary>What the study is about.</summary>
    public StudySettings Settings => Study.Settings;

    /// <summary>What it makes good.</summary>
    public SweepObjective Objective => Settings.Objective;

    /// <summary>The study's name: its folder's own, and nothing of where that lies.</summary>
    public string Name =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Study.Folder)) is { Length: > 0 } name ? name : "study";

    /// <summary>Reads the study and measures the models of its best trials. Nothing of the study is run.</summary>
    public static StudyFindings Of(
        Study study,
        ModelReportOptions options,
        Func<string, PredictionOptions>? measuring,
        CancellationToken cancellation
    )
    {
        var all = study.ReadTrials(includeReplicates: true);
        SweepTrial[] trials = [.. all.Where(trial => trial.Replicate == 0)];
        var ranked = Study.Ranked(trials, study.Settings);
        var missing = study.Damaged.Concat(Undone(study.Settings, trials)).ToList();
        var data = Images(study, missing);
        var models = ranked.Take(study.Settings.Best).Select(trial => Model(trial, missing)).OfType<Model>();
        return new StudyFindings(
            study,
            trials,
            [.. all.Where(trial => trial.Replicate > 0)],
            ranked,
            data,
            ReportSubject.Measure(models.Select(model => (model, model.Runs)), data, options, measuring, cancellation),
            missing
        );
    }

    private static IEnumerable<string> Undone(StudySettings settings, SweepTrial[] trials)
    {
        if (trials.Count(trial => trial.State == TrialState.Running) is > 0 and var running)
            yield return $"The sweep is still running: {Counted.Of(running, "trial")} hadn't ended when this was written.";
        if (trials.Count(trial => trial.State == TrialState.Waiting) is > 0 and var waiting)
            yield return $"{Counted.Of(waiting, "trial")} {(waiting == 1 ? "was" : "were")} started but not finished, because the sweep was stopped or a worker died; Invoke-Sweep continues there.";
        // A grid may have fewer points than trials were asked for; its conditions would have to be run to count them.
        var planned =
            settings.Sampler != SweepSampler.Grid ? settings.Trials
            : settings.Space.Conditions.Count == 0 ? Math.Min(settings.Trials, SweepWatch.PointsOf(settings))
            : 0;
        if (planned > trials.Length)
            yield return ReportText.Of(
                $"{planned - trials.Length:N0} of {Counted.Of(planned, "trial")} haven't been started."
            );
    }

    private static Dataset? Images(Study study, List<string> missing)
    {
        try
        {
            var data = study.ReadData().Data;
            if (data.Test.Count == 0)
                missing.Add("The study has no test images to measure the best on.");
            return data;
        }
        catch (ConvNetException e) when (e.ErrorId == ErrorIds.StudyInvalid)
        {
            // Its sentence names a folder, and the page is passed on.
            missing.Add(
                "The study's images are missing, or they aren't those it was started with, so nothing could be measured on them."
            );
            return null;
        }
    }

    private static Model? Model(SweepTrial trial, List<string> missing)
    {
        try
        {
            return trial.LoadModel();
        }
        catch (ConvNetException e)
        {
            missing.Add(
                e.ErrorId == ErrorIds.TrialModelMissing
                    ? $"The model of trial {trial.Id} is not kept, so it could not be measured on the test images."
                    : $"The model of trial {trial.Id} can't be read ({e.ErrorId}), so it could not be measured on the test images."
            );
            return null;
        }
    }
}
