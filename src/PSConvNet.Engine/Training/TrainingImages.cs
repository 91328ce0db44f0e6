namespace PSConvNet.Training;

/// <summary>The images of a training and of its validation, labelled by its model's outputs.</summary>
internal sealed class TrainingImages
{
    private readonly IReadOnlyList<string> _namesBefore;

    private TrainingImages(
        Model model,
        Dataset data,
        TrainingOptions options,
        bool renames,
        ITrainingObserver? observer
    )
    {
        _namesBefore = model.ClassNames;
        var fitted = ModelInput.Fit(model, data.Train, message => observer?.OnMessage(message));
        Classes =
            renames ? OutputClasses.Renamed(model, data.ClassNames)
            : model.ClassNames.Count == 0 ? OutputClasses.Named(model, data.ClassNames)
            : OutputClasses.Of(model, data.Train);
        // In a model's file, names are all that identifies outputs.
        ClassName.RequireDistinct(Classes.Names, data.Name);
        options.Augmentation?.RequireFit(data.Train);
        Train = Classes.Label(data.Train);
        Learned = new Samples(fitted.Pixels, Train.Labels);
        Validated = Learned;
        Rows = [.. Enumerable.Range(0, Train.Count)];
        ValidationRows = [];
        if (options.ValidationData is { } separate)
        {
            fitted = ModelInput.Fit(model, separate, message => observer?.OnMessage(message));
            // Images without class names have the classes of the data set.
            Validation = Classes.Label(separate.ClassNames.Count == 0 ? data.Classes.Label(separate) : separate);
            Validated = new Samples(fitted.Pixels, Validation.Labels);
            ValidationRows = [.. Enumerable.Range(0, fitted.Count)];
            if (ClassList.Unvalidated(Train, Validation) is { } warning)
                observer?.OnWarning(warning);
        }
        else if (options.ValidationSplit > 0)
        {
            var division = StratifiedSplit.Divide(
                Train.Labels.Span,
                Train.ClassNames.Count,
                options.ValidationSplit,
                options.Seed
            );
            (Rows, ValidationRows) = (division.Kept, division.Picked);
            if (division.Warning(Train.ClassNames) is { } without)
                observer?.OnWarning(MessageText.Of($"{data.Name}: {without:text}"));
        }
        if (Rows.Length > 0)
        {
            ClassWeights = options.ClassWeight?.Resolve(Classes, Train.Labels.Span, Rows);
            return;
        }
        throw new ConvNetException(
            ErrorIds.DatasetEmpty,
            ErrorKind.InvalidData,
            $"{data.Name} has no training images: import some, or give a data set that has.",
            data
        );
    }

    /// <summary>The classes of the model's outputs from this training on.</summary>
    public OutputClasses Classes { get; }

    /// <summary>The training part.</summary>
    public ImageSet Train { get; }

    /// <summary>Separate validation images, or null.</summary>
    public ImageSet? Validation { get; }

    /// <summary>The training part in the form that a session reads.</summary>
    public Samples Learned { get; }

    /// <summary>The set that contains the validation images.</summary>
    public Samples Validated { get; }

    /// <summary>The indices of the training images in <see cref="Learned"/>; at least one.</summary>
    public int[] Rows { get; }

    /// <summary>The weight of an image in the loss, by its label; null if all have the same.</summary>
    public double[]? ClassWeights { get; }

    /// <summary>The indices of the validation images in <see cref="Validated"/>.</summary>
    public int[] ValidationRows { get; }

    /// <summary>Labels the images of a data set for a model, and divides them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data set.</param>
    /// <param name="options">The options of the training.</param>
    /// <param name="renames">Whether the outputs get the names of the data set's classes, even if they have others.</param>
    /// <param name="observer">Gets warnings and messages, or null.</param>
    /// <exception cref="ConvNetException">
    /// <c>DataShapeMismatch</c>, <c>ClassCountMismatch</c>, <c>ClassUnknown</c>, <c>AugmentationDoesNotFit</c>, <c>DatasetEmpty</c>.
    /// </exception>
    public static TrainingImages Of(
        Model model,
        Dataset data,
        TrainingOptions options,
        bool renames,
        ITrainingObserver? observer
    ) => new(model, data, options, renames, observer);

    /// <summary>
    /// A warning if a model that has never been trained has outputs for classes without training images; else null. A model that is trained further
    /// may get images of only some of its classes.
    /// </summary>
    public string? Untaught(Model model)
    {
        if (model.Runs.Count > 0 || model.HasWeightsOfFile)
            return null;
        var taught = Train.Labels.ToArray().ToHashSet();
        var names = Train.ClassNames.Where((_, output) => !taught.Contains(output)).ToList();
        return names.Count == 0
            ? null
            : MessageText.Of(
                $"{model.Name} has {Counted.Of(Train.ClassNames.Count, "output"):text}, and the training images are of {Counted.Of(taught.Count, "class"):text}: no image teaches the {(names.Count == 1 ? "output" : $"{names.Count} outputs")} for {ClassName.Quote(names):text}, and the model learns never to give {(names.Count == 1 ? "that answer" : "those answers")}. Add images of {(names.Count == 1 ? "that class" : "these classes")}, or end the network with as many outputs as there are classes."
            );
    }

    /// <summary>Whether the model's outputs still have the same names.</summary>
    public bool AreUpToDate(Model model) => ReferenceEquals(_namesBefore, model.ClassNames);
}
