using System.Globalization;

namespace PSConvNet.Drawing;

/// <summary>An axis of numbers: where each lies from 0 to 1, and which are written at it.</summary>
internal sealed class ValueAxis
{
    // From this factor between the least and the most on, a loss is shown by its logarithm.
    private const double MostLinear = 50;

    private static readonly int[] s_digits = [1, 2, 5, 10];

    private readonly double _low;
    private readonly double _high;
    private readonly bool _percent;

    private ValueAxis(double low, double high, bool logarithmic, bool percent)
    {
        (_percent, Logarithmic) = (percent, logarithmic);
        (_low, _high) = logarithmic ? (Math.Log10(low), Math.Log10(high)) : (low, high);
    }

    /// <summary>Whether equal stretches are equal factors.</summary>
    public bool Logarithmic { get; }

    /// <summary>The axis that shows what trials came to, with a little room at both ends.</summary>
    /// <param name="values">Finite numbers; may be none.</param>
    /// <param name="objective">What they are of.</param>
    public static ValueAxis Of(IReadOnlyCollection<double> values, SweepObjective objective)
    {
        var (low, high) = values.Count == 0 ? (0, 1) : (values.Min(), values.Max());
        if (objective == SweepObjective.Loss && low > 0 && high / low > MostLinear)
        {
            var room = Math.Pow(high / low, 0.05);
            return new ValueAxis(low / room, high * room, logarithmic: true, percent: false);
        }
        var side = high > low ? (high - low) * 0.06 : Math.Max(Math.Abs(high) * 0.05, 0.005);
        if (objective == SweepObjective.Loss)
            return new ValueAxis(low - side, high + side, logarithmic: false, percent: false);
        // Nobody is right more than always; yet a mark at 1 is not cut in half.
        return new ValueAxis(Math.Max(low - side, -side / 2), high + side, logarithmic: false, percent: true);
    }

    /// <summary>The axis of a range, from end to end.</summary>
    public static ValueAxis Between(double low, double high, bool logarithmic) =>
        new(low, high, logarithmic, percent: false);

    /// <summary>Where a number lies: 0 at the low end, 1 at the high one.</summary>
    public double Place(double value) => ((Logarithmic ? Math.Log10(value) : value) - _low) / (_high - _low);

    /// <summary>Round numbers on the axis, from low to high, and how they are written.</summary>
    /// <param name="most">About how many there is room for, at least 2.</param>
    public IReadOnlyList<(double Place, string Text)> Ticks(int most)
    {
        var values = Logarithmic ? Powers(most) : Steps(most);
        return
        [
            .. values
                .Where(v => !_percent || v.Value is >= 0 and <= 1)
                .Select(v => (Place(v.Value), v.Text))
                .Where(tick => tick.Item1 is >= -1e-9 and <= 1 + 1e-9),
        ];
    }

    /// <summary>What a trial came to, as tables and captions have it.</summary>
    public static string Text(double value, SweepObjective objective) =>
        objective == SweepObjective.Accuracy
            ? Percentage.Of(value)
            : value.ToString("G4", CultureInfo.InvariantCulture);

    private IEnumerable<(double Value, string Text)> Steps(int most)
    {
        var step = (_high - _low) / most;
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        step = power * s_digits.First(digit => digit * power >= step * 0.999);
        var first = (long)Math.Ceiling(_low / step);
        for (var i = 0; i <= most + 1; i++)
        {
            var value = (first + i) * step;
            yield return (value, _percent ? $"{Written(value * 100, step * 100)} %" : Written(value, step));
        }
    }

    private IEnumerable<(double Value, string Text)> Powers(int most)
    {
        var (first, last) = ((int)Math.Floor(_low), (int)Math.Ceiling(_high));
        var every = Math.Max(1, (int)Math.Ceiling((last - first) / (double)most));
        int[] digits = (_high - _low) * 3 <= most ? [1, 2, 5] : [1];
        for (var power = first; power <= last; power += every)
        {
            foreach (var digit in digits)
            {
                var value = digit * Math.Pow(10, power);
                yield return (value, Short(value));
            }
        }
    }

    /// <summary>One digit and its place: 0.001, 20000, 5e-8.</summary>
    private static string Short(double value) =>
        value.ToString(value is >= 1e-4 and < 1e6 ? "0.####" : "0e0", CultureInfo.InvariantCulture);

    private static string Written(double value, double step)
    {
        if (value == 0)
            return "0";
        if (Math.Abs(value) >= 1e6 || step < 1e-6)
            return value.ToString("G4", CultureInfo.InvariantCulture);
        var decimals = Math.Max(0, (int)-Math.Floor(Math.Log10(step) + 1e-9));
        return value.ToString($"F{decimals}", CultureInfo.InvariantCulture);
    }
}
