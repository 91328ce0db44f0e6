using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PSConvNet.Training;

/// <summary>Identifies the images that a training was started with: it can only be continued with the same ones.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Source">The data set's source.</param>
/// <param name="Shape">One sample's shape.</param>
/// <param name="Images">The number of images.</param>
/// <param name="Sha256">The hash of shape, labels and pixels; labels are the model's outputs.</param>
internal sealed record DatasetRecord(string Name, string Source, Shape Shape, int Images, string Sha256)
{
    /// <summary>The record of some images.</summary>
    public static DatasetRecord Of(ImageSet images, string name, string source) =>
        new(name, source, images.Shape, images.Count, Hash(images));

    /// <summary>Whether images are the same.</summary>
    public bool IsOf(ImageSet images) => images.Count == Images && images.Shape.Equals(Shape) && Hash(images) == Sha256;

    /// <summary>Reads the data set again by its name and number of images; null if that isn't possible, or if it has changed.</summary>
    /// <param name="label">Labels images by the model's outputs.</param>
    public Dataset? Find(Func<ImageSet, ImageSet> label)
    {
        if (!Enum.TryParse<MnistName>(Name, out var name) || $"{name}" != Name)
            return null;
        var data = name == MnistName.Synthetic ? SyntheticDigits.Generate() : Read(name);
        if (data is null || data.Train.Count < Images || data.Shape.Size != Shape.Size)
            return null;
        var taken = data.Take(Images);
        var same = taken.Shape.Equals(Shape) ? taken : taken.ExpandDimension();
        return same.Shape.Equals(Shape) && IsOf(Labelled(same)) ? same : null;

        ImageSet Labelled(Dataset data)
        {
            try
            {
                return label(data.Train);
            }
            catch (ConvNetException e) when (e.ErrorId is ErrorIds.ClassUnknown or ErrorIds.ClassCountMismatch)
            {
                // A data set of the user's own may have the same name.
                return data.Train;
            }
        }
    }

    private static Dataset? Read(MnistName name)
    {
        var source = new MnistSource(name, MnistLocations.FromEnvironment());
        return source.Find() is { } folder ? source.Read(folder) : null;
    }

    private static string Hash(ImageSet images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(int)];
        foreach (var dimension in images.Shape.Dimensions)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, dimension);
            hash.AppendData(number);
        }
        hash.AppendData(MemoryMarshal.AsBytes(images.Labels.Span));
        hash.AppendData(images.Pixels.Span);
        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }
}
