using System.Globalization;
using static PSConvNet.Tests.Data.ImageFolderPictures;

namespace PSConvNet.Tests.Data;

/// <summary>Which pictures become which images of which class and part.</summary>
public sealed class ImageFolderTests : IDisposable
{
    private static readonly ImageFolderOptions s_all = new()
    {
        Height = 2,
        Width = 2,
        TestSplit = 0,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly ImageFolderRecorder _told = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("sv-SE")]
    [InlineData("tr-TR")]
    public void Classes_are_the_folders_in_the_order_of_their_characters_in_every_language(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            foreach (var name in (string[])["ä", "b", "item2", "item10", "I am", "Z", "[x] y"])
                _folder.Write($"{name}/p.png", Plain(0));

            var data = Read(s_all);

            Assert.Equal(["I am", "Z", "[x] y", "b", "item10", "item2", "ä"], data.ClassNames);
            Assert.Equal([0, 1, 2, 3, 4, 5, 6], data.Train.Labels.ToArray());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_name_in_two_spellings_of_Unicode_is_one_class_in_training_and_test_folders()
    {
        _folder.Write("train/caf\u00e9/p.png", Plain(10));
        _folder.Write("train/cafe/p.png", Plain(20));
        _folder.Write("train/z/p.png", Plain(30));
        _folder.Write("test/cafe\u0301/p.png", Plain(40));

        var data = ImageFolder.Read(
            Path.Combine(_folder.Path, "train"),
            s_all with
            {
                TestFolder = Path.Combine(_folder.Path, "test"),
            },
            _told
        );

        Assert.Equal(["cafe", "caf\u00e9", "z"], data.ClassNames.Order(StringComparer.Ordinal));
        Assert.Equal("caf\u00e9", data.ClassNames[data.Test.Labels.Span[0]]);
        Assert.Equal([40], Levels(data.Test));
    }

    [Fact]
    public void Two_folders_with_one_name_in_two_spellings_are_refused_where_the_system_has_both()
    {
        _folder.Write("caf\u00e9/p.png", Plain(10));
        _folder.Write("cafe\u0301/p.png", Plain(20));
        if (Directory.GetDirectories(_folder.Path).Length == 1)
            return;

        var error = Assert.Throws<ConvNetException>(() => Read(s_all));

        Assert.Equal(("ClassNameDuplicate", ErrorKind.InvalidData), (error.ErrorId, error.Kind));
    }

    [Fact]
    public void A_class_of_one_picture_keeps_it_to_learn_from_and_is_named_in_a_warning()
    {
        for (var i = 0; i < 10; i++)
            _folder.Write($"many/{i}.png", Plain(i));
        foreach (var name in (string[])["one", "two"])
            _folder.Write($"{name}/p.png", Plain(100));

        var data = Read(s_all with { TestSplit = 0.2 });

        Assert.Equal(["many", "one", "two"], data.ClassNames);
        Assert.Equal([8, 1, 1], Enumerable.Range(0, 3).Select(c => data.Train.Labels.ToArray().Count(l => l == c)));
        Assert.Equal([0, 0], data.Test.Labels.ToArray());
        Assert.Contains("'one', 'two'", Assert.Single(_told.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_below_a_class_folder_belong_to_it_and_come_in_the_order_of_their_paths()
    {
        _folder.Write("cats/x/deep/er/1.png", Plain(40));
        _folder.Write("cats/x.png", Plain(30));
        _folder.Write("cats/9.png", Plain(20));
        _folder.Write("cats/10.png", Plain(10));
        _folder.Write("cats/y.png", Plain(50));
        _folder.Write("dogs/0.png", Plain(60));

        var data = Read(s_all);

        Assert.Equal([10, 20, 30, 40, 50, 60], Levels(data.Train));
        Assert.Equal([0, 0, 0, 0, 0, 1], data.Train.Labels.ToArray());
    }

    [Fact]
    public void Endings_count_in_any_case_and_other_files_and_hidden_ones_are_passed_over_and_counted()
    {
        foreach (var (name, i) in new[] { "a.PNG", "b.Jpg", "c.jpeg", "d.JFIF", "e.png" }.Select((n, i) => (n, i)))
            _folder.Write($"class/{name}", Plain(10 * i));
        foreach (var name in (string[])["Thumbs.db", "readme", "x.tiff", "png", "y.png.txt"])
            _folder.Write($"class/{name}", "text"u8.ToArray());
        foreach (var name in (string[])["class/.hidden.png", "class/.folder/z.png", "class/._e.png", ".git/p.png"])
            _folder.Write(name, Plain(255));
        _folder.Write("outside.png", Plain(255));

        var data = Read(s_all);

        // All are PNG: what a file is, its content tells.
        Assert.Equal([0, 10, 20, 30, 40], Levels(data.Train));
        Assert.Equal(["class"], data.ClassNames);
        Assert.Contains(
            "5 pictures in 1 class; skipped 6 other files, 4 hidden files and folders.",
            _told.Messages[0],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_set_has_its_channel_dimension_name_and_source()
    {
        Fill(("a", 5), ("b", 5));

        var grey = Read(new ImageFolderOptions());
        var color = Read(
            new ImageFolderOptions
            {
                Height = 24,
                Width = 16,
                Color = true,
            }
        );

        Assert.Equal(new Shape(28, 28, 1), grey.Shape);
        Assert.Equal(new Shape(24, 16, 3), color.Shape);
        Assert.Equal(Path.GetFileName(_folder.Path), grey.Name);
        Assert.Equal($"{_folder.Path}, 2 held out with seed 1", grey.Source);
        // What Expand-Dimension does to any images of three dimensions; a model of 28 x 28 x 1 takes either.
        Assert.Equal(new Shape(28, 28, 1, 1), grey.ExpandDimension().Shape);
    }

    [Fact]
    public void A_share_of_each_class_is_held_out_and_nothing_is_lost_or_doubled()
    {
        Fill(("a", 10), ("b", 20), ("c", 30));

        var data = Read(s_all with { TestSplit = 0.2 });

        Assert.Equal([8, 16, 24], Counts(data.Train, 3));
        Assert.Equal([2, 4, 6], Counts(data.Test, 3));
        Assert.Equal(Enumerable.Range(0, 60), Levels(data.Train).Concat(Levels(data.Test)).Order());
        Assert.Empty(_told.Warnings);
    }

    [Fact]
    public void The_seed_says_which_are_held_out()
    {
        Fill(("a", 30), ("b", 30));

        int[] Held(long seed) => Levels(Read(s_all with { TestSplit = 0.3, Seed = seed }).Test);

        Assert.Equal(Held(1), Held(1));
        Assert.NotEqual(Held(1), Held(2));
    }

    [Fact]
    public void Without_a_share_the_test_part_is_empty()
    {
        Fill(("a", 3), ("b", 3));

        var data = Read(s_all);

        Assert.Equal((6, 0), (data.Train.Count, data.Test.Count));
        Assert.Equal(_folder.Path, data.Source);
        Assert.Empty(_told.Warnings);
    }

    [Fact]
    public void A_test_folders_labels_go_by_name_though_it_lacks_a_class()
    {
        _folder.Write("train/a/1.png", Plain(1));
        _folder.Write("train/b/1.png", Plain(2));
        _folder.Write("train/c/1.png", Plain(3));
        _folder.Write("test/c/1.png", Plain(30));
        _folder.Write("test/b/1.png", Plain(20));

        var data = Read(s_all with { TestFolder = In("test") }, "train");

        Assert.Equal([1, 2, 3], Levels(data.Train));
        Assert.Equal([20, 30], Levels(data.Test));
        Assert.Equal([1, 2], data.Test.Labels.ToArray());
        Assert.Equal(
            "train has no test pictures of 'a': the accuracy says nothing about this class.",
            Assert.Single(_told.Warnings)
        );
    }

    [Fact]
    public void The_first_are_taken_from_the_classes_in_turn_and_keep_their_order()
    {
        Fill(("a", 2), ("b", 6), ("c", 6));

        var data = Read(s_all with { First = 8 });

        Assert.Equal([0, 1, 2, 3, 4, 8, 9, 10], Levels(data.Train));
        Assert.Equal(14, Read(s_all with { First = 14 }).Train.Count);
        Assert.Equal(14, Read(s_all with { First = int.MaxValue }).Train.Count);
    }

    [Fact]
    public void The_first_are_picked_from_the_same_division_as_all()
    {
        Fill(("a", 20), ("b", 20));

        var all = Read(s_all with { TestSplit = 0.5 });
        var few = Read(s_all with { TestSplit = 0.5, First = 6 });

        Assert.Equal((6, 6), (few.Train.Count, few.Test.Count));
        Assert.Subset(Levels(all.Train).ToHashSet(), Levels(few.Train).ToHashSet());
        Assert.Subset(Levels(all.Test).ToHashSet(), Levels(few.Test).ToHashSet());
    }

    [Fact]
    public void One_class_is_a_warning()
    {
        Fill(("only", 5));

        Assert.Equal(5, Read(s_all).Train.Count);
        Assert.Contains("has only one class, only", Assert.Single(_told.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_hundred_pictures_read_by_many_are_what_reading_them_one_by_one_gives()
    {
        var random = new Random(5);
        var paths = Enumerable
            .Range(0, 200)
            .Select(i =>
                _folder.Write(
                    $"{i / 50}/{i:000}.png",
                    Encode(random.Next(1, 40), random.Next(1, 40), (_, _) => new SkiaSharp.SKColor((uint)random.Next()))
                )
            )
            .ToArray();
        var shape = new Shape(9, 7, 3);
        var options = new ImageFolderOptions
        {
            Height = 9,
            Width = 7,
            Color = true,
            TestSplit = 0,
        };

        var data = Read(options);

        Assert.Equal(paths.SelectMany(path => ImageFile.Read(path, shape)), data.Train.Pixels.ToArray());
        Assert.Equal((200, 200), _told.Steps[^1]);
        Assert.Equal(_told.Steps.Select(s => s.Done).Order(), _told.Steps.Select(s => s.Done));
    }

    private Dataset Read(ImageFolderOptions options, string folder = ".") =>
        ImageFolder.Read(In(folder), options, _told);

    private string In(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Classes of so many pictures; the pictures' levels count from 0.</summary>
    private void Fill(params (string Name, int Count)[] classes)
    {
        var level = 0;
        foreach (var (name, count) in classes)
            for (var i = 0; i < count; i++)
                _folder.Write($"{name}/{i:00}.png", Plain(level++));
    }

    /// <summary>The levels of plain pictures.</summary>
    private static int[] Levels(ImageSet part) =>
        [.. Enumerable.Range(0, part.Count).Select(i => (int)part.GetImage(i).Span[0])];

    private static int[] Counts(ImageSet part, int classes)
    {
        var counts = new int[classes];
        foreach (var label in part.Labels.Span)
            counts[label]++;
        return counts;
    }
}
