using System.Globalization;

namespace PSConvNet.Settings;

/// <summary>From one number to another, both included.</summary>
/// <param name="Low">The lower one.</param>
/// <param name="High">The upper one; equal to <paramref name="Low"/> for one number alone.</param>
public readonly record struct NumberRange(double Low, double High)
{
    /// <summary>Whether it runs upwards and lies between two numbers, both included. NaN lies nowhere.</summary>
    public bool IsWithin(double least, double most) => Low >= least && High >= Low && most >= High;

    /// <summary>A number of the range: its low end for 0, its high end for 1.</summary>
    internal double At(double share) => Low + (High - Low) * share;

    /// <summary>Reads what <see cref="ToString"/> writes: <c>0.9..1.1</c>.</summary>
    /// <exception cref="FormatException">It is not two numbers with two dots between.</exception>
    public static NumberRange Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return
            text.Split("..") is [var low, var high]
            && double.TryParse(low, NumberStyles.Float, CultureInfo.InvariantCulture, out var from)
            && double.TryParse(high, NumberStyles.Float, CultureInfo.InvariantCulture, out var to)
            ? new NumberRange(from, to)
            : throw new FormatException(
                $"'{text}' isn't a range; write two numbers with two dots between them, such as 0.9..1.1."
            );
    }

    /// <summary>The range as people write it: <c>0.9..1.1</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Low}..{High}");
}
