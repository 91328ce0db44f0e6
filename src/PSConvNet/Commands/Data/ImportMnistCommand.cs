using System.Diagnostics;
using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Imports MNIST or a data set of its kind, from this machine or from the internet.</summary>
/// <remarks>
/// <para>Gives a data set with 60,000 training and 10,000 test images of 28 x 28 grey pixels in ten classes.</para>
/// <para>Without -Path it looks in the folder named by the environment variable PSCONVNET_DATA (itself, or mnist, fashion-mnist or
/// kmnist below it), in the user's cache, for Fashion also in /usr/share/datasets/fashion-mnist, and then downloads the set into
/// the cache from public mirrors. PSCONVNET_MIRROR names another address to download from, with the same folders below it.</para>
/// <para>Files may be plain or gzip. Their SHA-256 is checked, for Kuzushiji, which has none published, their sizes; -Verbose tells
/// what was tried and read.</para>
/// <para>Synthetic is drawn by the module and needs no files: handwritten-looking digits for machines with no data.</para>
/// </remarks>
/// <example>
/// <para>Digits drawn by the module; the first thousand of each part.</para>
/// <code>Import-Mnist -Name Synthetic -First 1000</code>
/// </example>
/// <example>
/// <para>Other digits of the same kind, ready for a convolution.</para>
/// <code>$digits = Import-Mnist Synthetic -First 500 -Seed 7 | Expand-Dimension; $digits.Shape</code>
/// </example>
[Cmdlet(VerbsData.Import, "Mnist", DefaultParameterSetName = SearchSet, SupportsShouldProcess = true)]
[OutputType(typeof(Dataset))]
public sealed class ImportMnistCommand : ConvNetCmdlet, IDisposable
{
    private const string SearchSet = "Search";
    private const string FolderSet = "Folder";

    private readonly Stopwatch _sinceProgress = new();
    private PipelinePump? _pump;

    /// <summary>Which set: Digits (the default), Fashion, Kuzushiji, or Synthetic, which is drawn by the module.</summary>
    [Parameter(Position = 0)]
    public MnistName Name { get; set; } = MnistName.Digits;

    /// <summary>
    /// A folder that holds the set's four files, or has them in the set's folder (mnist, fashion-mnist, kmnist) below it. Nothing
    /// else is searched then.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = FolderSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>Keep only the first so many images of each part, at least 1. The default is all.</summary>
    [Parameter]
    public int? First { get; set; }

    /// <summary>Which digits Synthetic draws; the same seed draws the same ones. The default is 1. Only for Synthetic.</summary>
    [Parameter]
    public int? Seed { get; set; }

    /// <summary>Download the set into the cache again, whatever is on this machine.</summary>
    [Parameter(ParameterSetName = SearchSet)]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        using var pump = new PipelinePump();
        _pump = pump;
        try
        {
            var data = Name == MnistName.Synthetic ? Draw(pump) : Read(pump);
            if (data is not null)
                WriteObject(data);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Name);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <inheritdoc />
    protected override void StopProcessing() => _pump?.Stop();

    /// <summary>Lets go of what the import held.</summary>
    public void Dispose() => _pump?.Dispose();

    private Dataset Draw(PipelinePump pump)
    {
        if (ParameterSetName == FolderSet || Force)
            throw NotApplicable(
                Force ? nameof(Force) : nameof(Path),
                "for sets that are read from files; Synthetic is drawn"
            );
        RequireFirst();
        return SyntheticDigits.Generate(
            Math.Min(First ?? int.MaxValue, SyntheticDigits.DefaultTrainCount),
            Math.Min(First ?? int.MaxValue, SyntheticDigits.DefaultTestCount),
            Seed ?? 1,
            cancellation: pump.Cancellation
        );
    }

    private Dataset? Read(PipelinePump pump)
    {
        if (Seed is not null)
            throw NotApplicable(nameof(Seed), $"for Synthetic; {Name} is always the same");
        RequireFirst();
        var source = new MnistSource(
            Name,
            MnistLocations.FromEnvironment(),
            text => pump.Post(() => WriteVerbose(text))
        );
        var folder =
            ParameterSetName == FolderSet ? source.FindIn(GetUnresolvedProviderPathFromPSPath(Path))
            : Force ? null
            : source.Find();
        if (folder is null && !ShouldProcess(source.CacheFolder, $"Download {Name} from {source.Mirrors[0]}"))
            return null;
        folder ??= Download(source, pump);
        return source.Read(folder, First, pump.Cancellation);
    }

    private MnistFolder Download(MnistSource source, PipelinePump pump)
    {
        var activity = $"Downloading {Name}";
        var progress = new Reporter(report => pump.Post(() => Show(activity, report)));
        var folder = pump.Run(() => source.DownloadAsync(Force, progress, pump.Cancellation));
        WriteProgress(new ProgressRecord(0, activity, "Done") { RecordType = ProgressRecordType.Completed });
        return folder;
    }

    private void Show(string activity, DownloadProgress report)
    {
        if (_sinceProgress.IsRunning && _sinceProgress.ElapsedMilliseconds < 100 && report.Fraction < 1)
            return;
        _sinceProgress.Restart();
        var total = report.Total is { } size ? $" of {size / 1e6:0.0}" : "";
        WriteProgress(
            new ProgressRecord(
                0,
                activity,
                $"{report.File}: {report.Received / 1e6:0.0}{total} MB from {report.Source.Host}"
            )
            {
                PercentComplete = (int)(100 * (report.Index + report.Fraction) / report.Count),
            }
        );
    }

    private void RequireFirst()
    {
        if (First < 1)
            throw new ConvNetException(
                "FirstOutOfRange",
                ErrorKind.InvalidArgument,
                $"-First is {First}; it must be at least 1.",
                First
            );
    }

    private static ConvNetException NotApplicable(string parameter, string reason) =>
        new(
            "ParameterNotApplicable",
            ErrorKind.InvalidArgument,
            $"-{parameter} is only {reason}. Leave it out.",
            parameter
        );

    private sealed class Reporter(Action<DownloadProgress> report) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => report(value);
    }
}
