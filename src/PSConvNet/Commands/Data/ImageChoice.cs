using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Which images of a data set are meant.</summary>
/// <param name="Index">Their numbers, in this order; null for all.</param>
/// <param name="Class">The names of their classes, wildcards allowed; null for all.</param>
/// <param name="ShuffleSeed">The seed of a random order; null for the order of the data.</param>
internal sealed record ImageChoice(int[]? Index, string[]? Class, long? ShuffleSeed)
{
    /// <summary>The numbers of the images that are meant, in order.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="part">The part of it that the images are in.</param>
    /// <param name="images">Its images.</param>
    /// <exception cref="ConvNetException"><c>IndexOutOfRange</c>, <c>ClassUnknown</c>.</exception>
    public int[] From(Dataset data, DatasetPart part, ImageSet images)
    {
        var numbers =
            Index ?? (ShuffleSeed is { } seed ? images.ShuffledOrder(seed) : [.. Enumerable.Range(0, images.Count)]);
        if (Array.FindIndex(numbers, i => i < 0 || i >= images.Count) is >= 0 and var at)
        {
            throw new ConvNetException(
                ErrorIds.IndexOutOfRange,
                ErrorKind.InvalidArgument,
                $"There is no image {numbers[at]}: the {PartName(data, part)} images of {data.Name} are 0 to {images.Count - 1}.",
                numbers[at]
            );
        }
        if (Class is not { Length: > 0 })
            return numbers;
        var meant = LabelsOf(data, Class);
        return [.. numbers.Where(i => meant[images.Labels.Span[i]])];
    }

    /// <summary>A part as sentences name it.</summary>
    public static string PartName(Dataset data, DatasetPart part) =>
        data.GetPart(part).Name.ToLowerInvariant() switch
        {
            "train" => "training",
            var name => name,
        };

    private static bool[] LabelsOf(Dataset data, string[] classes)
    {
        var patterns = Array.ConvertAll(
            classes,
            name => new WildcardPattern(ClassName.Normal(name), WildcardOptions.IgnoreCase)
        );
        bool[] meant = [.. data.ClassNames.Select(name => Array.Exists(patterns, pattern => pattern.IsMatch(name)))];
        return meant.Contains(true)
            ? meant
            : throw new ConvNetException(
                ErrorIds.ClassUnknown,
                ErrorKind.NotFound,
                $"{data.Name} has no class {ClassName.Quote(classes):text}; it has {ClassName.Quote(data.ClassNames):text}.",
                classes
            );
    }
}
