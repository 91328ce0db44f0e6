using System.Text.Json.Serialization;

namespace PSConvNet;

/// <summary>
/// One thing that a sweep varies: its name and what it may be. Immutable. Every kind is a map from the unit interval to values, so that
/// samplers need not know the kinds.
/// </summary>
/// <remarks>Its settings have private setters for the sake of files alone, which pass over what can't be set.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ChoiceParameter), "Choice")]
[JsonDerivedType(typeof(IntegerParameter), "Integer")]
[JsonDerivedType(typeof(UniformParameter), "Uniform")]
[JsonDerivedType(typeof(LogUniformParameter), "LogUniform")]
public abstract record SweepParameter
{
    private protected SweepParameter(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
            throw Invalid(name, "a parameter needs a name, such as LearningRate");
        Name = name;
    }

    /// <summary>Its name; upper and lower case don't differ.</summary>
    [JsonInclude]
    public string Name { get; private init; }

    /// <summary>Whether its values have no order, so that none lies between two others.</summary>
    [JsonIgnore]
    public abstract bool IsCategorical { get; }

    /// <summary>How many values there are; null where there is a continuum.</summary>
    [JsonIgnore]
    public abstract int? Count { get; }

    /// <summary>The value at a place in the unit interval; equal stretches of it are equally likely values.</summary>
    /// <param name="unit">From 0 to below 1.</param>
    public abstract object At(double unit);

    /// <summary>Where in the unit interval a value lies: for one of several values the middle of its stretch.</summary>
    /// <exception cref="ConvNetException"><c>SweepValueInvalid</c>: it is none of this parameter's values.</exception>
    public abstract double UnitOf(object value);

    /// <summary>The values a grid has: all of them where they are few, else so many, evenly spread, both ends included.</summary>
    /// <param name="most">The most of a range; choices are all taken.</param>
    public abstract IReadOnlyList<object> Grid(int most);

    /// <summary>What it may be, in words: <c>16, 32, 64</c>, <c>0.0001 to 0.01 (log)</c>.</summary>
    [JsonIgnore]
    public abstract string Range { get; }

    /// <summary>The value in the type this parameter has: files keep a whole number without its point.</summary>
    /// <exception cref="ConvNetException"><c>SweepValueInvalid</c>: it is none of this parameter's values.</exception>
    public abstract object Read(object value);

    /// <inheritdoc />
    public virtual bool Equals(SweepParameter? other) =>
        other is not null
        && EqualityContract == other.EqualityContract
        && Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    /// <summary>Name and range.</summary>
    public sealed override string ToString() => $"{Name}: {Range}";

    private protected static ConvNetException Invalid(string? name, string problem) =>
        new(
            "SweepSpaceInvalid",
            ErrorKind.InvalidArgument,
            $"{(string.IsNullOrWhiteSpace(name) ? "A sweep parameter" : name)} can't be swept: {problem}.",
            name
        );

    private protected ConvNetException NotOne(object? value) =>
        new(
            "SweepValueInvalid",
            ErrorKind.InvalidData,
            $"{Name} can't be {SweepValue.ToText(value)}: it is one of {Range}.",
            value
        );
}

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
        if (Values.Distinct().Count() < Values.Count)
            throw Invalid(name, "two of its values are the same");
    }

    /// <summary>The values.</summary>
    [JsonInclude]
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

    /// <inheritdoc />
    public bool Equals(ChoiceParameter? other) => base.Equals(other) && Values.SequenceEqual(other.Values);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Values.Count, Values[0]);

    private static string NoValue(object? value) =>
        $"'{value ?? "null"}' ({value?.GetType().Name ?? "nothing"}) is no text, finite number, true or false, and a study's file can keep nothing else; choose a name, and make the object in the script block";
}

/// <summary>A whole number of a range.</summary>
public sealed record IntegerParameter : SweepParameter
{
    private const int Most = 1_000_000_000;

    /// <summary>Takes the range.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="low">The lowest number.</param>
    /// <param name="high">The highest, at least <paramref name="low"/>; not reached where no step ends there.</param>
    /// <param name="step">From one number to the next, at least 1.</param>
    /// <exception cref="ConvNetException"><c>SweepSpaceInvalid</c>.</exception>
    public IntegerParameter(string name, int low, int high, int step = 1)
        : base(name)
    {
        if (low < -Most || high > Most || low > high)
            throw Invalid(name, $"a range goes from a lower to a higher number, not from {low} to {high}");
        if (step < 1)
            throw Invalid(name, $"its step is at least 1, not {step}");
        (Low, High, Step) = (low, high, step);
    }

    /// <summary>The lowest number.</summary>
    [JsonInclude]
    public int Low { get; private init; }

    /// <summary>No number is above it.</summary>
    [JsonInclude]
    public int High { get; private init; }

    /// <summary>From one number to the next.</summary>
    [JsonInclude]
    public int Step { get; private init; }

    /// <inheritdoc />
    public override bool IsCategorical => false;

    /// <inheritdoc />
    public override int? Count => (High - Low) / Step + 1;

    /// <inheritdoc />
    public override string Range => Step == 1 ? $"{Low} to {High}" : $"{Low} to {High} by {Step}";

    /// <inheritdoc />
    public override object At(double unit) => Number(Math.Clamp((int)(unit * Count!.Value), 0, Count.Value - 1));

    /// <inheritdoc />
    public override double UnitOf(object value) => (((int)Read(value) - Low) / Step + 0.5) / Count!.Value;

    /// <inheritdoc />
    public override IReadOnlyList<object> Grid(int most)
    {
        var (count, all) = (Math.Min(Math.Max(most, 1), Count!.Value), Count.Value);
        return Enumerable
            .Range(0, count)
            .Select(i => Number(count == 1 ? 0 : (int)Math.Round((double)i * (all - 1) / (count - 1))))
            .ToArray();
    }

    /// <inheritdoc />
    public override object Read(object value) =>
        SweepValue.Normal(value) is int number && number >= Low && number <= High && (number - Low) % Step == 0
            ? number
            : throw NotOne(value);

    private object Number(int index) => Low + index * Step;
}

/// <summary>A number of a range.</summary>
public sealed record UniformParameter : SweepParameter
{
    /// <summary>Takes the range.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end, above <paramref name="low"/>.</param>
    /// <exception cref="ConvNetException"><c>SweepSpaceInvalid</c>.</exception>
    public UniformParameter(string name, double low, double high)
        : base(name)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low >= high || !double.IsFinite(high - low))
            throw Invalid(name, $"a range goes from a lower to a higher number, not from {low} to {high}");
        (Low, High) = (low, high);
    }

    /// <summary>The lower end.</summary>
    [JsonInclude]
    public double Low { get; private init; }

    /// <summary>The upper end.</summary>
    [JsonInclude]
    public double High { get; private init; }

    /// <inheritdoc />
    public override bool IsCategorical => false;

    /// <inheritdoc />
    public override int? Count => null;

    /// <inheritdoc />
    public override string Range => $"{SweepValue.ToText(Low)} to {SweepValue.ToText(High)}";

    /// <inheritdoc />
    public override object At(double unit) => Math.Clamp(Low + unit * (High - Low), Low, High);

    /// <inheritdoc />
    public override double UnitOf(object value) => ((double)Read(value) - Low) / (High - Low);

    /// <inheritdoc />
    public override IReadOnlyList<object> Grid(int most) => Spread.Over(most, At);

    /// <inheritdoc />
    public override object Read(object value) =>
        SweepValue.Number(value) is { } number && number >= Low && number <= High ? number : throw NotOne(value);
}

/// <summary>A number of a range whose logarithm is evenly spread: for what counts by factors, such as a learning rate.</summary>
public sealed record LogUniformParameter : SweepParameter
{
    /// <summary>Takes the range.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="low">The lower end, above 0.</param>
    /// <param name="high">The upper end, above <paramref name="low"/>.</param>
    /// <exception cref="ConvNetException"><c>SweepSpaceInvalid</c>.</exception>
    public LogUniformParameter(string name, double low, double high)
        : base(name)
    {
        if (!(low > 0) || !double.IsFinite(high) || low >= high)
        {
            throw Invalid(
                name,
                $"a range on a logarithmic scale goes from a number above 0 to a higher one, not from {low} to {high}"
            );
        }
        (Low, High) = (low, high);
    }

    /// <summary>The lower end.</summary>
    [JsonInclude]
    public double Low { get; private init; }

    /// <summary>The upper end.</summary>
    [JsonInclude]
    public double High { get; private init; }

    /// <inheritdoc />
    public override bool IsCategorical => false;

    /// <inheritdoc />
    public override int? Count => null;

    /// <inheritdoc />
    public override string Range => $"{SweepValue.ToText(Low)} to {SweepValue.ToText(High)} (log)";

    /// <inheritdoc />
    public override object At(double unit) =>
        // The ends exactly: powers of logarithms miss them by a bit.
        unit <= 0
            ? Low
        : unit >= 1 ? High
        : Math.Clamp(Math.Exp(Math.Log(Low) + unit * (Math.Log(High) - Math.Log(Low))), Low, High);

    /// <inheritdoc />
    public override double UnitOf(object value) =>
        (Math.Log((double)Read(value)) - Math.Log(Low)) / (Math.Log(High) - Math.Log(Low));

    /// <inheritdoc />
    public override IReadOnlyList<object> Grid(int most) => Spread.Over(most, At);

    /// <inheritdoc />
    public override object Read(object value) =>
        SweepValue.Number(value) is { } number && number >= Low && number <= High ? number : throw NotOne(value);
}

/// <summary>Places in the unit interval, both ends included.</summary>
file static class Spread
{
    public static IReadOnlyList<object> Over(int count, Func<double, object> at) =>
        count <= 1 ? [at(0.5)] : Enumerable.Range(0, count).Select(i => at((double)i / (count - 1))).ToArray();
}
