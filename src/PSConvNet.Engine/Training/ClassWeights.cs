using System.Collections.Immutable;

namespace PSConvNet;

/// <summary>
/// How much each class counts in a training's loss: as its images are rare (<see cref="Balanced"/>), or as somebody says, by the classes' names.
/// Immutable, and equal by value.
/// </summary>
/// <remarks>
/// An image's loss, and with it its gradient, is multiplied by the weight of the image's class, whatever is made of its label (label smoothing
/// spreads the target, not the weight). The weights are scaled first so that their mean over the images that are trained on is 1: only their
/// ratios count, a step is as long on average as without weights, and the loss of a whole epoch is Σ w·loss / Σ w, the weighted mean. A batch's
/// loss is Σ w·loss / images, as Keras has it. PyTorch divides each batch by its own Σ w, which takes the effect from small batches: in a batch
/// of one image its weight would cancel.
/// </remarks>
public sealed class ClassWeights : IEquatable<ClassWeights>
{
    private const double Least = 1e-6;
    private const double Most = 1e6;
    private const string BalancedName = "Balanced";

    private ClassWeights(ImmutableSortedDictionary<string, double>? weights) => Weights = weights;

    /// <summary>
    /// As scikit-learn's: n / (k · n_c) for a class with n_c of the n training images, of which k classes have some. All classes count the same
    /// in sum.
    /// </summary>
    public static ClassWeights Balanced { get; } = new(null);

    /// <summary>Whether they follow from the images: <see cref="Balanced"/>.</summary>
    public bool IsBalanced => Weights is null;

    /// <summary>The weights that were given, by name; a class that isn't named counts 1. Null where they follow from the images.</summary>
    public IReadOnlyDictionary<string, double>? Weights { get; }

    /// <summary>Weights by the classes' names.</summary>
    /// <param name="weights">At least one name, each with a weight from 1e-6 to 1e6.</param>
    /// <exception cref="ConvNetException"><c>TrainingOptionInvalid</c>; <c>ClassNameDuplicate</c>: two names are one in Unicode.</exception>
    public static ClassWeights Of(IEnumerable<KeyValuePair<string, double>> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var given = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var (name, weight) in weights)
        {
            if (!(weight is >= Least and <= Most))
            {
                throw Invalid(
                    FormattableString.Invariant(
                        $"The weight of the class '{name}' must be from 0.000001 to 1000000, not {weight}; to leave a class out, leave its images out."
                    ),
                    weight
                );
            }
            if (!given.TryAdd(ClassName.Normal(name), weight))
                throw ClassName.Duplicate(name, "the class weights");
        }
        return given.Count > 0
            ? new ClassWeights(given.ToImmutable())
            : throw Invalid("There are no class weights: name a class, or give Balanced.", weights);
    }

    /// <summary>Reads what has a name.</summary>
    /// <param name="name"><c>Balanced</c>; <c>None</c> for no weights.</param>
    /// <exception cref="ConvNetException"><c>TrainingOptionInvalid</c>.</exception>
    public static ClassWeights? Parse(string name) =>
        BalancedName.Equals(name?.Trim(), StringComparison.OrdinalIgnoreCase) ? Balanced
        : "None".Equals(name?.Trim(), StringComparison.OrdinalIgnoreCase) ? null
        : throw Invalid($"Class weights can't be '{name}': give Balanced, None, or ClassWeights.Of.", name);

    /// <summary>The weight of each output's class, scaled to a mean of 1 over the images that are trained on.</summary>
    /// <param name="classes">What the outputs stand for.</param>
    /// <param name="labels">The images' labels, by these outputs.</param>
    /// <param name="rows">Which of them are trained on; at least one.</param>
    /// <exception cref="ConvNetException"><c>ClassUnknown</c>: a name that the model doesn't know.</exception>
    internal double[] Resolve(OutputClasses classes, ReadOnlySpan<int> labels, ReadOnlySpan<int> rows)
    {
        var counts = new long[classes.Count];
        foreach (var row in rows)
            counts[labels[row]]++;
        var weights = new double[counts.Length];
        Array.Fill(weights, 1);
        if (Weights is null)
        {
            double present = counts.Count(count => count > 0);
            for (var i = 0; i < counts.Length; i++)
                weights[i] = counts[i] > 0 ? rows.Length / (present * counts[i]) : 1;
            return weights;
        }
        foreach (var (name, weight) in Weights)
            weights[classes.Place(name, "TrainingOptions.ClassWeight")] = weight;
        var mean = counts.Zip(weights, (count, weight) => count * weight).Sum() / rows.Length;
        return Array.ConvertAll(weights, weight => weight / mean);
    }

    /// <inheritdoc />
    public bool Equals(ClassWeights? other) =>
        other is not null
        && (
            Weights is null ? other.Weights is null : other.Weights is not null && Weights.SequenceEqual(other.Weights)
        );

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ClassWeights);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary>The weights on one line.</summary>
    public override string ToString() =>
        Weights is null
            ? BalancedName
            : string.Join(", ", Weights.Select(pair => FormattableString.Invariant($"{pair.Key} {pair.Value}")));

    private static ConvNetException Invalid(string message, object? target) =>
        new(ErrorIds.TrainingOptionInvalid, ErrorKind.InvalidArgument, message, target);
}
