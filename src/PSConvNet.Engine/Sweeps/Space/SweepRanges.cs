using System.Globalization;

namespace PSConvNet;

/// <summary>Makes parameters from the numbers that people write for a range: the lower end, the higher end, a step.</summary>
public static class SweepRanges
{
    /// <summary>Whole numbers: two ends and, where it isn't 1, the step.</summary>
    /// <exception cref="ConvNetException"><c>SweepSpaceInvalid</c>.</exception>
    public static IntegerParameter Integer(string name, IReadOnlyList<object?> values) =>
        values is { Count: 2 or 3 }
            ? new IntegerParameter(
                name,
                Whole(name, values[0]),
                Whole(name, values[1]),
                values.Count == 3 ? Whole(name, values[2]) : 1
            )
            : throw SweepParameter.Invalid(
                name,
                "a range of whole numbers is two of them, or three with the step: 64, 256, 32"
            );

    /// <summary>Numbers: two ends.</summary>
    /// <exception cref="ConvNetException"><c>SweepSpaceInvalid</c>.</exception>
    public static UniformParameter Uniform(string name, IReadOnlyList<object?> values)
    {
        var (low, high) = Ends(name, values);
        return new UniformParameter(name, low, high);
    }

    /// <summary>Numbers that count by factors: two ends.</summary>
    /// <exception cref="ConvNetException"><c>SweepSpaceInvalid</c>.</exception>
    public static LogUniformParameter LogUniform(string name, IReadOnlyList<object?> values)
    {
        var (low, high) = Ends(name, values);
        return new LogUniformParameter(name, low, high);
    }

    private static (double Low, double High) Ends(string name, IReadOnlyList<object?> values) =>
        values is [var low, var high]
            ? (Number(name, low), Number(name, high))
            : throw SweepParameter.Invalid(name, "a range is two numbers, the lower first: 0.1, 0.5");

    private static int Whole(string name, object? value) =>
        Number(name, value) is var number && number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw SweepParameter.Invalid(name, $"{SweepValue.ToText(value)} isn't a whole number");

    private static double Number(string name, object? value)
    {
        try
        {
            if (value is not (null or bool))
                return Convert.ToDouble(value, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException)
        {
            // Told below.
        }
        throw SweepParameter.Invalid(name, $"'{SweepValue.ToText(value)}' isn't a number");
    }
}
