using System.Text.Json.Serialization;

namespace PSConvNet.Sweeps;

/// <summary>One of several values: texts, numbers, true or false.</summary>
public sealed record ChoiceParameter : SweepParameter
{
    /// <summary>Takes the values in the order given.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="values">One at least, no two alike.</param>
    /// <exception cref="ConvNetException"><c>SweepSpaceInvalid</c>.</exception>
    public ChoiceParameter(string name, IReadOnlyList<object> values)
        : base(name)
    {
        if (values is not { Count: > 0 })
            throw Invalid(name, "a choice needs at least one value");
        Values = values.Select(value => SweepValue.Normal(value) ?? throw Invalid(name, NoValue(value))).ToArray();
        foreach (var text in Values.OfType<string>())
        {
            if (PrintableText.Of(text, lines: true) is var printable && printable != text)
            {
                throw Invalid(
                    name,
                    $"'{printable}' has control characters or invisible ones; use a name as the value, and make the text in the script block"
                );
            }
        }
        if (Values.Distinct().Count() < Values.Count)
            throw Invalid(name, "two of its values are the same");
    }

    /// <summary>The values.</summary>
    [JsonInclude]
    [Signed]
    [JsonConverter(typeof(SweepValue.ListConverter))]
    public IReadOnlyList<object> Values { get; private init; }

    /// <inheritdoc />
    public override bool IsCategorical => true;

    /// <inheritdoc />
    public override int? Count => Values.Count;

    /// <inheritdoc />
    public override string Range => string.Join(", ", Values.Select(SweepValue.ToText));

    /// <inheritdoc />
    public override object At(double unit) => Values[Math.Clamp((int)(unit * Values.Count), 0, Values.Count - 1)];

    /// <inheritdoc />
    public override double UnitOf(object value) => (IndexOf(value) + 0.5) / Values.Count;

    /// <inheritdoc />
    public override IReadOnlyList<object> Grid(int most) => Values;

    /// <inheritdoc />
    public override object Read(object value) => Values[IndexOf(value)];

    /// <summary>The place of a value among <see cref="Values"/>.</summary>
    /// <exception cref="ConvNetException"><c>SweepValueInvalid</c>.</exception>
    public int IndexOf(object value)
    {
        var normal = SweepValue.Normal(value);
        for (var i = 0; i < Values.Count; i++)
        {
            if (Values[i].Equals(normal))
                return i;
        }
        throw NotOne(value);
    }

    private protected override bool IsWrittenLikeOne(object? value) =>
        Values.Any(one => SweepValue.ToText(one) == SweepValue.ToText(value));

    /// <inheritdoc />
    public bool Equals(ChoiceParameter? other) => base.Equals(other) && Values.SequenceEqual(other.Values);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Values.Count, Values[0]);

    private static string NoValue(object? value) =>
        $"'{value ?? "null"}' ({value?.GetType().Name ?? "nothing"}) isn't text, a finite number (whole ones up to 9007199254740992), true or false, and a study's file can store nothing else; use a name as the value, and make the object in the script block";
}
