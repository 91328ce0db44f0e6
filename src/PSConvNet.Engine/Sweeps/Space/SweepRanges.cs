namespace PSConvNet.Sweeps;

/// <summary>Makes parameters from the numbers that people write for a range: the lower end, the higher end, a step.</summary>
public static class SweepRanges
{
    /// <summary>Whole numbers: two ends and, where it isn't 1, the step.</summary>
    /// <exception cref="ConvNetException"><c>SweepSpaceInvalid</c>.</exception>
    public static IntegerParameter Integer(string name, IReadOnlyList<object?> values) =>
        Items(name, values, typeof(int)) is [var low, var high, .. { Length: <= 1 } step]
            ? new IntegerParameter(
                name,
                Whole(name, low),
                Whole(name, high),
                step is [var given] ? Whole(name, given) : 1
            )
            : throw SweepParameter.Invalid(
                name,
                "a range of whole numbers is written as two numbers, or as three with a step: 64, 256, 32"
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
        Items(name, values, typeof(double)) is [var low, var high]
            ? (Number(name, low), Number(name, high))
            : throw SweepParameter.Invalid(name, "a range is written as two numbers, the lower first: 0.1, 0.5");

    /// <summary>A range in one text, as files and environment variables have it.</summary>
    private static object?[] Items(string name, IReadOnlyList<object?> values, Type type)
    {
        try
        {
            return values is not [string text] ? [.. values]
                : text.Contains("..", StringComparison.Ordinal) ? text.Split("..", StringSplitOptions.TrimEntries)
                : WrittenValue.Split(text, type);
        }
        catch (FormatException)
        {
            throw SweepParameter.Invalid(
                name,
                $"'{values[0]}' is ambiguous; write the ends as two numbers, as in {(type == typeof(int) ? "64, 256" : "0.1, 0.5")}"
            );
        }
    }

    private static int Whole(string name, object? value) => (int)Read(name, value, typeof(int));

    private static double Number(string name, object? value) => (double)Read(name, value, typeof(double));

    private static object Read(string name, object? value, Type type)
    {
        try
        {
            if (value is not null)
                return WrittenValue.Convert(value, type);
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException)
        {
            // Told below.
        }
        throw SweepParameter.Invalid(
            name,
            $"'{SweepValue.ToText(value)}' isn't {(type == typeof(int) ? "a whole number" : "a number")}"
        );
    }
}
