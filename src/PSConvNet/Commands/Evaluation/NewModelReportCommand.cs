using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Writes a report on one model or several: one HTML page that needs nothing but itself.</summary>
/// <remarks>
/// <para>
/// Takes training runs or models. The page has the result with its 95 % interval, a sample of the data, the network, the training
/// curves and settings, the confusion matrix, the worst mistakes, the environment, and the commands that do it all again. Of several
/// models it compares all on the same test images and then shows each. It measures and never trains.
/// </para>
/// <para>
/// A model keeps no images: without -Data the page shows networks and trainings, and says what is missing. What is measured is
/// the model as it is now, after all its trainings.
/// </para>
/// <para>
/// The page holds no scripts and asks nothing of any network; it is light or dark as the reader's system is, fits a phone and
/// prints. A file that exists is left alone without -Force.
/// </para>
/// <para>
/// Errors: ReportInputInvalid (neither model nor run; the others go on), ReportEmpty, ReportOptionInvalid, ReportFormatUnsupported,
/// FileExists, PathInvalid (a folder), PathNotFound (no such drive), PathNotOfFileSystem, FileNotWritten, DataShapeMismatch,
/// ClassCountMismatch, PredictionsInvalid, ModelBusy, NativeLibraryMissing. With any of them but the first, no file is written.
/// </para>
/// </remarks>
/// <example>
/// <para>Two networks, trained and compared on one page.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $wide = New-FlattenLayer | New-DenseLayer 64 -Activation ReLU | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name wide
/// $linear = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear
/// $runs = $wide, $linear | Invoke-Training -Data $digits -Epochs 2
/// $runs | New-ModelReport -Path digits.html -Data $digits</code>
/// </example>
/// <example>
/// <para>One training, with a title and some words of your own, and more of its mistakes.</para>
/// <code>New-ModelReport $runs[0] wide.html -Data $digits -Title 'Wide, first try' -Note 'Two epochs are not much.' -MistakeCount 60</code>
/// </example>
/// <example>
/// <para>A model without its data: network and training alone.</para>
/// <code>New-ModelReport $wide network.html -WhatIf
/// New-ModelReport $wide network.html</code>
/// </example>
[Cmdlet(VerbsCommon.New, "ModelReport", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class NewModelReportCommand : CancellableCmdlet
{
    private readonly List<(Model Model, IReadOnlyList<TrainingRun> Runs)> _models = [];

    /// <summary>The runs that Invoke-Training gives, or models.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Model", "Run")]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The page to write; its name ends in .html or .htm.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The data set; its test part is measured on. Default: none, and what needs images is left out.</summary>
    [Parameter]
    public Dataset? Data { get; set; }

    /// <summary>The page's title. Default: the models' names and the data set's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>What you want to say, shown below the title; an empty line begins a new paragraph. Default: nothing.</summary>
    [Parameter]
    public string? Note { get; set; }

    /// <summary>How many mistakes of each model are shown, the most confident first: 0 to 200. Default: 24.</summary>
    [Parameter]
    public int MistakeCount { get; set; } = new ModelReportOptions().MistakeCount;

    /// <summary>The arithmetic of the measuring: Auto, Float32 or BFloat16. Default: Auto.</summary>
    [Parameter]
    public Precision Precision { get; set; }

    /// <summary>Writes over a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (var item in InputObject)
        {
            switch (item?.BaseObject)
            {
                case Model model:
                    _models.Add((model, []));
                    break;
                case TrainingRun run:
                    _models.Add((run.Model, [run]));
                    break;
                default:
                    WriteError(
                        new ConvNetException(
                            "ReportInputInvalid",
                            ErrorKind.InvalidArgument,
                            $"New-ModelReport takes models and training runs, not {item?.BaseObject.GetType().Name ?? "null"}.",
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
        try
        {
            Write();
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Path);
        }
        catch (OperationCanceledException) when (StopToken.IsCancellationRequested)
        {
            // The pipeline was stopped; there is no file.
        }
    }

    private void Write()
    {
        var file = Resolve();
        var options = new ModelReportOptions
        {
            Title = Title,
            Note = string.IsNullOrWhiteSpace(Note) ? null : Note,
            MistakeCount = MistakeCount,
            FileName = System.IO.Path.GetFileName(file),
        };
        options.Validate();
        if (
            !ShouldProcess(
                file,
                $"Write a report on {string.Join(", ", _models.Select(entry => entry.Model.Name).Distinct())}"
            )
        )
            return;
        var report = ModelReport.Create(
            _models,
            Data,
            options,
            name => this.MeasuringOptions($"Measuring {name}", Data?.Test.Count ?? 0, Precision),
            StopToken
        );
        report.Save(file);
        WriteObject(new FileInfo(file));
    }

    /// <summary>The file's full path, where it can be written: who has to wait for a measuring is told before.</summary>
    private string Resolve()
    {
        var file = this.Target(Path);
        if (Directory.Exists(file))
        {
            throw new ConvNetException(
                "PathInvalid",
                ErrorKind.InvalidArgument,
                $"{file} is a folder; give the path of a file in it.",
                Path
            );
        }
        if (System.IO.Path.GetExtension(file).ToUpperInvariant() is not (".HTML" or ".HTM"))
        {
            throw new ConvNetException(
                "ReportFormatUnsupported",
                ErrorKind.InvalidArgument,
                $"A report is an HTML page, and {file} does not end like one; give a path that ends in .html.",
                Path
            );
        }
        FilePaths.RequireFree(file, Force);
        return file;
    }
}
