using System.Text.Json.Serialization;

namespace PSConvNet.Sweeps;

/// <summary>A number of a range, on some scale.</summary>
public abstract record RangeParameter : SweepParameter
{
    private protected RangeParameter(string name, double low, double high)
        : base(name) => (Low, High) = (low, high);

    /// <summary>The lower end.</summary>
    [JsonInclude]
    public double Low { get; private init; }

    /// <summary>The upper end.</summary>
    [JsonInclude]
    public double High { get; private init; }

    /// <inheritdoc />
    public sealed override bool IsCategorical => false;

    /// <inheritdoc />
    public sealed override int? Count => null;

    /// <inheritdoc />
    public override string Range => $"{SweepValue.ToText(Low)} to {SweepValue.ToText(High)}";

    /// <inheritdoc />
    public sealed override IReadOnlyList<object> Grid(int most) =>
        most <= 1 ? [At(0.5)] : Enumerable.Range(0, most).Select(i => At((double)i / (most - 1))).ToArray();

    /// <inheritdoc />
    public sealed override object Read(object value) =>
        SweepValue.Number(value) is { } number && number >= Low && number <= High ? number : throw NotOne(value);
}

/// <summary>A number of a range.</summary>
public sealed record UniformParameter : RangeParameter
{
    /// <summary>Takes the range.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="low">The lower end.</param>
    /// <param name="high">The upper end, above <paramref name="low"/>.</param>
    /// <exception cref="ConvNetException"><c>SweepSpaceInvalid</c>.</exception>
    public UniformParameter(string name, double low, double high)
        : base(name, low, high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || low >= high || !double.IsFinite(high - low))
            throw Invalid(name, $"a range goes from a lower to a higher number, not from {low} to {high}");
    }

    /// <inheritdoc />
    public override object At(double unit) => Math.Clamp(Low + unit * (High - Low), Low, High);

    /// <inheritdoc />
    public override double UnitOf(object value) => ((double)Read(value) - Low) / (High - Low);
}

/// <summary>A number of a range whose logarithm is evenly spread: for what counts by factors, such as a learning rate.</summary>
public sealed record LogUniformParameter : RangeParameter
{
    /// <summary>Takes the range.</summary>
    /// <param name="name">The parameter's name.</param>
    /// <param name="low">The lower end, above 0.</param>
    /// <param name="high">The upper end, above <paramref name="low"/>.</param>
    /// <exception cref="ConvNetException"><c>SweepSpaceInvalid</c>.</exception>
    public LogUniformParameter(string name, double low, double high)
        : base(name, low, high)
    {
        if (!(low > 0) || !double.IsFinite(high) || low >= high)
        {
            throw Invalid(
                name,
                $"a range on a logarithmic scale goes from a number above 0 to a higher one, not from {low} to {high}"
            );
        }
    }

    /// <inheritdoc />
    public override string Range => base.Range + " (log)";

    private double LogLow => Math.Log(Low);

    private double LogWidth => Math.Log(High) - LogLow;

    /// <inheritdoc />
    public override object At(double unit) =>
        // The ends exactly: powers of logarithms miss them by a bit.
        unit <= 0
            ? Low
        : unit >= 1 ? High
        : Math.Clamp(Math.Exp(LogLow + unit * LogWidth), Low, High);

    /// <inheritdoc />
    public override double UnitOf(object value) => (Math.Log((double)Read(value)) - LogLow) / LogWidth;
}
