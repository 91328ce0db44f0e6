using System.Management.Automation;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>What is drawn of a sweep.</summary>
public enum SweepView
{
    /// <summary>The result of each trial, and the best so far.</summary>
    History,

    /// <summary>A line for each trial through all its parameters, in the colour of its result.</summary>
    ParallelCoordinates,

    /// <summary>How much of the differences between trials each parameter accounts for.</summary>
    Importance,

    /// <summary>The results of the trials after each epoch, and where they were stopped.</summary>
    Rungs,
}

/// <summary>Draws a sweep: its history, its parameters, their importance, or when trials were stopped.</summary>
/// <seealso cref="InvokeSweepCommand" />
/// <seealso cref="GetSweepTrialCommand" />
/// <seealso cref="NewModelReportCommand" />
/// <remarks>
/// <para>
/// Also works while the sweep is running. Importance is functional analysis of variance on a random forest (Hutter et al. 2014): the share of
/// the variance among the trials that follows from a parameter alone; it needs a few dozen completed trials. A terminal shows the drawing as
/// characters, a notebook as a picture; with -Path it is written as PNG, SVG, HTML or text.
/// </para>
/// <para>
/// Errors: StudyNotFound, StudyInvalid, SweepEmpty (no trial has started yet), PictureFormatUnknown, FileExists, PathInvalid, PathNotFound,
/// PathNotOfFileSystem, FileNotReadable, FileNotWritten, NativeLibraryMissing.
/// </para>
/// </remarks>
/// <example>
/// <para>Shows the results of a small study, trial by trial.</para>
/// <code>$digits = Import-Mnist -First 300 | Expand-Dimension
/// $space = New-SweepSpace @{ Units = 8, 16, 32; LearningRate = 0.001, 0.01 }
/// Invoke-Sweep -Space $space -Data $digits -Epochs 1 -Sampler Grid -Study seen -Quiet { param($p) New-FlattenLayer | New-DenseLayer $p.Units | New-DenseLayer 10 -Activation Softmax }
/// Show-Sweep seen</code>
/// </example>
/// <example>
/// <para>Writes all its parameters to a file.</para>
/// <code>Show-Sweep seen -View ParallelCoordinates -Path seen.svg -Force</code>
/// </example>
[Cmdlet(VerbsCommon.Show, "Sweep", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Show-Sweep.md")]
[OutputType(typeof(Picture))]
[OutputType(typeof(FileInfo))]
public sealed class ShowSweepCommand : ShowCommand
{
    private readonly HashSet<string> _shown = new(StringComparer.Ordinal);

    /// <summary>The study's folder; for trials from the pipeline, their study's folder.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "PSPath")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string Study { get; set; } = "";

    /// <summary>What to draw: History, ParallelCoordinates, Importance, Rungs. Default: History.</summary>
    [Parameter(Position = 1)]
    [ReadAs<SweepView>]
    public SweepView View { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        try
        {
            var study = PSConvNet.Sweeps.Study.Open(this.Target(Study));
            // Of many trials of one study the study is drawn once.
            if (_shown.Add(study.Folder))
                Show(Draw(study));
        }
        catch (ConvNetException e)
        {
            WriteError(e, Study);
        }
    }

    private Picture Draw(Study study)
    {
        var (space, objective) = (study.Settings.Space, study.Settings.Objective);
        var trials = study.ReadTrials();
        Warn(study.Damaged);
        var name = System.IO.Path.GetFileName(study.Folder);
        return View switch
        {
            SweepView.ParallelCoordinates => new ParallelCoordinates(space, trials, objective, name),
            SweepView.Importance => new ParameterImportance(space, trials, objective, name),
            SweepView.Rungs => new SweepRungs(space, trials, objective, name),
            _ => new SweepHistory(space, trials, objective, name),
        };
    }
}
