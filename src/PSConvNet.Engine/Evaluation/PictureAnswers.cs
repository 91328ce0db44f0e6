namespace PSConvNet.Evaluation;

/// <summary>A model's answers to pictures of a folder, judged by the names of the folders in it where these are the model's classes.</summary>
internal static class PictureAnswers
{
    /// <summary>The answers, in the pictures' order; each has its picture's path as its source.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="images">The same as the model gets them.</param>
    /// <param name="options">How, or null for the usual way.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ConvNetException">As <see cref="Prediction.Of(Model, ImageSet, IReadOnlyList{object}?, bool, PredictionOptions?, CancellationToken)"/>.</exception>
    public static IReadOnlyList<Prediction> Of(
        Model model,
        IReadOnlyList<FolderPicture> pictures,
        ImageSet images,
        PredictionOptions? options = null,
        CancellationToken cancellation = default
    ) =>
        [
            .. Prediction
                .Of(
                    model,
                    images,
                    [.. pictures.Select(picture => picture.Path)],
                    truthKnown: false,
                    options,
                    cancellation
                )
                .Zip(
                    pictures,
                    (answer, picture) => picture.ClassName is { } name ? answer.WithTruth(name, model) : answer
                ),
        ];

    /// <summary>How many answers are wrong of those whose truth is known; where none is, how many there are.</summary>
    public static string Summary(Model model, IReadOnlyCollection<Prediction> answers)
    {
        ArgumentNullException.ThrowIfNull(model);
        var judged = answers.Count(answer => answer.Truth is not null);
        return judged == 0
            ? FormattableString.Invariant($"{model.Name} on {Counted.Of(answers.Count, "picture")}")
            : FormattableString.Invariant(
                $"{model.Name}: {answers.Count(answer => answer.IsCorrect == false):N0} of {judged:N0} wrong"
            );
    }
}
