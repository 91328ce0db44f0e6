using System.Collections;
using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Images as people type them: arrays of numbers, or images of data sets and predictions.</summary>
internal static class ImageArguments
{
    /// <summary>The arrays of one argument; nothing but numbers are one image, given without the comma that would have made a list of it.</summary>
    /// <param name="argument">What was typed.</param>
    /// <param name="size">The most numbers an image can have; of longer lists only so much is read as shows that they are too long.</param>
    public static IReadOnlyList<object?[]> Arrays(object[] argument, int size)
    {
        object?[] images = [.. argument.Select(value => Unwrap(value, size))];
        if (!images.Any(image => image is object?[]))
            images = [images];
        return [.. images.Select(image => image as object?[] ?? [image])];
    }

    /// <summary>What is in PowerShell's wrappers, which every value from a pipeline has; lists as arrays.</summary>
    private static object? Unwrap(object? value, int size) =>
        value switch
        {
            PSObject wrapped => Unwrap(wrapped.BaseObject, size),
            // What $data.Test.GetImage(0) and a prediction's Image are.
            ReadOnlyMemory<byte> pixels => Unwrap(pixels[..Math.Min(pixels.Length, size + 1)].ToArray(), size),
            ImageSample sample => Unwrap(sample.Pixels, size),
            IEnumerable values and not string => values
                .Cast<object?>()
                .Take(size + 1)
                .Select(item => Unwrap(item, size))
                .ToArray(),
            _ => value,
        };
}
