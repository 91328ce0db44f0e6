using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace PSConvNet.Sweeps;

/// <summary>
/// A value for each parameter that is active: what a trial is run with. In the order of the names; upper and lower case don't differ.
/// Equal by value.
/// </summary>
[JsonConverter(typeof(SweepValue.PointConverter))]
public sealed class SweepPoint : ReadOnlyDictionary<string, object>, IEquatable<SweepPoint>
{
    /// <summary>Takes the values.</summary>
    /// <exception cref="ConvNetException"><c>SweepValueInvalid</c>: a value of another type, or a name that comes twice.</exception>
    public SweepPoint(IEnumerable<KeyValuePair<string, object>> values)
        : base(Sorted(values)) { }

    /// <summary>The point without anything.</summary>
    public static new SweepPoint Empty { get; } = new([]);

    /// <inheritdoc />
    public bool Equals(SweepPoint? other) =>
        other is not null
        && Count == other.Count
        && this.All(pair => other.TryGetValue(pair.Key, out var value) && value.Equals(pair.Value));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as SweepPoint);

    /// <inheritdoc />
    public override int GetHashCode() =>
        this.Aggregate(
            Count,
            (hash, pair) => hash ^ HashCode.Combine(StringComparer.OrdinalIgnoreCase.GetHashCode(pair.Key), pair.Value)
        );

    /// <summary><c>Filters 32, LearningRate 0.001234</c></summary>
    public override string ToString() =>
        string.Join(", ", this.Select(pair => $"{PrintableText.Of(pair.Key)} {SweepValue.ToShortText(pair.Value)}"));

    private static SortedDictionary<string, object> Sorted(IEnumerable<KeyValuePair<string, object>> values)
    {
        var sorted = new SortedDictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in values)
        {
            var normal = SweepValue.Normal(value);
            if (normal is string text)
                normal = PrintableText.Of(text, lines: true);
            if (normal is null || !sorted.TryAdd(name, normal))
            {
                throw new ConvNetException(
                    ErrorIds.SweepValueInvalid,
                    ErrorKind.InvalidArgument,
                    $"{name} can't be {SweepValue.ToText(value)}: a parameter has one value, a text, a finite number, true or false.",
                    value
                );
            }
        }
        return sorted;
    }
}
