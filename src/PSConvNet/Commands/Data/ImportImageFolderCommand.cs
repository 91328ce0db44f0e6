using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Imports your own pictures from a folder that contains one folder for each class.</summary>
/// <seealso cref="ImportMnistCommand" />
/// <seealso cref="NewImagePreparationCommand" />
/// <seealso cref="InvokeTrainingCommand" />
/// <seealso cref="InvokePredictionCommand" />
/// <seealso cref="ShowImageCommand" />
/// <remarks>
/// <para>Returns a data set of height x width x 1 grey images, or x 3 in colour, with the folders' names as classes, in ordinal order (A to
/// Z, then a to z, whatever the language). It has its channel dimension already; Expand-Dimension is not needed.</para>
/// <para>Pictures can be PNG, JPEG, BMP, GIF or WebP files (of an animation the first frame is used), in the class folder or in folders below it. The
/// format is
/// recognised by the first bytes. Pixels are taken as the file has them: colour profiles are not applied. Each picture is turned upright by its
/// EXIF orientation, laid on white where it is transparent, and stretched to -Size. Crop pictures beforehand if the stretching matters.</para>
/// <para>-Preparation turns each picture into an image like MNIST's: light strokes on black, fitted and centred without distortion
/// (docs/preparation.md). A model that learned from such a set keeps the preparation, and Invoke-Prediction -Path prepares pictures in the same
/// way. With -Preparation, -Invert says that the ink is dark on light. Pictures that are blank or have several objects are named in a warning.</para>
/// <para>
/// Other pictures (.heic, .tiff, .avif, camera raw and the like), archives, pictures without a picture's file extension, and pictures outside the
/// class folders are skipped with a warning that counts them. Hidden files and files that aren't pictures are skipped without a warning; -Verbose
/// counts them.
/// </para>
/// <para>A picture has at most 50 million pixels and 65,535 per side, and its file at most 256 MB. Decoding uses no more than 512 MB, and the files no more
/// than another 512 MB, however many are read at the same time. JPEG, BMP and PNG are decoded in bands and need far less; a progressive JPEG, an
/// interlaced PNG, a GIF and a WebP are decoded as a whole, and one that would need more is refused. A truncated file is refused whatever its format;
/// bytes after the end of a picture are ignored.</para>
/// <para>A fifth of each class is held out as the test part, unless -TestSplit says otherwise or -TestPath names a folder of the same
/// layout. Each class keeps at least one picture to learn from. The images come class after class, in the order of their paths, whatever the machine.</para>
/// <para>
/// A picture that can't be read is reported as an error and left out, and the import continues. With -ErrorAction Stop the first such picture ends
/// the import; with SilentlyContinue they are left out silently. -Verbose says how many there were.
/// </para>
/// <para>Links to folders are followed, except those that lead in a circle.</para>
/// <para>Errors: PathNotFound, PathNotOfFileSystem, FolderNotFound, FolderAmbiguous (a wildcard that matches several), FolderUnreadable, ClassFoldersMissing,
/// FolderLayoutUnsupported (it holds train and test folders: use -Path and -TestPath), ClassEmpty, ClassNameDuplicate, ClassUnknown
/// (-TestPath has an additional class), FoldersOverlap, SizeOutOfRange, PreparationSettingInvalid, ImageShapeUnsupported (a preparation in colour), FractionOutOfRange, FirstOutOfRange, DatasetTooSmall, DatasetTooLarge,
/// NativeLibraryMissing. For each picture: ImageFileInvalid, FileNotFound, DataFileUnreadable, with the path as target. One class
/// alone, one without test pictures, or skipped pictures are a warning.</para>
/// </remarks>
/// <example>
/// <para>Imports dark and light pictures, which are created here with one pixel each, the smallest possible BMP. One in five is held out.</para>
/// <code>foreach ($level in 0..14) {
///     foreach ($class in @{ dark = 5 * $level; light = 255 - 5 * $level }.GetEnumerator()) {
///         $folder = [IO.Directory]::CreateDirectory("$PWD/pictures/$($class.Key)").FullName
///         $header = 66, 77, 30, 0, 0, 0, 0, 0, 0, 0, 26, 0, 0, 0, 12, 0, 0, 0, 1, 0, 1, 0, 1, 0, 24, 0
///         [IO.File]::WriteAllBytes("$folder/$level.bmp", [byte[]]($header + @($class.Value) * 3 + 0))
///     }
/// }
/// $data = Import-ImageFolder pictures -Size 8
/// $data</code>
/// </example>
/// <example>
/// <para>Trains a network on them and asks it about files.</para>
/// <code>$model = New-FlattenLayer | New-DenseLayer 2 -Activation Softmax | New-Model 8,8,1
/// $null = $model | Invoke-Training -Data $data -Epochs 30 -Quiet
/// Invoke-Prediction $model -Path pictures/*/0.bmp</code>
/// </example>
/// <example>
/// <para>Imports pictures in colour, taller than wide, without holding any out.</para>
/// <code>$data = Import-ImageFolder pictures -Size 24,16 -Color -TestSplit 0 -Verbose; $data.Shape</code>
/// </example>
[Cmdlet(
    VerbsData.Import,
    "ImageFolder",
    DefaultParameterSetName = PathSet,
    HelpUri = HelpPages.Address + "Import-ImageFolder.md"
)]
[OutputType(typeof(Dataset))]
public sealed class ImportImageFolderCommand : LongCommand, IImageFolderObserver
{
    private static readonly ImageFolderOptions s_usual = new();

    private const string PathSet = "Path";
    private const string LiteralSet = "LiteralPath";

    private string _activity = "";

    /// <summary>The folder that holds the class folders; wildcards are allowed if they match one folder.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ReadAs<string>(IsPath = true)]
    public string Path { get; set; } = null!;

    /// <summary>The folder, taken literally; folders from Get-Item and Get-ChildItem come in through the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string LiteralPath { get; set; } = null!;

    /// <summary>
    /// A folder of the same layout with the test images, instead of -TestSplit. It may lack classes, but it can't have additional ones.
    /// Wildcards
    /// as in -Path; with -LiteralPath they are taken literally. Default: none.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string? TestPath { get; set; }

    /// <summary>The share of each class to hold out as the test part, 0 to below 1; 0 leaves that part empty. Default: 0.2.</summary>
    [Parameter]
    [ReadAs<double>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public double TestSplit { get; set; } = s_usual.TestSplit;

    /// <summary>Which pictures -TestSplit holds out; the same seed holds out the same ones. Default: 1.</summary>
    [Parameter]
    [ReadAs<long>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public long Seed { get; set; } = s_usual.Seed;

    /// <summary>The images' height and width in pixels, or one number for both; each 1 to 2048. Default: 28,28.</summary>
    [Parameter]
    [ReadAs<int[]>(IsOptional = true)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int[] Size { get; set; } = [s_usual.Height, s_usual.Width];

    /// <summary>Imports three channels (red, green and blue) instead of one of grey.</summary>
    [Parameter]
    [Alias("Colour")]
    public SwitchParameter Color { get; set; }

    /// <summary>Turns pictures from dark on light into light on dark, as the digits of MNIST are.</summary>
    [Parameter]
    public SwitchParameter Invert { get; set; }

    /// <summary>How pictures are prepared: a record from New-ImagePreparation. Default: none; pictures are stretched as they are.</summary>
    [Parameter]
    [PreparationTransform]
    [ArgumentCompleter(typeof(VariableCompleter<ImagePreparation>))]
    public ImagePreparation? Preparation { get; set; }

    /// <summary>
    /// The number of pictures to keep in each part, at least 1. They are taken from the classes in turn, and no others are opened. Default: all.
    /// </summary>
    [Parameter]
    [ReadAs<int?>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int? First { get; set; }

    void IImageFolderObserver.OnRead(int done, int count)
    {
        if (Progress.IsDue())
        {
            Progress.Show(
                _activity,
                FormattableString.Invariant($"{done:N0} of {Counted.Of(count, "image")}"),
                (double)done / count
            );
        }
    }

    void IImageFolderObserver.OnUnreadable(ConvNetException reason) => Tell(() => WriteError(reason));

    void IImageFolderObserver.OnWarning(string message) => Tell(() => WriteWarning(message));

    void IImageFolderObserver.OnMessage(string message) => Tell(() => WriteVerbose(message));

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        var isLiteral = ParameterSetName == LiteralSet;
        try
        {
            RequireOneTestPart();
            var folder = Resolve(isLiteral ? LiteralPath : Path, isLiteral);
            var options = Options() with { TestFolder = TestPath is null ? null : Resolve(TestPath, isLiteral) };
            _activity = $"Reading {folder}";
            var data = ImageFolder.Read(folder, options, this, StopToken);
            Progress.Complete();
            // A picture's error may be one that ends the import: -ErrorAction Stop.
            StopToken.ThrowIfCancellationRequested();
            WriteObject(data);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, isLiteral ? LiteralPath : Path);
        }
    }

    /// <summary>The test part is held out or taken from a folder of its own, and a seed is for what is held out.</summary>
    private void RequireOneTestPart()
    {
        const string ofFolder = "for a test part that is held out, and -TestPath has it in a folder of its own";
        if (TestPath is not null && Given(nameof(TestSplit)))
            throw NotApplicable(nameof(TestSplit), ofFolder);
        if (TestPath is not null && Given(nameof(Seed)))
            throw NotApplicable(nameof(Seed), ofFolder);
        if (TestSplit == 0 && Given(nameof(Seed)))
            throw NotApplicable(nameof(Seed), "for a test part that is held out, and -TestSplit 0 holds none out");
    }

    private ImageFolderOptions Options()
    {
        if (Size is not { Length: 1 or 2 })
            throw new ConvNetException(
                ErrorIds.SizeOutOfRange,
                ErrorKind.InvalidArgument,
                $"-Size takes height and width, such as 28,28, or one number for both; it has {Size?.Length ?? 0} numbers.",
                Size
            );
        return new ImageFolderOptions
        {
            Height = Size[0],
            Width = Size[^1],
            Color = Color,
            Invert = Invert,
            Preparation = Preparation,
            TestSplit = TestSplit,
            Seed = Seed,
            First = First,
        };
    }

    /// <summary>The one folder a path means, as the file system knows it.</summary>
    private string Resolve(string path, bool isLiteral)
    {
        // The engine says what is wrong with a single path; of several, only folders are meant.
        var found = this.Existing(path, isLiteral);
        var folders = found.Count == 1 ? found : [.. found.Where(Directory.Exists)];
        return folders.Count switch
        {
            1 => folders[0],
            0 => throw new ConvNetException(
                ErrorIds.FolderNotFound,
                ErrorKind.NotFound,
                $"{path} matches no folder but {Counted.Of(found.Count, "file"):text}; name the folder that contains a folder for each class.",
                path
            ),
            _ => throw new ConvNetException(
                ErrorIds.FolderAmbiguous,
                ErrorKind.InvalidArgument,
                $"{path} matches {folders.Count} folders ({folders}); name one.",
                path
            ),
        };
    }
}
