using PSConvNet.Tests.Data;

namespace PSConvNet.Tests.Sweeps;

/// <summary>How a study that somebody asks for is created or resumed, and what trials of it are judged by.</summary>
public sealed class StudyRequestTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static StudyRequest Usual { get; } = new() { Settings = SmallStudy.Settings, Data = Networks.Bars() };

    private string Folder => Path.Combine(_folder.Path, "study");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tenth_of_the_training_images_is_held_out_by_the_study_s_seed()
    {
        var (data, validation) = Open(Usual).ReadData();
        var (kept, heldOut) = Usual.Data.Split(0.1, SmallStudy.Settings.Seed);
        Assert.Equal(kept.Train.Pixels.ToArray(), data.Train.Pixels.ToArray());
        Assert.Equal(heldOut.Test.Pixels.ToArray(), validation.Pixels.ToArray());
        Assert.Equal(Usual.Data.Test.Pixels.ToArray(), data.Test.Pixels.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Images_come_back_with_how_they_were_made_of_pictures(bool prepared)
    {
        var data = Usual.Data;
        var preparation = prepared ? new ImagePreparation { Fit = 3, KeepLines = true } : null;
        var pictures = new Dataset(data.Name, Made(data.Train), Made(data.Test), data.ClassNames, data.Source);

        var (read, validation) = Open(Usual with { Data = pictures }).ReadData();

        Assert.All(
            [read.Train, read.Test, validation],
            images => Assert.Equal((preparation, !prepared), (images.Preparation, images.IsOfPictures))
        );

        ImageSet Made(ImageSet images) =>
            new(images.Name, images.Pixels.ToArray(), images.Labels.ToArray(), images.Shape, data.ClassNames)
            {
                Preparation = preparation,
                IsOfPictures = !prepared,
            };
    }

    [Fact]
    public void A_long_seed_holds_out_other_images_than_its_lower_half()
    {
        var validation = Array.ConvertAll(
            [5_000_000_000, 705_032_704],
            seed =>
                Open(Usual with { Settings = SmallStudy.Settings with { Seed = seed } }, $"{seed}")
                    .ReadData()
                    .Validation.Pixels.ToArray()
        );
        Assert.Equal(Usual.Data.Split(0.1, 5_000_000_000).HeldOut.Test.Pixels.ToArray(), validation[0]);
        Assert.NotEqual(validation[0], validation[1]);
    }

    [Fact]
    public void Trials_are_judged_by_the_share_or_the_images_that_were_asked_for()
    {
        var all = Usual.Data.Train.Count;
        var split = Usual with { ValidationSplit = 0.5 };
        Assert.Equal((all / 2, all / 2), Counts(Open(split, "split")));
        var own = Usual with { ValidationData = Usual.Data.Test };
        Assert.Equal((all, Usual.Data.Test.Count), Counts(Open(own, "own")));
        var both = Assert.Throws<ConvNetException>(() => Open(own with { ValidationSplit = 0.5 }, "both"));
        Assert.Equal("SweepOptionInvalid", both.ErrorId);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "both")));
    }

    [Fact]
    public void Images_to_judge_by_are_matched_by_the_names_of_their_classes()
    {
        var test = Usual.Data.WithClasses(["bottom", "top", "middle"]).Test;
        Assert.NotEqual(Usual.Data.Test.Labels.ToArray(), test.Labels.ToArray());

        var (_, validation) = Open(Usual with { ValidationData = test }).ReadData();

        Assert.Equal(Usual.Data.Test.Labels.ToArray(), validation.Labels.ToArray());
        Assert.Equal(Usual.Data.ClassNames, validation.ClassNames);
        var other = Usual.Data.RenameClasses("top", "middle", "left").Test;
        var error = Assert.Throws<ConvNetException>(() => Open(Usual with { ValidationData = other }, "other"));
        Assert.Equal("ClassUnknown", error.ErrorId);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "other")));
    }

    [Fact]
    public void The_same_images_with_their_classes_in_another_order_resume_the_study()
    {
        var first = Open(Usual);
        var again = Open(Usual with { Data = Usual.Data.WithClasses(["middle", "bottom", "top"]) });
        Assert.Equal(first.Created, again.Created);
        Assert.Equal(Usual.Data.ClassNames, again.ReadData().Data.ClassNames);
        var others = Usual with { Data = Usual.Data.RenameClasses("middle", "top", "bottom") };
        Assert.Equal("StudyMismatch", Assert.Throws<ConvNetException>(() => Open(others)).ErrorId);
    }

    [Fact]
    public void Classes_that_no_trial_is_judged_by_are_told()
    {
        var told = new List<string>();
        Open(Usual with { ValidationData = Usual.Data.Test.Select("Some", [0]), Warn = told.Add }, "some");
        Open(
            Usual with
            {
                Data = Usual.Data.RenameClasses("a", "b", "c"),
                ValidationSplit = 0.5,
                Warn = told.Add,
            },
            "all"
        );
        Assert.Contains("The Some validation images have none of", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_s_own_validation_is_not_the_study_s()
    {
        var training = SmallStudy.Settings.Training with { ValidationSplit = 0.3 };
        var study = Open(Usual with { Settings = SmallStudy.Settings with { Training = training } });
        Assert.Equal(0, study.Settings.Training.ValidationSplit);
    }

    [Fact]
    public void A_grid_has_all_its_points_unless_a_number_is_asked_for()
    {
        var grid = Usual with { Settings = SmallStudy.Settings with { Sampler = SweepSampler.Grid, Trials = 99 } };
        Assert.Equal(6, Open(grid, "all").Settings.Trials);
        Assert.Equal(4, Open(grid with { Changes = new() { Trials = 4 } }, "four").Settings.Trials);
        var random = grid with { Settings = grid.Settings with { Sampler = SweepSampler.Random } };
        Assert.Equal(99, Open(random, "random").Settings.Trials);
    }

    [Fact]
    public void The_same_request_resumes_the_study_and_changes_what_may_change()
    {
        var first = Open(Usual with { Changes = new() { Retry = 7 } });
        var again = Open(
            Usual with
            {
                Changes = new()
                {
                    Trials = 8,
                    Best = 1,
                    Replicate = 2,
                    MaxFailures = 3,
                    KeepAllModels = true,
                },
            }
        );
        var expected = first.Settings with
        {
            Trials = 8,
            Best = 1,
            Replicate = 2,
            MaxFailures = 3,
            KeepAllModels = true,
        };
        Assert.Equal($"{expected}", $"{again.Settings}");
        Assert.Equal((first.Created, 7), (again.Created, again.Settings.Retry));
        Assert.Equal($"{again.Settings}", $"{Study.Open(Folder).Settings}");
    }

    [Fact]
    public void Another_request_is_refused_and_leaves_the_study_as_it_is()
    {
        Open(Usual);
        var before = File.ReadAllBytes(Path.Combine(Folder, "study.json"));
        foreach (
            var other in (StudyRequest[])
                [
                    Usual with
                    {
                        Settings = SmallStudy.Settings with { Seed = 2 },
                    },
                    Usual with
                    {
                        ValidationSplit = 0.2,
                    },
                    Usual with
                    {
                        ValidationData = Usual.Data.Test,
                    },
                ]
        )
            Assert.Equal("StudyMismatch", Assert.Throws<ConvNetException>(() => Open(other)).ErrorId);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Folder, "study.json")));
    }

    private Study Open(StudyRequest request, string name = "study") =>
        request.Open(Path.Combine(_folder.Path, name), _ => _ => true);

    private static (int Train, int Validation) Counts(Study study)
    {
        var (data, validation) = study.ReadData();
        return (data.Train.Count, validation.Count);
    }
}
