using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Imports MNIST or a similar data set, from this machine or from the internet.</summary>
/// <seealso cref="ExpandDimensionCommand" />
/// <seealso cref="ImportImageFolderCommand" />
/// <seealso cref="ShowImageCommand" />
/// <seealso cref="MeasureDatasetCommand" />
/// <seealso cref="SplitDatasetCommand" />
/// <remarks>
/// <para>Returns a data set with 60,000 training and 10,000 test images of 28 x 28 grey pixels in ten classes.</para>
/// <para>Without -Path it looks in the folder named by the environment variable PSCONVNET_DATA (itself, or mnist, fashion-mnist or
/// kmnist below it), in the user's cache, for Fashion also in /usr/share/datasets/fashion-mnist, and then downloads the set into
/// the cache from public mirrors. PSCONVNET_MIRROR names another address to download from, with the same folders below it; a name and a password in it (https://name:password@host/) are sent and never printed.</para>
/// <para>
/// Files may be plain or gzip. Their SHA-256 is checked; for Kuzushiji, which has none published, their sizes are checked; -Verbose shows what was tried and
/// read.
/// </para>
/// <para>Synthetic needs no files: the module draws digits that look handwritten, for machines without data.</para>
/// <para>Errors: DatasetNotFound, DatasetUnknown, DatasetHashMismatch, IdxFileInvalid, DataFileUnreadable, CacheNotWritable, MirrorInvalid,
/// FirstOutOfRange, ParameterNotApplicable, PathNotFound, PathInvalid (a wildcard that matches several), PathNotOfFileSystem.</para>
/// </remarks>
/// <example>
/// <para>Imports digits drawn by the module, the first thousand of each part.</para>
/// <code>Import-Mnist -Name Synthetic -First 1000</code>
/// </example>
/// <example>
/// <para>Imports other digits of the same kind, ready for a convolution.</para>
/// <code>$digits = Import-Mnist Synthetic -First 500 -Seed 7 | Expand-Dimension; $digits.Shape</code>
/// </example>
[Cmdlet(
    VerbsData.Import,
    "Mnist",
    DefaultParameterSetName = SearchSet,
    SupportsShouldProcess = true,
    HelpUri = HelpPages.Address + "Import-Mnist.md"
)]
[OutputType(typeof(Dataset))]
public sealed class ImportMnistCommand : LongCommand
{
    private const string SearchSet = "Search";
    private const string FolderSet = "Folder";
    private const string LiteralSet = "LiteralFolder";

    /// <summary>Which set: Digits (the default), Fashion, Kuzushiji, or Synthetic, which is drawn by the module.</summary>
    [Parameter(Position = 0)]
    [ReadAs<MnistName>]
    public MnistName Name { get; set; } = MnistName.Digits;

    /// <summary>
    /// A folder that holds the set's four files, or has them in the set's folder (mnist, fashion-mnist, kmnist) below it. Nothing
    /// else is searched then.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = FolderSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>(IsPath = true)]
    public string Path { get; set; } = null!;

    /// <summary>The same folder, under a name that is taken literally; folders from Get-Item and Get-ChildItem come in through the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string LiteralPath { get; set; } = null!;

    /// <summary>The number of images to keep in each part, counted from the first; at least 1. Default: all.</summary>
    [Parameter]
    [ReadAs<int?>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? First { get; set; }

    /// <summary>Which digits Synthetic draws; the same seed draws the same ones. Default: 1. Only for Synthetic.</summary>
    [Parameter]
    [ReadAs<long?>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public long? Seed { get; set; }

    /// <summary>Downloads the set into the cache again, even if it is already on this machine.</summary>
    [Parameter(ParameterSetName = SearchSet)]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        try
        {
            var data = Name == MnistName.Synthetic ? Draw() : Read();
            if (data is not null)
                WriteObject(data);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Name);
        }
    }

    private Dataset Draw()
    {
        if (ParameterSetName != SearchSet || Force)
            throw NotApplicable(
                Force ? nameof(Force)
                    : ParameterSetName == LiteralSet ? nameof(LiteralPath)
                    : nameof(Path),
                "for sets that are read from files; Synthetic is drawn"
            );
        RequireFirst();
        return SyntheticDigits.Generate(
            Math.Min(First ?? int.MaxValue, SyntheticDigits.DefaultTrainCount),
            Math.Min(First ?? int.MaxValue, SyntheticDigits.DefaultTestCount),
            Seed ?? SyntheticDigits.DefaultSeed,
            cancellation: StopToken
        );
    }

    private Dataset? Read()
    {
        if (Seed is not null)
            throw NotApplicable(nameof(Seed), $"for Synthetic; {Name} is always the same");
        RequireFirst();
        var source = new MnistSource(Name, MnistLocations.FromEnvironment(), text => Post(() => WriteVerbose(text)));
        var folder =
            ParameterSetName == FolderSet ? source.FindIn(this.One(Path, literal: false))
            : ParameterSetName == LiteralSet ? source.FindIn(this.Target(LiteralPath))
            : Force ? null
            : source.Find();
        if (folder is null && !ShouldProcess(source.CacheFolder, $"Download {Name} from {source.Mirrors[0]}"))
            return null;
        folder ??= Download(source);
        return source.Read(folder, First, StopToken);
    }

    private MnistFolder Download(MnistSource source)
    {
        var activity = $"Downloading {Name}";
        var progress = new Reporter(report => Post(() => Show(activity, report)));
        var folder = Await(() => source.DownloadAsync(Force, progress, StopToken));
        Progress.Complete();
        return folder;
    }

    private void Show(string activity, DownloadProgress report)
    {
        if (report.Fraction < 1 && !Progress.IsDue())
            return;
        var total = report.Total is { } size ? $" of {size / 1e6:0.0}" : "";
        Progress.Show(
            activity,
            $"{report.File}: {report.Received / 1e6:0.0}{total} MB from {report.Source.Host}",
            (report.Index + report.Fraction) / report.Count
        );
    }

    private void RequireFirst()
    {
        if (First < 1)
            throw new ConvNetException(
                ErrorIds.FirstOutOfRange,
                ErrorKind.InvalidArgument,
                $"-First is {First}; it must be at least 1.",
                First
            );
    }

    private sealed class Reporter(Action<DownloadProgress> report) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => report(value);
    }
}
