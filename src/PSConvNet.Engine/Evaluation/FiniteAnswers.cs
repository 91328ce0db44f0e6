using PSConvNet.Runtime;

namespace PSConvNet;

/// <summary>
/// The one rule for everything that reads a model's outputs: where a weight or an output is not a finite number there is no answer, only
/// an error. <see cref="Predictor"/> applies it, so that predictions, measurements, comparisons, ensembles, reports and pictures agree.
/// </summary>
internal static class FiniteAnswers
{
    /// <summary>
    /// Refuses weights that no answer can come from. The outputs alone would not show all of them: a maximum can pass over what is not a
    /// number, and a sigmoid makes 1 of infinity.
    /// </summary>
    /// <exception cref="ConvNetException"><c>PredictionsInvalid</c>.</exception>
    public static void RequireWeights(Model model)
    {
        foreach (var slot in model.Store.Slots)
        {
            var values = model.Store.Span(slot);
            if (Find(values, slot.Spec.Least) is not (>= 0 and var place))
                continue;
            var what = float.IsFinite(values[place]) ? $"at least {slot.Spec.Least}" : "a finite number";
            throw Invalid(
                model,
                $"{model.Name} can't answer: value {place} of its parameter {slot.Name} is {Text(values[place])}, which isn't {what}. Its training diverged, or its weights come from a damaged file: train it again with a lower learning rate, or import other weights."
            );
        }
    }

    /// <summary>Refuses outputs that are not finite.</summary>
    /// <param name="model">The model.</param>
    /// <param name="outputs">Its outputs, row after row.</param>
    /// <param name="width">Outputs per image.</param>
    /// <param name="first">The number of the first image.</param>
    /// <exception cref="ConvNetException"><c>PredictionsInvalid</c>.</exception>
    public static void RequireOutputs(Model model, ReadOnlySpan<float> outputs, int width, int first)
    {
        if (Find(outputs, float.MinValue) is not (>= 0 and var place))
            return;
        throw Invalid(
            model,
            $"{model.Name} can't answer: its output {place % width} for image {first + place / width} is {Text(outputs[place])}, which isn't a finite number. Its weights have grown too large: train it again with a lower learning rate."
        );
    }

    // Not a number is neither above nor below anything.
    private static int Find(ReadOnlySpan<float> values, float least)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= least && values[i] <= float.MaxValue))
                return i;
        }
        return -1;
    }

    private static string Text(float value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static ConvNetException Invalid(Model model, string message) =>
        new("PredictionsInvalid", ErrorKind.InvalidData, message, model);
}
