using System.Text.Json.Serialization;

namespace PSConvNet.Sweeps;

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
            throw Invalid(name, $"its step must be at least 1, not {step}");
        (Low, High, Step) = (low, high, step);
    }

    /// <summary>The lowest number.</summary>
    [JsonInclude]
    [Signed]
    public int Low { get; private init; }

    /// <summary>No number is above it.</summary>
    [JsonInclude]
    [Signed]
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
