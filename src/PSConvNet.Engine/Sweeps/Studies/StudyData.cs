using System.Buffers.Binary;

namespace PSConvNet.Sweeps;

/// <summary>What a study trains, validates and at its very end tests on, by name and hash.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Source">Where it came from.</param>
/// <param name="ClassNames">The classes.</param>
/// <param name="Train">What trials are trained on.</param>
/// <param name="Validation">What they are judged by: held out, so that the test part stays unseen.</param>
/// <param name="Test">What the best are measured on, once.</param>
internal sealed record StudyData(
    string Name,
    string Source,
    IReadOnlyList<string> ClassNames,
    DatasetRecord Train,
    DatasetRecord Validation,
    DatasetRecord Test
) : IReadFromFile
{
    private const int UnsignedBytes = 0x08;
    private const int Integers = 0x0C;

    /// <summary>How the images were made of pictures; null where they weren't, or that isn't known.</summary>
    public ImagePreparation? Preparation { get; init; }

    /// <summary>Whether the images were read from pictures as they are.</summary>
    public bool IsOfPictures { get; init; }

    /// <summary>The classes' names in their normal form, which older files may not have.</summary>
    private string[] Names => ClassName.Normal(ClassNames);

    void IReadFromFile.Require() => ClassName.RequireDistinctInFile(Names);

    /// <summary>Writes the images into the study's folder: as IDX files, which other programs read too.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public static StudyData Write(StudyFolder folder, Dataset data, ImageSet validation)
    {
        Directory.CreateDirectory(folder.Data);
        return new StudyData(
            data.Name,
            data.Source,
            data.ClassNames,
            Write(data.Train, "train"),
            Write(data.Classes.Label(validation), "validation"),
            Write(data.Test, "test")
        )
        {
            Preparation = data.Train.Preparation,
            IsOfPictures = data.Train.IsOfPictures,
        };

        DatasetRecord Write(ImageSet images, string part)
        {
            var (pixels, labels) = Files(folder, part);
            WholeFile.Write(
                pixels,
                stream =>
                {
                    stream.Write(Header(UnsignedBytes, [images.Count, .. images.Shape.Dimensions]));
                    stream.Write(images.Pixels.Span);
                }
            );
            WholeFile.Write(
                labels,
                stream =>
                {
                    stream.Write(Header(Integers, [images.Count]));
                    var bytes = new byte[4 * images.Count];
                    for (var i = 0; i < images.Count; i++)
                        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 * i), images.Labels.Span[i]);
                    stream.Write(bytes);
                }
            );
            return DatasetRecord.Of(images, data.Name, data.Source);
        }
    }

    /// <summary>
    /// Somebody's data set with its classes in the study's order, where they are the study's; as it is where they are others, which
    /// <see cref="IsOf"/> says.
    /// </summary>
    public Dataset InOrder(Dataset data) =>
        data.ClassNames.Order(StringComparer.Ordinal).SequenceEqual(Names.Order(StringComparer.Ordinal))
            ? data.WithClasses(Names)
            : data;

    /// <summary>Whether these are the images the study is about.</summary>
    public bool IsOf(Dataset data, ImageSet validation) =>
        Train.IsOf(data.Train)
        && Validation.IsOf(data.Classes.Label(validation))
        && Test.IsOf(data.Test)
        && Names.SequenceEqual(data.ClassNames);

    /// <summary>Reads the images back.</summary>
    /// <exception cref="ConvNetException"><c>StudyInvalid</c>: a file is gone or damaged.</exception>
    public (Dataset Data, ImageSet Validation) Read(StudyFolder folder)
    {
        var data = new Dataset(Name, Read("train", "Train", Train), Read("test", "Test", Test), ClassNames, Source);
        return (data, Read("validation", "Validation", Validation));

        ImageSet Read(string part, string name, DatasetRecord record)
        {
            var (pixels, labels) = Files(folder, part);
            var (body, classes) = (
                Body(pixels, UnsignedBytes, [record.Images, .. record.Shape.Dimensions]),
                Labels(labels, record.Images)
            );
            try
            {
                var images = new ImageSet(name, body, classes, record.Shape, Names)
                {
                    Preparation = Preparation,
                    IsOfPictures = IsOfPictures,
                };
                return record.IsOf(images)
                    ? images
                    : throw SweepFault.DataDamaged(
                        pixels,
                        $"with {Path.GetFileName(labels)} it isn't what the study was started with"
                    );
            }
            catch (ConvNetException e) when (e.ErrorId == ErrorIds.DatasetInvalid)
            {
                throw SweepFault.DataDamaged(pixels, e.Message, e);
            }
        }
    }

    private static (string Pixels, string Labels) Files(StudyFolder folder, string part) =>
        (Path.Combine(folder.Data, part + "-images.idx"), Path.Combine(folder.Data, part + "-labels.idx"));

    private static byte[] Header(int type, ReadOnlySpan<int> dimensions)
    {
        var header = new byte[4 + 4 * dimensions.Length];
        header[2] = (byte)type;
        header[3] = (byte)dimensions.Length;
        for (var i = 0; i < dimensions.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), dimensions[i]);
        return header;
    }

    private static byte[] Body(string file, int type, ReadOnlySpan<int> dimensions)
    {
        try
        {
            RegularFile.RequireToRead(file);
            using var stream = File.OpenRead(file);
            var expected = Header(type, dimensions);
            var header = new byte[expected.Length];
            if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
                throw SweepFault.DataDamaged(file, "it ends within its header");
            if (!header.AsSpan().SequenceEqual(expected))
                throw SweepFault.DataDamaged(
                    file,
                    "its header says another kind or number of values than the study has"
                );
            var body = GC.AllocateUninitializedArray<byte>(checked((int)Math.Max(stream.Length - stream.Position, 0)));
            stream.ReadExactly(body);
            return body;
        }
        catch (Exception e) when (FileFault.IsOfDisk(e) || e is OverflowException)
        {
            throw SweepFault.DataDamaged(file, e.Message, e);
        }
    }

    private static int[] Labels(string file, int count)
    {
        var bytes = Body(file, Integers, [count]);
        var labels = new int[bytes.Length / 4];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4 * i));
        return labels;
    }
}
