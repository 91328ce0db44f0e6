namespace PSConvNet.Evaluation;

/// <summary>
/// The one rule for everything that reads a model's outputs: where one isn't a finite number there is no answer, only an error.
/// <see cref="Predictor"/> applies it, so that predictions, measurements, comparisons, ensembles, reports and pictures agree.
/// </summary>
internal static class FiniteAnswers
{
    /// <summary>Refuses outputs that are not finite.</summary>
    /// <param name="model">The model.</param>
    /// <param name="outputs">Its outputs, row after row.</param>
    /// <param name="width">Outputs per image.</param>
    /// <param name="first">The number of the first image.</param>
    /// <exception cref="ConvNetException"><c>PredictionsInvalid</c>.</exception>
    public static void RequireOutputs(Model model, ReadOnlySpan<float> outputs, int width, int first)
    {
        for (var place = 0; place < outputs.Length; place++)
        {
            if (float.IsFinite(outputs[place]))
                continue;
            throw new ConvNetException(
                ErrorIds.PredictionsInvalid,
                ErrorKind.InvalidData,
                $"{model.Name} can't answer: its output {place % width} for image {first + place / width} is {outputs[place]}, which isn't a finite number. Its weights have grown too large: train it again with a lower learning rate.",
                model
            );
        }
    }
}
