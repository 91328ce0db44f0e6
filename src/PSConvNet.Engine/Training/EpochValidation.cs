namespace PSConvNet.Training;

/// <summary>The result of a validation; empty without validation images.</summary>
/// <param name="Loss">The mean loss, or null.</param>
/// <param name="Accuracy">The accuracy, 0 to 1, or null.</param>
/// <param name="Answers">The answers by class, where they were asked for, or null.</param>
internal sealed record ValidationResult(double? Loss, double? Accuracy, ValidationAnswers? Answers);

/// <summary>Measures a model on the validation images of its training.</summary>
/// <param name="images">The images of the training.</param>
/// <param name="loss">The loss, without class weights.</param>
internal sealed class EpochValidation(TrainingImages images, LossFunction loss)
{
    private const int ImagesPerRound = 2048;

    /// <summary>Measures the weights as they are.</summary>
    /// <param name="session">The session of the training.</param>
    /// <param name="withAnswers">Whether answers are counted by class.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The result; null if it was stopped.</returns>
    public ValidationResult? Measure(Session session, bool withAnswers, CancellationToken cancellation)
    {
        var (rows, outputSize) = (images.ValidationRows, session.OutputSize);
        if (rows.Length == 0)
            return new(null, null, null);
        var answers = withAnswers
            ? new ValidationAnswers(
                ClassName.Complete(images.Classes.Names, outputSize),
                new int[outputSize, outputSize]
            )
            : null;
        var (sum, correct) = (0.0, 0L);
        var outputs = new float[ImagesPerRound * outputSize];
        var labels = new int[ImagesPerRound];
        for (var done = 0; done < rows.Length; done += ImagesPerRound)
        {
            if (cancellation.IsCancellationRequested)
                return null;
            var round = rows.AsMemory(done, Math.Min(ImagesPerRound, rows.Length - done));
            session.Infer(images.Validated.Pixels, round, outputs);
            for (var i = 0; i < round.Length; i++)
                labels[i] = images.Validated.Labels.Span[round.Span[i]];
            var share = loss.Compute(outputs, labels.AsSpan(0, round.Length), outputSize, round.Length, []);
            sum += share.Sum;
            correct += share.Correct;
            for (var i = 0; answers is not null && i < round.Length; i++)
                answers.Counts[labels[i], ArgMax.Of(outputs.AsSpan(i * outputSize, outputSize))]++;
        }
        return new(sum / rows.Length, (double)correct / rows.Length, answers);
    }
}
