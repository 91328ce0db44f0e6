using System.Collections;
using System.Globalization;

namespace PSConvNet;

/// <summary>Makes an image's bytes of whatever array a person has it in.</summary>
public static class PixelArray
{
    /// <summary>
    /// The pixels in row-major order. Whole numbers are 0 to 255 as in an image file; fractions (float, double) are 0 to 1. Arrays
    /// of any rank and arrays of rows are taken, as long as the number of pixels is right.
    /// </summary>
    /// <param name="image">The array.</param>
    /// <param name="shape">The shape it is to fill.</param>
    /// <exception cref="ConvNetException"><c>ImageArrayInvalid</c>: wrong length, a value out of range, or no number.</exception>
    public static byte[] ToBytes(IEnumerable image, Shape shape)
    {
        var pixels = new List<byte>(shape.Size);
        Append(image, pixels, shape, image);
        return pixels.Count == shape.Size
            ? [.. pixels]
            : throw Invalid($"An image of {shape} has {shape.Size} pixels, but the array has {pixels.Count}.", image);
    }

    private static void Append(IEnumerable values, List<byte> pixels, Shape shape, object whole)
    {
        foreach (var value in values)
        {
            if (value is IEnumerable row and not string)
                Append(row, pixels, shape, whole);
            else if (pixels.Count > shape.Size)
                throw Invalid($"An image of {shape} has {shape.Size} pixels, but the array has more.", whole);
            else
                pixels.Add(ToByte(value, whole));
        }
    }

    private static byte ToByte(object? value, object whole) =>
        value switch
        {
            byte pixel => pixel,
            float
            or double
            or decimal when Convert.ToDouble(value, CultureInfo.InvariantCulture) is >= 0 and <= 1 and var part =>
                (byte)Math.Round(part * 255),
            float or double or decimal => throw Invalid($"A fraction in an image is from 0 to 1, not {value}.", whole),
            sbyte
            or short
            or ushort
            or int
            or uint
            or long when Convert.ToInt64(value, CultureInfo.InvariantCulture) is >= 0 and <= 255 and var pixel =>
                (byte)pixel,
            sbyte or short or ushort or int or uint or long => throw Invalid(
                $"A whole number in an image is from 0 to 255, not {value}.",
                whole
            ),
            _ => throw Invalid($"An image is made of numbers; '{value}' is none.", whole),
        };

    private static ConvNetException Invalid(string message, object target) =>
        new("ImageArrayInvalid", ErrorKind.InvalidData, message, target);
}
