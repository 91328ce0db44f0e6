using System.Collections;
using System.Globalization;

namespace PSConvNet.Evaluation;

/// <summary>Makes an image's bytes of whatever array a person has it in.</summary>
public static class PixelArray
{
    /// <summary>
    /// The pixels in row-major order. Whole numbers are 0 to 255 as in an image file; where any is a fraction (float, double,
    /// decimal) all are 0 to 1. Arrays of any rank and arrays of rows are taken, as long as the number of pixels is right.
    /// </summary>
    /// <param name="image">The array.</param>
    /// <param name="shape">The shape it is to fill.</param>
    /// <exception cref="ConvNetException"><c>ImageArrayInvalid</c>: wrong length, a value out of range, or no number.</exception>
    public static byte[] ToBytes(IEnumerable image, Shape shape)
    {
        var values = new List<object>(shape.Size);
        Append(image, values, shape, image);
        if (values.Count != shape.Size)
            throw Invalid(
                $"An image of {shape} has {Counted.Of(shape.Size, "pixel"):text}, but the array has {values.Count:N0}.",
                image
            );
        // Decided for the whole array: PowerShell makes the whole number 1 of 255 / 255, and a fraction of 128 / 255.
        Func<object, object, byte> toByte = values.Exists(IsFraction) ? FromFraction : FromWhole;
        return [.. values.Select(value => toByte(value, image))];
    }

    private static void Append(IEnumerable source, List<object> values, Shape shape, object whole)
    {
        foreach (var value in source)
        {
            if (value is IEnumerable row and not string)
                Append(row, values, shape, whole);
            else if (values.Count > shape.Size)
                throw Invalid(
                    $"An image of {shape} has {Counted.Of(shape.Size, "pixel"):text}, but the array has more.",
                    whole
                );
            else if (IsFraction(value) || IsWhole(value))
                values.Add(value);
            else
                throw Invalid($"An image consists of numbers, and '{value}' isn't one.", whole);
        }
    }

    private static bool IsFraction(object? value) => value is float or double or decimal;

    private static bool IsWhole(object? value) =>
        value is byte or sbyte or short or ushort or int or uint or long or ulong;

    private static byte FromFraction(object value, object whole) =>
        Convert.ToDouble(value, CultureInfo.InvariantCulture) is >= 0 and <= 1 and var part
            ? (byte)Math.Round(part * 255)
            : throw Invalid(
                FormattableString.Invariant($"A fraction in an image must be from 0 to 1, not {value}."),
                whole
            );

    private static byte FromWhole(object value, object whole) =>
        Convert.ToDecimal(value, CultureInfo.InvariantCulture) is >= 0 and <= 255 and var pixel
            ? (byte)pixel
            : throw Invalid($"A whole number in an image must be from 0 to 255, not {value}.", whole);

    private static ConvNetException Invalid(string message, object target) =>
        new(ErrorIds.ImageArrayInvalid, ErrorKind.InvalidData, message, target);
}
