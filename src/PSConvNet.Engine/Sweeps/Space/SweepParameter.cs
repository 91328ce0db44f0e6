using System.Text.Json.Serialization;

namespace PSConvNet.Sweeps;

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
        if (PrintableText.Of(name) is var printable && printable != name)
            throw Invalid(printable, "its name has control characters or invisible ones");
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

    internal static ConvNetException Invalid(string? name, string problem) =>
        new(
            ErrorIds.SweepSpaceInvalid,
            ErrorKind.InvalidArgument,
            $"{(string.IsNullOrWhiteSpace(name) ? "A sweep parameter" : name)} can't be swept: {problem:text}.",
            name
        );

    private protected ConvNetException NotOne(object? value) =>
        new(
            ErrorIds.SweepValueInvalid,
            ErrorKind.InvalidData,
            IsWrittenLikeOne(value)
                ? $"{Name} can't be {SweepValue.ToText(value)} as {SweepValue.KindOf(value)}: it is one of {Range}, none of which is that."
                : $"{Name} can't be {SweepValue.ToText(value)}: it is one of {Range}.",
            value
        );

    /// <summary>Whether one of its values looks like another one that is of another kind: 16 and the text "16".</summary>
    private protected virtual bool IsWrittenLikeOne(object? value) => false;
}
