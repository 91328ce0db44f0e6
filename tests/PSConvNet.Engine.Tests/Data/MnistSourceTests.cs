using PSConvNet.Module.Tests;

namespace PSConvNet.Tests.Data;

public sealed class MnistSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void The_real_digits_are_read_checked_and_counted_as_published()
    {
        Skip.If(Repository.SharedMnist is null, "no MNIST beside the checkout or in PSCONVNET_DATA");
        var source = new MnistSource(MnistName.Digits, Locations());

        var data = source.Read(source.FindIn(Repository.SharedMnist!));

        Assert.Equal((60_000, 10_000), (data.Train.Count, data.Test.Count));
        Assert.Equal(new Shape(28, 28), data.Shape);
        // The first labels and the class counts are common knowledge: 5, 0, 4, 1, 9 and 5,923 zeros, ...
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], data.Train.Labels[..10].ToArray());
        var counts = DatasetMeasure.Of(data)[0].Classes.Select(c => c.Count);
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], counts);
    }

    [SkippableFact]
    public void Debians_Fashion_set_is_found_and_measures_as_published()
    {
        Skip.IfNot(
            Directory.Exists("/usr/share/datasets/fashion-mnist"),
            "Debian's package dataset-fashion-mnist is not installed"
        );
        var source = new MnistSource(MnistName.Fashion, Locations());

        var data = source.Read(source.Find()!);

        Assert.Equal("/usr/share/datasets/fashion-mnist", data.Source);
        Assert.Equal("Ankle boot", data.ClassNames[data.Train.Labels.Span[0]]);
        var train = DatasetMeasure.Of(data)[0];
        // Mean and deviation as every tutorial on this set gives them.
        Assert.Equal((0.2860, 0.3530), (Math.Round(train.Mean, 4), Math.Round(train.StandardDeviation, 4)));
        Assert.All(train.Classes, c => Assert.Equal(6000, c.Count));
    }

    [Fact]
    public void The_data_folder_itself_comes_before_its_subfolder_and_that_before_the_cache()
    {
        var locations = Locations(dataFolder: Path.Combine(_folder.Path, "data"));
        string[] places =
        [
            Path.Combine(_folder.Path, "cache", "mnist"),
            Path.Combine(_folder.Path, "data", "mnist"),
            Path.Combine(_folder.Path, "data"),
        ];
        Assert.Null(SmallSet.Source(SmallSet.Entry(), locations).Find());

        foreach (var place in places)
        {
            SmallSet.WriteTo(place);
            Assert.Equal(place, SmallSet.Source(SmallSet.Entry(), locations).Find()?.Path);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData(".gz")]
    public void Plain_and_gzip_files_give_the_same_set(string extension)
    {
        SmallSet.WriteTo(_folder.Path, (_, content) => extension == "" ? content : IdxBytes.Gzip(content), extension);

        var data = ReadFolder();

        Assert.Equal(SmallSet.Contents["train-images-idx3-ubyte"][16..], data.Train.Pixels.ToArray());
        Assert.Equal(SmallSet.TestCount, data.Test.Count);
    }

    [Fact]
    public void Names_with_a_dot_in_place_of_the_hyphen_are_found()
    {
        SmallSet.WriteTo(_folder.Path);
        foreach (var file in Directory.GetFiles(_folder.Path))
            File.Move(file, file.Replace("-idx", ".idx", StringComparison.Ordinal));

        Assert.Equal(SmallSet.TrainCount, ReadFolder().Train.Count);
    }

    [Fact]
    public void Counts_that_differ_between_images_and_labels_are_refused()
    {
        SmallSet.WriteTo(
            _folder.Path,
            (name, content) => name.StartsWith("train-l", StringComparison.Ordinal) ? IdxBytes.Labels(29) : content
        );

        var error = Assert.Throws<ConvNetException>(ReadFolder);

        Assert.Equal("IdxFileInvalid", error.ErrorId);
        Assert.Contains("train-labels-idx1-ubyte", error.Message, StringComparison.Ordinal);
        Assert.Contains("expected 30 labels", error.Message, StringComparison.Ordinal);
        Assert.Contains("found 29", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_changed_pixel_is_noticed()
    {
        SmallSet.WriteTo(
            _folder.Path,
            (name, content) =>
            {
                var copy = content.ToArray();
                if (name.StartsWith("t10k-i", StringComparison.Ordinal))
                    copy[^1] ^= 1;
                return copy;
            }
        );

        var error = Assert.Throws<ConvNetException>(ReadFolder);

        Assert.Equal("DatasetHashMismatch", error.ErrorId);
        Assert.Contains(
            IdxBytes.Sha256(SmallSet.Contents["t10k-images-idx3-ubyte"]),
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        SmallSet.WriteTo(_folder.Path);
        File.Delete(Path.Combine(_folder.Path, "t10k-labels-idx1-ubyte"));

        var error = Assert.Throws<ConvNetException>(ReadFolder);

        Assert.Equal("DatasetNotFound", error.ErrorId);
        Assert.Contains("without t10k-labels-idx1-ubyte", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_folder_of_digits_is_not_taken_for_another_set()
    {
        Skip.If(Repository.SharedMnist is null, "no MNIST beside the checkout or in PSCONVNET_DATA");
        var source = new MnistSource(MnistName.Kuzushiji, Locations(dataFolder: Repository.SharedMnist));

        Assert.Null(source.Find());
        Assert.Contains("holds Digits", source.NotFound().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_hash_the_sizes_are_checked_and_the_user_is_told()
    {
        var entry = SmallSet.Entry();
        MnistFile Unhashed(MnistFile file) => file with { Sha256 = null };
        entry = entry with
        {
            TrainImages = Unhashed(entry.TrainImages),
            TrainLabels = Unhashed(entry.TrainLabels),
            TestImages = Unhashed(entry.TestImages),
            TestLabels = Unhashed(entry.TestLabels),
        };
        SmallSet.WriteTo(_folder.Path);
        List<string> told = [];
        var source = SmallSet.Source(entry, Locations(), told.Add);

        Assert.Equal(SmallSet.TrainCount, source.Read(source.FindIn(_folder.Path)).Train.Count);
        Assert.Contains(told, text => text.Contains("only its sizes were checked", StringComparison.Ordinal));

        var other = SmallSet.Source(entry with { TestImages = entry.TestImages with { Count = 13 } }, Locations());
        var error = Assert.Throws<ConvNetException>(() => other.Read(other.FindIn(_folder.Path)));
        Assert.Contains("expected 13 images of 28 x 28, found 12 of 28 x 28", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_read_stops()
    {
        SmallSet.WriteTo(_folder.Path);
        var source = SmallSet.Source(SmallSet.Entry(), Locations());

        Assert.ThrowsAny<OperationCanceledException>(() =>
            source.Read(source.FindIn(_folder.Path), cancellation: new CancellationToken(true))
        );
    }

    private Dataset ReadFolder()
    {
        var source = SmallSet.Source(SmallSet.Entry(), Locations());
        return source.Read(source.FindIn(_folder.Path));
    }

    private MnistLocations Locations(string? dataFolder = null) => new(dataFolder, Path.Combine(_folder.Path, "cache"));
}
