using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Models as they come down a pipeline: by themselves, with the runs that trained them, or as trials of a sweep.</summary>
/// <param name="command">The cmdlet's name.</param>
/// <param name="errorId">The id of its error for what is none of these.</param>
internal sealed class ModelInput(string command, string errorId)
{
    private readonly List<(Model Model, TrainingRun? Run)> _models = [];
    private readonly HashSet<string> _studies = [];

    /// <summary>The models, and with each the run that it came with.</summary>
    public IReadOnlyList<(Model Model, TrainingRun? Run)> Models => _models;

    /// <summary>Takes what came; what can't be taken doesn't keep the others out.</summary>
    /// <param name="items">What came.</param>
    /// <param name="refuse">Is told each error and its item.</param>
    public void Add(IEnumerable<PSObject?> items, Action<ConvNetException, object?> refuse)
    {
        foreach (var item in items)
        {
            try
            {
                Add(item);
            }
            catch (ConvNetException e)
            {
                refuse(e, item);
            }
        }
    }

    /// <exception cref="ConvNetException">It is none of these; <c>TrialModelMissing</c>, <c>ModelFileNotFound</c>, <c>ModelFileInvalid</c>.</exception>
    private void Add(PSObject? item)
    {
        switch (item?.BaseObject)
        {
            case Model model:
                _models.Add((model, null));
                break;
            case TrainingRun run:
                _models.Add((run.Model, run));
                break;
            case SweepTrial trial:
                var trained = trial.LoadModel();
                _models.Add((trained, trained.Runs.Count > 0 ? trained.Runs[^1] : null));
                _studies.Add(trial.GetStudyPath());
                break;
            case LayerSpec layer:
                throw CmdletTerms.NotBuilt(layer, errorId);
            default:
                throw new ConvNetException(
                    errorId,
                    ErrorKind.InvalidArgument,
                    $"{command} takes models, training runs and trials, not {item?.BaseObject.GetType().Name ?? "null"}.",
                    item
                );
        }
    }

    /// <summary>What the trials' study keeps to measure the best on; null where there is not just one study.</summary>
    /// <exception cref="ConvNetException"><c>StudyNotFound</c>, <c>StudyInvalid</c>, <c>FileNotReadable</c>.</exception>
    public Dataset? ReadStudyData() => _studies.Count == 1 ? Study.Open(_studies.Single()).ReadData().Data : null;
}
