namespace PSConvNet.Models;

/// <summary>
/// Tells weights that nothing can be computed with: NaN, infinity, a variance below 0. Files may have them and can be given them; a training can't
/// begin with them.
/// </summary>
internal static class UsableWeights
{
    private const int MostNamed = 10;

    /// <summary>A sentence that names the parameters with such values, and how many they are; null if there are none.</summary>
    /// <param name="model">The model.</param>
    public static string? Warning(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Faults(model, model.Store.Values) is { } faults
            ? ConvNetException.Printable(
                $"{model.Name} can't answer with these weights: {faults}. Its training diverged, or they come from a damaged file."
            )
            : null;
    }

    /// <summary>
    /// Refuses to answer with such values. The outputs alone would not show all of them: a maximum can pass over what isn't a number, and a
    /// sigmoid makes 1 of infinity.
    /// </summary>
    /// <exception cref="ConvNetException"><c>PredictionsInvalid</c>.</exception>
    internal static void RequireToAnswer(Model model)
    {
        if (Faults(model, model.Store.Values) is not { } faults)
            return;
        throw new ConvNetException(
            ErrorIds.PredictionsInvalid,
            ErrorKind.InvalidData,
            $"{model.Name} can't answer: {faults:text}. Its training diverged, or its weights come from a damaged file: train it again with a lower learning rate, or import other weights.",
            model
        );
    }

    /// <summary>Refuses to train a model that begins with such values: no loss could be a number, whatever the learning rate.</summary>
    /// <param name="model">The model.</param>
    /// <param name="values">What it begins with.</param>
    /// <exception cref="ConvNetException"><c>WeightsInvalid</c>.</exception>
    internal static void RequireToTrain(Model model, ReadOnlySpan<float> values)
    {
        if (Faults(model, values) is not { } faults)
            return;
        throw new ConvNetException(
            ErrorIds.WeightsInvalid,
            ErrorKind.InvalidData,
            $"{model.Name} can't be trained with the weights that it has: {faults:text}. Import other weights with WeightsFile.Load, or draw new ones with Model.CopyUntrained.",
            model
        );
    }

    private static string? Faults(Model model, ReadOnlySpan<float> values)
    {
        var (named, others) = (new List<string>(), 0);
        foreach (var slot in model.Store.Slots)
        {
            var (notFinite, tooLow) = Count(values.Slice(slot.Offset, slot.Length), slot.Spec.Least);
            if (notFinite + tooLow == 0)
                continue;
            if (named.Count == MostNamed)
                others++;
            else
                named.Add(Fault(slot, notFinite, tooLow));
        }
        if (named.Count == 0)
            return null;
        return string.Join(", ", named)
            + (others > 0 ? FormattableString.Invariant($" and {others} more parameters") : "");
    }

    private static string Fault(ParameterSlot slot, int notFinite, int tooLow) =>
        FormattableString.Invariant(
            tooLow == 0
                ? (FormattableString)$"{slot.Name} has {notFinite} of {slot.Length} values that aren't finite"
                : $"{slot.Name} has {notFinite + tooLow} of {slot.Length} values that aren't finite or are below {slot.Spec.Least}"
        );

    // Not a number is neither above nor below anything.
    private static (int NotFinite, int TooLow) Count(ReadOnlySpan<float> values, float least)
    {
        var (notFinite, tooLow) = (0, 0);
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                notFinite++;
            else if (value < least)
                tooLow++;
        }
        return (notFinite, tooLow);
    }
}
