using PSConvNet.Runtime;

namespace PSConvNet;

/// <summary>What a training learns from and what it is validated on, labelled by its model's outputs.</summary>
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
        // A model's file knows outputs by name alone.
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
            // Images without names of their own are labelled as those beside them.
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

    /// <summary>What the model's outputs stand for from this training on.</summary>
    public OutputClasses Classes { get; }

    /// <summary>The training part.</summary>
    public ImageSet Train { get; }

    /// <summary>The images of their own that it is validated on, where there are any.</summary>
    public ImageSet? Validation { get; }

    /// <summary>The training part as a session reads it.</summary>
    public Samples Learned { get; }

    /// <summary>Where the images to validate on are.</summary>
    public Samples Validated { get; }

    /// <summary>Which of <see cref="Learned"/> are trained on; at least one.</summary>
    public int[] Rows { get; }

    /// <summary>How much an image counts in the loss, by its label; null where all count the same.</summary>
    public double[]? ClassWeights { get; }

    /// <summary>Which of <see cref="Validated"/> are validated on.</summary>
    public int[] ValidationRows { get; }

    /// <summary>Brings model, data and options together.</summary>
    /// <param name="model">The model.</param>
    /// <param name="data">The data set.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="renames">Whether the outputs take the names of the data set's classes whatever they are called.</param>
    /// <param name="observer">Is told what is odd, or null.</param>
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
    /// What to say where outputs of a model that has never been trained are of classes without an image to learn from: nothing will have
    /// taught them. A model that is trained further may be shown a part of its classes.
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
                $"{model.Name} has {Train.ClassNames.Count} outputs, and the training images are of {taught.Count} {(taught.Count == 1 ? "class" : "classes")}: no image teaches the {(names.Count == 1 ? "output" : $"{names.Count} outputs")} for {ClassName.Quote(names):text}, and the model learns never to give {(names.Count == 1 ? "that answer" : "those answers")}. Add images of {(names.Count == 1 ? "it" : "these")}, or end the network with as many outputs as there are classes."
            );
    }

    /// <summary>Whether the model's outputs are still called what they were.</summary>
    public bool AreUpToDate(Model model) => ReferenceEquals(_namesBefore, model.ClassNames);
}
