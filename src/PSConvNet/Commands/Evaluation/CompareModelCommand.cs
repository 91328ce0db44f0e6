using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Compares models on the test images, best first.</summary>
/// <remarks>
/// <para>
/// Takes models or training runs. Each gets a row: parameters, test accuracy with its 95 % interval, loss, errors, training
/// seconds and images a second (from runs), the difference to the best in points, and McNemar's test against the best: p is how
/// likely so large a difference is by chance alone. The verdict says it in a sentence. It measures and never trains.
/// </para>
/// <para>Errors: ComparisonInputInvalid, DataShapeMismatch, ClassCountMismatch, ModelBusy.</para>
/// </remarks>
/// <example>
/// <para>Two networks, trained alike.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $wide = New-FlattenLayer | New-DenseLayer 64 -Activation ReLU | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name wide
/// $linear = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear
/// $wide, $linear | Invoke-Training -Data $digits -Epochs 2 | Compare-Model -Data $digits</code>
/// </example>
/// <example>
/// <para>The verdicts alone.</para>
/// <code>$wide, $linear | Compare-Model -Data $digits | ForEach-Object Verdict</code>
/// </example>
[Cmdlet(VerbsData.Compare, "Model")]
[OutputType(typeof(ModelComparisonRow))]
public sealed class CompareModelCommand : CancellableCmdlet
{
    private readonly List<(Model Model, TrainingRun? Run)> _models = [];

    /// <summary>Models, or the runs that Invoke-Training gives.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Model", "Run")]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The data set; its test part is measured on.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    public Dataset Data { get; set; } = null!;

    /// <summary>The arithmetic: Auto, Float32 or BFloat16. Default: Auto.</summary>
    [Parameter]
    public Precision Precision { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (var item in InputObject)
        {
            switch (item?.BaseObject)
            {
                case Model model:
                    _models.Add((model, null));
                    break;
                case TrainingRun run:
                    _models.Add((run.Model, run));
                    break;
                default:
                    WriteError(
                        new ConvNetException(
                            "ComparisonInputInvalid",
                            ErrorKind.InvalidArgument,
                            $"Compare-Model takes models and training runs, not {item?.BaseObject.GetType().Name ?? "null"}.",
                            item
                        )
                    );
                    break;
            }
        }
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        var entries = new List<ComparisonEntry>();
        // A model that was trained in several runs is one model, measured once.
        foreach (var group in _models.GroupBy(entry => entry.Model))
        {
            var runs = group.Select(entry => entry.Run).OfType<TrainingRun>().Distinct().ToList();
            try
            {
                entries.Add(Measure(group.Key, runs));
            }
            catch (ConvNetException e)
            {
                WriteError(e, group.Key);
            }
            catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
            {
                return;
            }
        }
        if (entries.Count > 0)
            WriteObject(ModelComparison.Compare(entries), enumerateCollection: true);
    }

    private ComparisonEntry Measure(Model model, List<TrainingRun> runs)
    {
        var options = this.MeasuringOptions($"Measuring {model.Name}", Data.Test.Count, Precision);
        var metrics = Evaluator.Measure(model, Data.Test, Data.ClassNames, options, StopToken);
        return runs.Count == 0
            ? new ComparisonEntry(model.Name, model.ParameterCount, metrics)
            : new ComparisonEntry(
                model.Name,
                model.ParameterCount,
                metrics,
                runs.Sum(run => run.Seconds),
                runs[^1].ImagesPerSecond
            );
    }
}
