using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Predicts the classes of images with a model, or with several together.</summary>
/// <seealso cref="ShowImageCommand" />
/// <seealso cref="MeasureModelCommand" />
/// <seealso cref="NewImagePreparationCommand" />
/// <seealso cref="NewAugmentationCommand" />
/// <remarks>
/// <para>
/// Takes a data set, arrays of pixels, or image files (PNG, JPEG, BMP, GIF, WebP), and returns for each image the class with the highest probability,
/// its name, and the probabilities of all classes.
/// </para>
/// <para>
/// For a model that learned from MNIST, or from other light strokes on black, picture files are prepared like the images it learned from: ink of any colour
/// becomes light on black, shadows and ruled lines are removed, and the digit is fitted and centred as MNIST's are (docs/preparation.md). The same
/// applies to a model that learned from pictures prepared by Import-ImageFolder -Preparation. -Verbose reports it, Show-Image -Prepared shows it,
/// -Raw turns it off, and -Preparation uses other settings. For other models, and with -Raw, files are resized to the model's input and converted to
/// grey if it has one channel; -Invert then swaps light and dark. If pictures are prepared, -Invert says that their ink is dark on light, so that
/// this isn't guessed.
/// </para>
/// <para>
/// -Split finds each digit on a sheet, line by line from left to right. Each answer has the digit's Box in the picture's pixels, its Line, and in
/// Text all the answers of its line, which is the written number.
/// </para>
/// <para>
/// A data set's classes are matched with the model's by name: it may have fewer of them, or have them in another order. Label and Truth are
/// numbers of the model's outputs. For pictures of a class that the model doesn't know, use -Path.
/// </para>
/// <para>
/// A warning says when pictures have no pixel above 1 of 255, are blank, or are far darker or brighter than what the model learned from; of
/// prepared pictures also when there are several objects or no clear one, when touching digits could not be parted, and when no answer has
/// a probability of one half.
/// </para>
/// <para>
/// Several models are an ensemble: -Model $a,$b,$c gives one answer per image, from the mean of the models' probabilities. They must have the same
/// input shape and the same classes, in any order. Measure-Model -Ensemble measures how good the ensemble is.
/// </para>
/// <para>
/// With -Augmentation the answer is the mean over -Times versions of each image, the first of which is the unchanged image (test-time augmentation). The
/// changes depend on -Seed and the image's place among the images of one call.
/// </para>
/// <para>
/// Errors: ParameterNotApplicable, PreparationSettingInvalid, ImageArrayInvalid, ImageFileInvalid, FileNotFound, PathNotOfFileSystem (each for its image; the others continue), ImageShapeUnsupported,
/// DataShapeMismatch, AugmentationDoesNotFit, ClassUnknown, ClassCountMismatch, ModelBusy, NativeLibraryMissing, PredictionsInvalid (a weight or an output isn't a finite number; in an ensemble
/// also a value that isn't a probability); of ensembles EnsembleMismatch, EnsembleOutputInvalid.
/// </para>
/// </remarks>
/// <example>
/// <para>Lists the test images that a model gets wrong.</para>
/// <code>$digits = Import-Mnist -First 300 | Expand-Dimension
/// $model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1
/// $null = $model | Invoke-Training -Data $digits -Epochs 2
/// Invoke-Prediction $model -Data $digits | Where-Object { -not $_.IsCorrect }</code>
/// </example>
/// <example>
/// <para>Predicts an image made by hand: black everywhere, white in one row.</para>
/// <code>$pixels = [byte[]]::new(784)
/// foreach ($i in 280..307) { $pixels[$i] = 255 }
/// Invoke-Prediction $model -Image (,$pixels)</code>
/// </example>
/// <example>
/// <para>Uses the mean of three training runs that started with different weights.</para>
/// <code>$three = foreach ($seed in 1..3) { Copy-Model $model -Reset -Seed $seed -Name "seed $seed" }
/// $null = $three | Invoke-Training -Data $digits -Epochs 1
/// Invoke-Prediction $three -Image (,$pixels)</code>
/// </example>
/// <example>
/// <para>Predicts a picture of your own, and a sheet with several digits on it.</para>
/// <code>Show-Image $digits.Test -Count 1 -Path digit.png -Force
/// Invoke-Prediction $model -Path digit.png
/// (Invoke-Prediction $model -Path digit.png -Split).Text | Select-Object -Unique</code>
/// </example>
[Cmdlet(
    VerbsLifecycle.Invoke,
    "Prediction",
    DefaultParameterSetName = DataSet,
    HelpUri = HelpPages.Address + "Invoke-Prediction.md"
)]
[OutputType(typeof(Prediction))]
public sealed class InvokePredictionCommand : MeasuringCommand
{
    private const string DataSet = "Data";
    private const string ArraySet = "Image";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly List<(object Source, PreparedObject Object)> _images = [];
    private readonly List<string> _files = [];
    private Ensemble? _ensemble;
    private OwnPictures? _pictures;

    /// <summary>
    /// The model, or a training run, whose model is used. With several, separated by commas, the mean of their probabilities is used.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ModelTransform(Several = true)]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model[] Model { get; set; } = [];

    /// <summary>A data set, of which -Part is predicted, or a part of one ($digits.Test).</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = DataSet)]
    [DatasetTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Dataset>))]
    public Dataset Data { get; set; } = null!;

    /// <summary>The part of the data set: Test or Train. Default: Test.</summary>
    [Parameter(ParameterSetName = DataSet)]
    [ReadAs<DatasetPart>]
    public DatasetPart Part { get; set; } = DatasetPart.Test;

    /// <summary>
    /// Images as arrays of pixels in row-major order: whole numbers from 0 to 255, or fractions from 0 to 1. An array of numbers
    /// alone is one image; one of several rows needs a comma before it: -Image (,$rows).
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ArraySet)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public object[] Image { get; set; } = [];

    /// <summary>Image files; wildcards are allowed, and paths come in through the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ReadAs<string[]>(IsPath = true)]
    public string[] Path { get; set; } = [];

    /// <summary>Image files, taken literally; files from Get-ChildItem come in through the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "FullName")]
    [ReadAs<string[]>]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>
    /// Turns files from dark on light into light on dark. Prepared pictures are inverted where needed; then this parameter says that their ink is
    /// dark.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Invert { get; set; }

    /// <summary>Resizes files as they are, whatever the model learned from.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Raw { get; set; }

    /// <summary>How files are prepared: a record from New-ImagePreparation. Default: as the images that the model learned from.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [PreparationTransform]
    [ArgumentCompleter(typeof(VariableCompleter<ImagePreparation>))]
    public ImagePreparation? Preparation { get; set; }

    /// <summary>Gives an answer for each digit on a sheet, line by line from left to right, instead of one answer per file.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public SwitchParameter Split { get; set; }

    private Shape InputShape => Model[0].InputShape;

    /// <inheritdoc />
    private protected override void Begin()
    {
        try
        {
            // One model is asked as it is: its outputs needn't be probabilities.
            if (Model.Length > 1)
                _ensemble = new Ensemble(Model);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Model);
        }
    }

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        switch (ParameterSetName)
        {
            case DataSet:
                PredictPart();
                break;
            case ArraySet:
                AddArrays();
                break;
            case PathSet:
                AddFiles(Path, literal: false);
                break;
            default:
                AddFiles(LiteralPath, literal: true);
                break;
        }
    }

    private void PredictPart()
    {
        try
        {
            Predict(PartOf(Data, Part), sources: null);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Data);
        }
    }

    /// <inheritdoc />
    private protected override void End()
    {
        if (_pictures is not null)
            ReadFiles(_pictures);
        if (_images.Count == 0)
            return;
        var samples = _images.ConvertAll(image => image.Object.Sample);
        Predict(ImageSet.Unlabelled(samples, InputShape), [.. _images.Select(image => image.Source)]);
    }

    private void ReadFiles(OwnPictures pictures)
    {
        WriteVerbose(pictures.Description);
        try
        {
            foreach (var (file, found) in pictures.Read(_files, Split, (path, e) => WriteError(e, path), StopToken))
                _images.Add((_files[file], found));
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, _files);
        }
        Warn(pictures.Doubts);
    }

    private void AddArrays()
    {
        var images = ImageArguments.Arrays(Image, InputShape.Size);
        for (var i = 0; i < images.Count; i++)
        {
            var pixels = images[i];
            Add(i, () => PixelArray.ToBytes(pixels, InputShape));
        }
    }

    /// <summary>Adds the files that each path means; a path that leads nowhere is reported and the others go on.</summary>
    private void AddFiles(string[] paths, bool literal)
    {
        try
        {
            // Only now is it certain that files were given.
            _pictures ??= OwnPictures.For(Model, Raw, Preparation, Invert, Split);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Model);
        }
        foreach (var path in paths)
        {
            try
            {
                _files.AddRange(this.Existing(path, literal));
            }
            catch (ConvNetException e) when (e.ErrorId == ErrorIds.PathNotFound)
            {
                WriteError(new ConvNetException(ErrorIds.FileNotFound, e.Kind, e.Message, path, e));
            }
            catch (ConvNetException e)
            {
                WriteError(e, path);
            }
        }
    }

    /// <summary>Keeps an image for the batch at the end; a bad one is reported and the others go on.</summary>
    private void Add(object source, Func<byte[]> read)
    {
        try
        {
            _images.Add((source, new PreparedObject(new ImageSample(read(), InputShape), null, 1)));
        }
        catch (ConvNetException e)
        {
            WriteError(e, source);
        }
    }

    private void Predict(ImageSet images, IReadOnlyList<object>? sources)
    {
        try
        {
            var name = _ensemble?.Name ?? Model[0].Name;
            var options = Measuring($"Predicting with {name}", images.Count);
            var truthKnown = sources is null;
            var learned = Model[0].TrainingPixels;
            Warn(
                truthKnown
                    ? PixelDoubts.OfData(images, learned, name)
                    : PixelDoubts.OfPictures(images, learned, name, typed: ParameterSetName == ArraySet)
            );
            var predictions = _ensemble is null
                ? Prediction.Of(Model[0], images, sources, truthKnown, options, StopToken)
                : Prediction.Of(_ensemble, images, sources, truthKnown, options, StopToken);
            if (_pictures?.Preparation is not null)
                WritePictures([.. predictions]);
            else
                foreach (var prediction in predictions)
                    Write(prediction);
        }
        catch (ConvNetException e)
        {
            WriteError(e, Model.Length == 1 ? Model[0] : Model);
        }
    }

    /// <summary>Writes answers to prepared pictures, with where in the picture each object lies.</summary>
    private void WritePictures(Prediction[] predictions)
    {
        if (OwnPictures.Unsupported(predictions) is { } warning)
            Warn([warning]);
        var placed = predictions.Select((prediction, i) => prediction with { Box = _images[i].Object.Box });
        if (!Split)
        {
            foreach (var prediction in placed)
                Write(prediction);
            return;
        }
        var lines = placed
            .Select((prediction, i) => prediction with { Line = _images[i].Object.Line })
            .GroupBy(prediction => (prediction.Source, prediction.Line));
        foreach (var line in lines)
        {
            var names = line.Select(prediction => prediction.ClassName).ToArray();
            var text = string.Join(Array.TrueForAll(names, name => name.Length == 1) ? "" : " ", names);
            foreach (var prediction in line)
            {
                Write(prediction with { Text = text }, "Split");
            }
        }
    }

    /// <summary>Writes an answer; one to what nobody has labelled prints without columns for the truth.</summary>
    private void Write(Prediction prediction) => Write(prediction, prediction.Truth is null ? "WithoutTruth" : null);

    private void Write(Prediction prediction, string? view)
    {
        var written = new PSObject(prediction);
        if (view is not null)
            written.TypeNames.Insert(0, $"{typeof(Prediction).FullName}#{view}");
        WriteObject(written);
    }
}
