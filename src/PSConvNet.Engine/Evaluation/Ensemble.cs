namespace PSConvNet.Evaluation;

/// <summary>
/// Several models asked as one: its answer is the arithmetic mean of their probabilities. Models that err in different places do
/// better together than each by itself.
/// </summary>
/// <remarks>
/// The models stay what they are and can be in any number of ensembles, or in one more than once, which counts them more than once.
/// While an ensemble computes, all of its models can be read by others, but not be trained.
/// </remarks>
public sealed class Ensemble
{
    // For each model which of its outputs comes at each place of the ensemble's; null where they come as they are.
    private readonly int[]?[] _orders;

    /// <summary>Puts models together that answer the same question.</summary>
    /// <param name="models">At least one, all of one input shape and of the same classes.</param>
    /// <param name="name">Its name, or null for the models' names: <c>a + b + c</c>.</param>
    /// <exception cref="ConvNetException">
    /// <c>EnsembleEmpty</c>; <c>EnsembleMismatch</c>: two differ in input shape, number of classes, or the names of the classes they
    /// were trained on, whose order may differ; <c>EnsembleOutputInvalid</c>: one gives images rather than a value a class.
    /// </exception>
    public Ensemble(IEnumerable<Model> models, string? name = null)
    {
        Models = models.ToArray();
        if (Models.Count == 0)
        {
            throw new ConvNetException(
                ErrorIds.EnsembleEmpty,
                ErrorKind.InvalidArgument,
                "An ensemble needs at least one model."
            );
        }
        foreach (var model in Models)
            RequireLike(Models[0], model);
        ClassNames = Models.Select(model => model.ClassNames).FirstOrDefault(names => names.Count > 0, []);
        _orders = [.. Models.Select(Order)];
        Name = name ?? string.Join(" + ", Models.Select(model => model.Name));
    }

    /// <summary>The models, in the order they were given.</summary>
    public IReadOnlyList<Model> Models { get; }

    /// <summary>The ensemble's name.</summary>
    public string Name { get; }

    /// <summary>The shape of one sample.</summary>
    public Shape InputShape => Models[0].InputShape;

    /// <summary>The number of classes it tells apart.</summary>
    public int ClassCount => Models[0].OutputShape.Size;

    /// <summary>
    /// The names of the classes its models were trained on, in the order of the first that was trained; empty where none was.
    /// </summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>The mean of the models' probabilities of each class for each image.</summary>
    /// <param name="images">The images; fitted to the models as <see cref="ModelInput.Fit"/> says.</param>
    /// <param name="options">How, or null for the usual way. Its progress counts an image when all models have seen it, on average.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>images x classes, row after row, in the order of <see cref="ClassNames"/>; summed up in fp64.</returns>
    /// <exception cref="ConvNetException">
    /// <c>DataShapeMismatch</c>, <c>ModelBusy</c>, <c>NativeLibraryMissing</c>; <c>PredictionsInvalid</c>: a model gives what is
    /// no probability or not a finite number, so that a mean with it means nothing.
    /// </exception>
    public float[] Predict(ImageSet images, PredictionOptions? options = null, CancellationToken cancellation = default)
    {
        var sums = new double[checked(images.Count * ClassCount)];
        foreach (var (model, outputs) in Run(images, options, cancellation))
        {
            if (outputs.AreLogits)
                Predictor.ToProbabilities(outputs.Values, outputs.Width);
            RequireProbabilities(model, outputs.Values);
            for (var i = 0; i < sums.Length; i++)
                sums[i] += outputs.Values[i];
        }
        return Array.ConvertAll(sums, sum => (float)(sum / Models.Count));
    }

    /// <summary>What the outputs stand for: the models' classes, or the images' where those have no names.</summary>
    /// <exception cref="ConvNetException"><c>ClassCountMismatch</c>.</exception>
    internal OutputClasses OutputsFor(ImageSet images) =>
        new(Name, new Shape(ClassCount), ClassNames.Count > 0 ? ClassNames : images.ClassNames, this);

    /// <summary>Loss, accuracy, and each class of the mean.</summary>
    /// <param name="images">
    /// Labelled images; fitted to the models as <see cref="ModelInput.Fit"/> says, and their classes matched with the models' by name.
    /// </param>
    /// <param name="options">How, or null for the usual way; progress as in <see cref="Predict"/>.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ConvNetException">
    /// As <see cref="Predict"/>, and <c>ClassCountMismatch</c>, <c>ClassUnknown</c>, <c>EvaluationEmpty</c>.
    /// </exception>
    public ModelMetrics Measure(
        ImageSet images,
        PredictionOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        var labelled = OutputsFor(images).Label(images);
        var mean = new LogMean(checked(images.Count * ClassCount));
        foreach (var (model, outputs) in Run(labelled, options, cancellation))
        {
            if (!outputs.AreLogits)
                RequireProbabilities(model, outputs.Values);
            var logarithms = outputs.Values;
            if (outputs.AreLogits)
                Predictor.ToLogProbabilities(logarithms, outputs.Width);
            else
                logarithms = Array.ConvertAll(logarithms, MathF.Log);
            mean.Add(logarithms);
        }
        return ModelMetrics.FromLogProbabilities(mean.ToArray(), labelled.Labels.Span, labelled.ClassNames) with
        {
            Name = Name,
            TestTime = options?.TestTime,
        };
    }

    /// <inheritdoc />
    public override string ToString() =>
        $"{Name}: the mean of {Counted.Of(Models.Count, "model")}, {InputShape} -> {ClassCount}";

    /// <summary>
    /// Each model's outputs in the ensemble's order of classes, one model after another; every model is claimed before the first is asked.
    /// </summary>
    private IEnumerable<(Model Model, NetworkOutputs Outputs)> Run(
        ImageSet images,
        PredictionOptions? options,
        CancellationToken cancellation
    )
    {
        options ??= new PredictionOptions();
        var claims = new List<IDisposable>();
        try
        {
            foreach (var model in Models)
                claims.Add(model.UseForReading());
            for (var i = 0; i < Models.Count; i++)
            {
                var before = (long)images.Count * i;
                var share = options with
                {
                    Progress = done => options.Progress?.Invoke((int)((before + done) / Models.Count)),
                };
                var outputs = Predictor.Run(Models[i], images, share, cancellation);
                yield return (Models[i], _orders[i] is { } order ? outputs.Arranged(order) : outputs);
            }
        }
        finally
        {
            claims.ForEach(claim => claim.Dispose());
        }
    }

    private static void RequireLike(Model first, Model model)
    {
        if (model.OutputShape.Rank != 1)
        {
            throw new ConvNetException(
                ErrorIds.EnsembleOutputInvalid,
                ErrorKind.InvalidArgument,
                $"{model.Name} outputs {model.OutputShape}, not one value per class: end it with FlattenLayer and DenseLayer.",
                model
            );
        }
        if (!first.InputShape.Equals(model.InputShape))
        {
            throw Mismatch(
                model,
                $"{first.Name} takes images of {first.InputShape} and {model.Name} images of {model.InputShape}: build the models of an ensemble with the same Model.InputShape."
            );
        }
        if (!first.OutputShape.Equals(model.OutputShape))
        {
            throw Mismatch(
                model,
                $"{first.Name} has {Counted.Of(first.OutputShape.Size, "class"):text} and {model.Name} has {model.OutputShape}: an average needs models of the same classes."
            );
        }
    }

    /// <summary>Where the ensemble's classes are among a model's outputs; null where they are in their places.</summary>
    private int[]? Order(Model model)
    {
        var names = model.ClassNames;
        if (names.Count == 0 || names.SequenceEqual(ClassNames))
            return null;
        if (!names.Order(StringComparer.Ordinal).SequenceEqual(ClassNames.Order(StringComparer.Ordinal)))
        {
            var first = Models.First(other => other.ClassNames.Count > 0);
            throw Mismatch(
                model,
                $"{first.Name} was trained on the classes {ClassName.Quote(ClassNames)} and {model.Name} on {ClassName.Quote(names)}: an average needs models that were trained on the same classes."
            );
        }
        string[] places = [.. names];
        // Outputs without a name come after those that have one, and stay where they are.
        return
        [
            .. ClassNames.Select(name => Array.IndexOf(places, name)),
            .. Enumerable.Range(names.Count, ClassCount - names.Count),
        ];
    }

    private static void RequireProbabilities(Model model, float[] values)
    {
        // ModelMetrics' bounds: rounding in bfloat16 can leave a probability a little above 1.
        var invalid = Array.FindIndex(values, value => !(value is >= 0 and <= 1.01f));
        if (invalid < 0)
            return;
        throw Invalid(
            model,
            $"An average of probabilities needs values between 0 and 1, but {model.Name} gave {values[invalid]}: its last layer needs the Softmax activation, or none."
        );
    }

    private static ConvNetException Mismatch(Model model, string message) =>
        new(ErrorIds.EnsembleMismatch, ErrorKind.InvalidArgument, message, model);

    private static ConvNetException Invalid(Model model, string message) =>
        new(ErrorIds.PredictionsInvalid, ErrorKind.InvalidData, message, model);
}
