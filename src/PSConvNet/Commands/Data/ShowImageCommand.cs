using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Shows images with their classes, or with a model's answers.</summary>
/// <seealso cref="InvokePredictionCommand" />
/// <seealso cref="NewImagePreparationCommand" />
/// <seealso cref="NewAugmentationCommand" />
/// <seealso cref="ImportImageFolderCommand" />
/// <remarks>
/// <para>
/// Takes a data set, answers of Invoke-Prediction, picture files, folders of pictures, or arrays of pixels. A terminal with 24-bit colours shows them
/// as half blocks, one that supports Kitty or Sixel graphics as pixels, and a notebook as a picture. In a file or a string they are plain characters.
/// With -Path they are written as PNG, SVG, HTML or text, by the path's extension.
/// </para>
/// <para>
/// With -Model each image of a data set has the model's answer below it, with its probability, and ✓ or ✗. -Wrong shows only the model's
/// mistakes, the most confident ones first.
/// </para>
/// <para>
/// With -Model (or -Prediction, which is the same) files and folders are shown with answers, too. A folder's pictures are those in it and in its
/// subfolders. If a subfolder has the name of one of the model's classes, that is the true class of its pictures, and the answer is marked ✓ or ✗.
/// The pictures are shown as they
/// are, and given to the model as Invoke-Prediction -Path does.
/// </para>
/// <para>
/// -Prepared shows picture files as a network that learned from MNIST receives them, and with -Steps also after each step of the preparation
/// (docs/preparation.md).
/// </para>
/// <para>
/// The terminal is asked which graphics it supports. The environment variable PSCONVNET_GRAPHICS overrides that: Kitty,
/// Sixel, Blocks, or Text.
/// </para>
/// <para>
/// Errors: PictureEmpty (nothing is left to show), ShowInputInvalid, ParameterNotApplicable, PreparationSettingInvalid, AugmentationDoesNotFit, ClassUnknown, IndexOutOfRange, ImageArrayInvalid, ImageFileInvalid,
/// FileNotFound, PathNotFound, FolderUnreadable (each for its input; the others continue), ImageShapeUnsupported, DataShapeMismatch, ClassCountMismatch, ModelBusy,
/// PictureFormatUnknown, PictureFormatUnsupported, FileExists, PathInvalid, PathNotOfFileSystem, FileNotWritten, NativeLibraryMissing.
/// </para>
/// </remarks>
/// <example>
/// <para>The first twenty digits; then ten sevens, in any order.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// Show-Image $digits
/// Show-Image $digits -Class 7 -Count 10 -Shuffle</code>
/// </example>
/// <example>
/// <para>Shows the mistakes of a network, in the terminal and as a file.</para>
/// <code>$model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1
/// $null = $model | Invoke-Training -Data $digits -Epochs 2
/// Show-Image $digits -Model $model -Wrong
/// Show-Image $digits -Model $model -Wrong -Path mistakes.png -Force</code>
/// </example>
/// <example>
/// <para>Shows the pictures in a folder, or in a folder for each class, with a network's answers; then only its mistakes.</para>
/// <code>$folder = New-Item -ItemType Directory my-digits/7 -Force
/// $null = Show-Image $digits -Class 7 -Count 1 -Path my-digits/7/one.png -Force
/// Show-Image my-digits -Prediction $model
/// Show-Image my-digits -Prediction $model -Wrong -ErrorAction SilentlyContinue</code>
/// </example>
/// <example>
/// <para>Shows one digit in twenty of the versions that a training run would see.</para>
/// <code>Show-Image $digits -Index (@(0) * 20) -Augmentation (New-Augmentation)</code>
/// </example>
/// <example>
/// <para>Shows answers from the pipeline: those that the model is least sure of.</para>
/// <code>Invoke-Prediction $model $digits | Where-Object Probability -lt 0.4 | Show-Image -Count 10</code>
/// </example>
[Cmdlet(
    VerbsCommon.Show,
    "Image",
    SupportsShouldProcess = true,
    DefaultParameterSetName = InputSet,
    HelpUri = HelpPages.Address + "Show-Image.md"
)]
[OutputType(typeof(Picture))]
[OutputType(typeof(FileInfo))]
public sealed class ShowImageCommand : ShowCommand
{
    private const string InputSet = "Input";
    private const string ArraySet = "Image";

    private readonly List<Prediction> _predictions = [];
    private readonly List<(ImageSample Image, string Caption)> _arrays = [];
    private readonly List<FolderPicture> _pictures = [];
    private readonly HashSet<string> _refused = [];
    private bool _hadData;

    /// <summary>
    /// A data set, answers of Invoke-Prediction, picture files, or folders with pictures or with a folder for each class (as files and folders, or as
    /// paths with wildcards).
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = InputSet)]
    [Alias("Data")]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>
    /// Images as arrays of pixels in row-major order: whole numbers from 0 to 255, or fractions from 0 to 1. An array of numbers
    /// alone is one image; one of several rows needs a comma before it: -Image (,$rows).
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ArraySet)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public object[] Image { get; set; } = [];

    /// <summary>The arrays' shape: height, width, and channels where there are 3. Default: a square of as many pixels as there are.</summary>
    [Parameter(ParameterSetName = ArraySet)]
    [ValidateCount(2, 3)]
    [ValidateRange(1, 16384)]
    [ReadAs<int[]>(IsOptional = true)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int[]? Shape { get; set; }

    /// <summary>A model whose answers stand below the images of a data set, of files or of a folder.</summary>
    [Parameter(ParameterSetName = InputSet)]
    [Alias("Prediction")]
    [ModelTransform(
        InPlaceOfAnswers = "the model that is to answer, or pipe the answers that you have: $answers | Show-Image"
    )]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model? Model { get; set; }

    /// <summary>Shows only wrong answers, the most confident first.</summary>
    [Parameter(ParameterSetName = InputSet)]
    public SwitchParameter Wrong { get; set; }

    /// <summary>
    /// Turns files from dark on light into light on dark before the model is asked; they are shown as they are. Prepared files are inverted where
    /// needed; then this parameter says that their ink is dark.
    /// </summary>
    [Parameter(ParameterSetName = InputSet)]
    [Needs(nameof(Model))]
    public SwitchParameter Invert { get; set; }

    /// <summary>The part of a data set: Train or Test. Default: Train; with -Model, Test.</summary>
    [Parameter(ParameterSetName = InputSet)]
    [ReadAs<DatasetPart?>]
    public DatasetPart? Part { get; set; }

    /// <summary>Shows only images of these classes: names, wildcards allowed.</summary>
    [Parameter(ParameterSetName = InputSet)]
    [SupportsWildcards]
    [ReadAs<string[]>]
    [ArgumentCompleter(typeof(ClassNameCompleter))]
    public string[]? Class { get; set; }

    /// <summary>Which images of a data set, by number from 0, in this order. Default: the first ones.</summary>
    [Parameter(ParameterSetName = InputSet)]
    [ReadAs<int[]>(IsOptional = true)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int[]? Index { get; set; }

    /// <summary>The most images shown. Default: 20.</summary>
    [Parameter]
    [ValidateRange(1, 10000)]
    [ReadAs<int>(Least = 1, Most = 10000)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Count { get; set; } = 20;

    /// <summary>The number of images to skip first.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [ReadAs<int>(Least = 0)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Skip { get; set; }

    /// <summary>Takes images from anywhere in a data set, in an order given by -Seed, instead of from its beginning.</summary>
    [Parameter(ParameterSetName = InputSet)]
    public SwitchParameter Shuffle { get; set; }

    /// <summary>The seed for the order of -Shuffle and the changes of -Augmentation. Default: 1.</summary>
    [Parameter(ParameterSetName = InputSet)]
    [ReadAs<long>]
    [Needs(nameof(Shuffle))]
    [Needs(nameof(Augmentation))]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public long Seed { get; set; } = 1;

    /// <summary>Changes the images as a training with this augmentation and -Seed does. Default: none.</summary>
    [Parameter(ParameterSetName = InputSet)]
    [AugmentationTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Augmentation>))]
    public Augmentation? Augmentation { get; set; }

    /// <summary>Images in a row of a picture; a terminal has as many as fit. Default: 10.</summary>
    [Parameter]
    [ValidateRange(1, 200)]
    [ReadAs<int>(Least = 1, Most = 200)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Columns { get; set; } = new ImageGridOptions().Columns;

    /// <summary>Shows picture files as a network receives them: each prepared, as by Invoke-Prediction -Path.</summary>
    [Parameter(ParameterSetName = InputSet)]
    public SwitchParameter Prepared { get; set; }

    /// <summary>Shows a picture file after each step of the preparation.</summary>
    [Parameter(ParameterSetName = InputSet)]
    [Needs(nameof(Prepared))]
    public SwitchParameter Steps { get; set; }

    /// <summary>How files are prepared: a record from New-ImagePreparation. Default: as for MNIST's digits; with -Model as for that model.</summary>
    [Parameter(ParameterSetName = InputSet)]
    [Needs(nameof(Prepared))]
    [Needs(nameof(Model))]
    [PreparationTransform]
    [ArgumentCompleter(typeof(VariableCompleter<ImagePreparation>))]
    public ImagePreparation? Preparation { get; set; }

    /// <summary>The picture's heading. Default: what is shown.</summary>
    [Parameter]
    [ReadAs<string>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public string? Title { get; set; }

    /// <inheritdoc />
    private protected override void Begin()
    {
        if (Shuffle && Index is not null)
            ThrowTerminating(NotApplicable(nameof(Shuffle), "for images that -Index doesn't name"));
    }

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        if (ParameterSetName == ArraySet)
        {
            AddArrays();
            return;
        }
        foreach (var item in InputObject)
            Guard(item?.BaseObject, () => Take(item));
    }

    /// <inheritdoc />
    private protected override void End()
    {
        if (!_hadData && (_predictions.Count > 0 || _pictures.Count > 0))
            RequireNoneOfData();
        if (Invert && _pictures.Count == 0 && _hadData)
            ThrowTerminating(NotApplicable(nameof(Invert), "for files and folders"));
        if (_predictions.Count > 0)
            Guard(_predictions, () => ShowAnswers(Wrong ? ImageGrid.Mistakes(_predictions) : _predictions, null));
        if (_arrays.Count > 0)
            Guard(_arrays, () => Show(ImageGrid.Of(Chosen(_arrays), Options(null))));
        if (_pictures.Count > 0)
            Guard(_pictures, Model is null ? ShowPictures : () => ShowAnswers(Model));
    }

    /// <summary>Answers and files have no parts, and answers no model beside their own.</summary>
    private void RequireNoneOfData()
    {
        string[] ofData =
        [
            .. _pictures.Count > 0 ? Array.Empty<string>() : [nameof(Model)],
            nameof(Part),
            nameof(Class),
            nameof(Index),
            nameof(Shuffle),
            nameof(Augmentation),
        ];
        if (Array.Find(ofData, Given) is { } option)
            ThrowTerminating(NotApplicable(option, "for data sets"));
        if (Wrong && _predictions.Count == 0 && Model is null)
            ThrowTerminating(
                NotApplicable(
                    nameof(Wrong),
                    "for data sets, files and folders with a -Model, and for answers of Invoke-Prediction"
                )
            );
    }

    private void Take(PSObject? given)
    {
        var item = given?.BaseObject;
        _hadData |= item is Dataset or ImageSet;
        switch (item)
        {
            case ImageSet images when Dataset.Of(images) is var part:
                Take(new PSObject(part));
                break;
            case Dataset data when Model is not null:
                ShowAnswers(data);
                break;
            case Dataset data:
                ShowImages(data);
                break;
            case Prediction prediction:
                _predictions.Add(prediction);
                break;
            case FileSystemInfo entry:
                AddPath(entry.FullName);
                break;
            case string path:
                foreach (var file in this.Existing(path, literal: false, "give what Get-Item -LiteralPath gives"))
                    Guard(file, () => AddPath(file));
                break;
            default:
                // Of many of a kind one says it for all.
                var kind = Argument.Copied(given) is { } type ? $"copy of {type}" : item?.GetType().Name ?? "null";
                if (_refused.Add(kind))
                    throw Refusal(given, kind);
                break;
        }
    }

    private static ConvNetException Refusal(PSObject? given, string kind) =>
        new(
            ErrorIds.ShowInputInvalid,
            ErrorKind.InvalidArgument,
            Argument.Copied(given) is nameof(Prediction)
                ? "Predictions from a file or another session don't contain their pictures. Run Invoke-Prediction again, or give Show-Image the picture files themselves."
                : $"Show-Image takes data sets, predictions and picture files, not {kind}; arrays of pixels go to -Image.",
            given
        );

    private void ShowImages(Dataset data)
    {
        if (Wrong)
        {
            throw new ConvNetException(
                ErrorIds.ShowInputInvalid,
                ErrorKind.InvalidArgument,
                "-Wrong shows a model's mistakes: give the model with -Model.",
                data
            );
        }
        var (images, _) = Pick(data, Part ?? DatasetPart.Train, all: false);
        Show(
            ImageGrid.Of(
                images,
                data.ClassNames,
                Options($"{data.Name}: {Number(images.Count, data, Part ?? DatasetPart.Train)}")
            )
        );
    }

    private void ShowAnswers(Dataset data)
    {
        var part = Part ?? DatasetPart.Test;
        // To find what is wrong all have to be looked at; else only what is shown.
        var (images, numbers) = Pick(data, part, all: Wrong);
        Warn(PixelDoubts.OfData(images, Model!.TrainingPixels, Model.Name));
        var options = Measuring($"Predicting with {Model.Name}", images.Count, Precision.Auto);
        var predictions = Prediction.Of(Model, images, numbers, options: options, cancellation: StopToken).ToArray();
        if (!Wrong)
        {
            Show(
                ImageGrid.Of(
                    predictions,
                    Options($"{Model.Name} on {Number(predictions.Length, data, part)} of {data.Name}")
                )
            );
            return;
        }
        var mistakes = ImageGrid.Mistakes(predictions).ToArray();
        if (mistakes.Length == 0)
        {
            WriteVerbose(
                $"{Model.Name} gets {(predictions.Length == 1 ? "the image" : $"all {predictions.Length} images")} right."
            );
        }
        ShowAnswers(
            mistakes,
            FormattableString.Invariant(
                $"{Model.Name}: {mistakes.Length:N0} of {predictions.Length:N0} wrong, the most confident first"
            )
        );
    }

    private void ShowAnswers(IEnumerable<Prediction> predictions, string? title) =>
        Show(ImageGrid.Of(Chosen(predictions.Where(p => p.Image is not null)), Options(title)));

    /// <summary>Images of a part, and their numbers in it: all that are meant, or only those to show.</summary>
    private (ImageSet Images, IReadOnlyList<object> Numbers) Pick(Dataset data, DatasetPart part, bool all)
    {
        var images = PartOf(data, part);
        var wanted = new ImageChoice(Index, Class, Shuffle ? Seed : null).From(data, part, images);
        int[] picked = all ? wanted : [.. Chosen(wanted)];
        var selected = images.Select(images.Name, picked);
        return (Augmentation?.Apply(selected, Seed) ?? selected, picked.Select(i => (object)i).ToArray());
    }

    private IEnumerable<T> Chosen<T>(IEnumerable<T> items) => items.Skip(Skip).Take(Count);

    private ImageGridOptions Options(string? title) => new(Columns, Title ?? title);

    private static string Number(int count, Dataset data, DatasetPart part) =>
        $"{count} {ImageChoice.PartName(data, part)} {(count == 1 ? "image" : "images")}";

    private void AddPath(string path)
    {
        if (Directory.Exists(path))
            _pictures.AddRange(FolderPictures.List(path));
        else
            _pictures.Add(new FolderPicture(path, null));
    }

    /// <summary>Files as they are, or as a network gets them.</summary>
    private void ShowPictures()
    {
        var tiles = new PictureTiles(Prepared ? Preparation ?? new ImagePreparation() : null, Steps);
        // Only what is shown is read.
        var pictures = Prepared ? _pictures : Chosen(_pictures);
        var read = pictures.SelectMany(picture =>
        {
            IReadOnlyList<(ImageSample, string)> made = [];
            Guard(picture.Path, () => made = tiles.Of(picture));
            return made;
        });
        // A prepared picture can be several tiles.
        List<(ImageSample, string)> shown = [.. Prepared ? Chosen(read) : read];
        Warn(tiles.Doubts);
        // Where no file could be read, each of them has said why.
        if (shown.Count > 0)
            Show(ImageGrid.Of(shown, Options(null)));
    }

    /// <summary>The pictures, or with -Prepared what the model got of them, with its answers.</summary>
    private void ShowAnswers(Model model)
    {
        var reader = OwnPictures.For([model], raw: false, Preparation, Invert);
        WriteVerbose(reader.Description);
        // To find what is wrong all have to be looked at; else only what is shown.
        FolderPicture[] files = [.. Wrong ? _pictures : Chosen(_pictures)];
        var paths = Array.ConvertAll(files, picture => picture.Path);
        var samples = new List<ImageSample>();
        var read = new List<FolderPicture>();
        foreach (var (file, found) in reader.Read(paths, split: false, (path, e) => WriteError(e, path), StopToken))
        {
            samples.Add(found.Sample);
            read.Add(files[file]);
        }
        if (read.Count == 0)
            return;
        var images = ImageSet.Unlabelled(samples, model.InputShape);
        Warn(
            reader.Preparation is null
                ? PixelDoubts.OfPictures(images, model.TrainingPixels, model.Name)
                : reader.Doubts
        );
        var options = Measuring($"Predicting with {model.Name}", read.Count, Precision.Auto);
        var answers = PictureAnswers.Of(model, read, images, options, StopToken);
        if (read.Exists(picture => picture.ClassName is not null) && !answers.Any(answer => answer.Truth is not null))
            WriteVerbose(
                $"The folders don't have the names of {model.Name}'s classes, so it isn't known which answers are right."
            );
        if (OwnPictures.Unsupported(answers) is { } unsure)
            Warn([unsure]);
        var title = PictureAnswers.Summary(model, answers);
        if (!Wrong && files.Length < _pictures.Count)
            title += FormattableString.Invariant($" ({files.Length:N0} of {_pictures.Count:N0} files)");
        var shown = Wrong ? Chosen(ImageGrid.Mistakes(answers)) : answers;
        // Only what is shown is decoded a second time.
        Show(
            ImageGrid.Of(
                Prepared
                    ? shown
                    : shown.Select(answer => answer with { Image = PictureTiles.Thumbnail(answer.GetPath()!) }),
                Options(title)
            )
        );
    }

    private void AddArrays()
    {
        var most = Shape is { } given ? given.Aggregate(1, (a, b) => checked(a * b)) : 16384 * 3;
        var arrays = ImageArguments.Arrays(Image, most);
        for (var i = 0; i < arrays.Count; i++)
        {
            var (array, number) = (arrays[i], i);
            Guard(array, () => _arrays.Add((Sample(array), FormattableString.Invariant($"{number}"))));
        }
        foreach (var alike in _arrays.Select(file => file.Image).GroupBy(image => image.Shape))
        {
            Warn(PixelDoubts.OfPictures(ImageSet.Unlabelled([.. alike], alike.Key), typed: true));
        }
    }

    private ImageSample Sample(object?[] array)
    {
        var shape = Shape is { } given ? new Shape(given) : SquareOf(array);
        return new ImageSample(PixelArray.ToBytes(array, shape), shape);
    }

    private static Shape SquareOf(object?[] array)
    {
        // Rows, of which the first says the width; or numbers alone, whose root does.
        var side = (int)Math.Round(Math.Sqrt(array.Length));
        return array is [object?[] row, ..] ? new Shape(array.Length, row.Length)
            : side * side == array.Length ? new Shape(side, side)
            : throw new ConvNetException(
                ErrorIds.ImageArrayInvalid,
                ErrorKind.InvalidData,
                $"{array.Length} pixels aren't a square; give the image's height and width, such as -Shape 20,30.",
                array
            );
    }

    /// <summary>Does something for one input; a failure is reported and the others go on.</summary>
    private void Guard(object? target, Action action)
    {
        try
        {
            action();
        }
        catch (ConvNetException e)
        {
            WriteError(e, target);
        }
    }
}
