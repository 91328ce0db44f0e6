using System.Globalization;

namespace PSConvNet;

/// <summary>Numbers with their nouns, as sentences have them: <c>1 epoch</c>, <c>60,000 images</c>.</summary>
internal static class Counted
{
    /// <summary>A number with its noun, which gets an s where there is not exactly one, and es after an s.</summary>
    /// <param name="number">The number.</param>
    /// <param name="noun">The noun for one: <c>image</c>, <c>class</c>.</param>
    public static string Of(long number, string noun) =>
        Of(number, noun, noun.EndsWith('s') ? noun + "es" : noun + "s");

    /// <summary>A number with its noun.</summary>
    /// <param name="number">The number.</param>
    /// <param name="one">The noun for one: <c>picture that lies</c>.</param>
    /// <param name="several">The noun for several: <c>pictures that lie</c>.</param>
    public static string Of(long number, string one, string several) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? one : several)}");

    /// <summary>The same for a number of epochs, which may have a fraction.</summary>
    public static string Epochs(double number) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {(number == 1 ? "epoch" : "epochs")}");
}
