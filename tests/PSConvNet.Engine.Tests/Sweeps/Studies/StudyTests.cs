using PSConvNet.Tests.Data;

namespace PSConvNet.Tests.Sweeps;

public sealed class StudyTests
{
    [Fact]
    public void A_study_comes_back_as_it_was_begun()
    {
        using var study = new SmallStudy(settings =>
            settings with
            {
                Sampler = SweepSampler.Tpe,
                Pruner = new PrunerSpec { Kind = SweepPruner.Asha, ReductionFactor = 3 },
                MaxFailures = 3,
                Training = settings.Training with { Augmentation = new Augmentation { Shift = 1 } },
            }
        );
        var before = study.Study.Settings;
        var after = study.Open().Settings;

        Assert.True(after.Space.IsSame(before.Space));
        Assert.Equal(before with { Space = after.Space }, after);
        var (data, validation) = study.Study.ReadData();
        Assert.Equal(SmallStudy.Data.Kept.Train.Pixels.ToArray(), data.Train.Pixels.ToArray());
        Assert.Equal(SmallStudy.Data.Kept.Test.Labels.ToArray(), data.Test.Labels.ToArray());
        Assert.Equal(SmallStudy.Data.HeldOut.Test.Pixels.ToArray(), validation.Pixels.ToArray());
        Assert.Equal(["top", "middle", "bottom"], data.ClassNames);
    }

    public static TheoryData<string, StudySettings> Others
    {
        get
        {
            var same = SmallStudy.Settings;
            return new()
            {
                { "the space", same with { Space = new SweepSpace([new ChoiceParameter("Units", [4, 9])]) } },
                { "the script block", same with { Script = "makes other layers" } },
                { "the objective", same with { Objective = SweepObjective.Loss } },
                { "the sampler", same with { Sampler = SweepSampler.Random } },
                { "the grid's points", same with { GridPoints = 7 } },
                { "the pruner", same with { Pruner = new PrunerSpec { Kind = SweepPruner.Median } } },
                { "the seed", same with { Seed = 2 } },
                { "TrainingOptions.Threads", same with { Training = same.Training with { Threads = 2 } } },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Others), DisableDiscoveryEnumeration = true)]
    public void What_would_mix_results_is_refused_by_name(string difference, StudySettings other)
    {
        using var study = new SmallStudy();
        var error = Assert.Throws<ConvNetException>(() => study.Open().RequireSame(other, null, null));
        Assert.Equal("StudyMismatch", error.ErrorId);
        Assert.Contains($": {difference} differs,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_images_are_refused_and_the_same_ones_are_not()
    {
        using var study = new SmallStudy();
        var (kept, heldOut) = SmallStudy.Data;
        study.Open().RequireSame(SmallStudy.Settings, kept, heldOut.Test);
        var other = Networks.Bars(seed: 5).Split(0.25, 1);
        var error = Assert.Throws<ConvNetException>(() =>
            study.Study.RequireSame(SmallStudy.Settings, other.Kept, other.HeldOut.Test)
        );
        Assert.Contains("the images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_may_be_indented_otherwise_and_more_trials_asked_for()
    {
        using var study = new SmallStudy(settings => settings with { Script = "a |\n    b" });
        study.Open().RequireSame(SmallStudy.Settings with { Script = "\r\na |\r\n  b\r\n", Trials = 900 }, null, null);
    }

    [Fact]
    public void A_folder_that_holds_other_things_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("thesis.txt", [1]);
        var error = Assert.Throws<ConvNetException>(() =>
            Study.Create(folder.Path, SmallStudy.Settings, SmallStudy.Data.Kept, SmallStudy.Data.HeldOut.Test)
        );
        Assert.Equal("StudyFolderNotEmpty", error.ErrorId);
        Assert.Equal(["thesis.txt"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void What_a_beginning_left_that_was_broken_off_is_begun_anew()
    {
        using var study = new SmallStudy();
        File.Delete(Path.Combine(study.Folder, "study.json"));
        Study.Create(study.Folder, SmallStudy.Settings, SmallStudy.Data.Kept, SmallStudy.Data.HeldOut.Test);
        Assert.Equal(WorkerEnd.Done, study.Work());
    }

    [Fact]
    public void To_go_on_keeps_when_it_was_begun_and_writes_only_what_changes()
    {
        using var study = new SmallStudy();
        var created = study.Open().Created;
        var path = Path.Combine(study.Folder, "study.json");
        var before = File.GetLastWriteTimeUtc(path);
        study.Study.With(study.Study.Settings);
        Assert.Equal(before, File.GetLastWriteTimeUtc(path));
        study.Study.With(study.Study.Settings with { Trials = 9 });
        Assert.Equal((created, 9), (study.Open().Created, study.Study.Settings.Trials));
    }

    [Fact]
    public void Where_there_is_no_study_the_error_says_so()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<ConvNetException>(() => Study.Open(folder.Path));
        Assert.Equal("StudyNotFound", error.ErrorId);
    }

    [Fact]
    public void A_damaged_document_ends_in_one_error_whatever_the_damage()
    {
        using var study = new SmallStudy();
        var path = Path.Combine(study.Folder, "study.json");
        var whole = File.ReadAllBytes(path);
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            File.WriteAllBytes(path, Mutation.Of(whole, random));
            try
            {
                _ = study.Open().ReadTrials();
            }
            catch (ConvNetException e)
            {
                Assert.Equal("StudyInvalid", e.ErrorId);
            }
        }
    }

    [Fact]
    public void A_wrong_bit_anywhere_in_a_document_is_found()
    {
        using var study = new SmallStudy();
        var path = Path.Combine(study.Folder, "study.json");
        var whole = File.ReadAllBytes(path);
        // Every byte, and in turn all eight places in it.
        for (var bit = 0; bit < 8 * whole.Length; bit += 3)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            File.WriteAllBytes(path, damaged);
            Assert.Equal("StudyInvalid", Assert.Throws<ConvNetException>(study.Open).ErrorId);
        }
    }

    [Theory]
    [InlineData("\"trials\": 6", "\"trials\": 7", "it was changed after it was written")]
    [InlineData("\"sha256\"", "\"sha257\"", "it has no checksum")]
    [InlineData("\"middle\"", "\"top\"", "two classes are called 'top'")]
    public void A_document_that_was_changed_is_refused(string old, string changed, string reason)
    {
        using var study = new SmallStudy();
        var path = Path.Combine(study.Folder, "study.json");
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        var json = (System.Text.Json.Nodes.JsonObject)
            System.Text.Json.Nodes.JsonNode.Parse(text.Replace(old, changed, StringComparison.Ordinal))!;
        File.WriteAllBytes(
            path,
            changed == "\"top\"" ? PSConvNet.Files.JsonSum.ToBytes(json) : PSConvNet.Files.FileJson.ToBytes(json)
        );

        var error = Assert.Throws<ConvNetException>(study.Open);

        Assert.Equal("StudyInvalid", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_study_from_before_there_were_checksums_opens_and_gets_one_when_it_is_changed()
    {
        using var study = new SmallStudy();
        var path = Path.Combine(study.Folder, "study.json");
        var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json.Remove("sha256");
        json["formatVersion"] = 1;
        File.WriteAllText(path, json.ToJsonString());

        var opened = study.Open();
        Assert.Equal(6, opened.Settings.Trials);
        opened.With(opened.Settings with { Trials = 7 });

        Assert.Contains("\"sha256\"", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal(7, study.Open().Settings.Trials);
    }

    [Fact]
    public void A_study_from_when_there_was_a_choice_of_devices_opens()
    {
        using var study = new SmallStudy();
        var path = Path.Combine(study.Folder, "study.json");
        var json = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json["training"]!["device"] = "Cpu";
        File.WriteAllBytes(path, PSConvNet.Files.JsonSum.ToBytes(json));

        Assert.Equal(study.Study.Settings.Training, study.Open().Settings.Training);
    }

    [Fact]
    public void A_record_is_read_as_it_was_written_or_passed_over_and_named_whatever_the_damage()
    {
        using var study = new SmallStudy();
        study.Work(mostTrials: 2);
        var before = study.Table();
        var path = study.Study.Place.RecordOf(new TrialId(0));
        var whole = File.ReadAllBytes(path);
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            File.WriteAllBytes(path, Mutation.Of(whole, random));
            var opened = study.Open();
            var table = SmallStudy.Table(opened);
            if (table.Count == before.Count)
                Assert.Equal(before, table);
            else
                Assert.StartsWith(path, Assert.Single(opened.Damaged), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_wrong_bit_anywhere_in_a_record_is_found_or_changes_nothing()
    {
        using var study = new SmallStudy();
        study.Work(mostTrials: 1);
        var before = study.Table();
        var path = Record(study.Study, 0);
        var whole = File.ReadAllBytes(path);
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] damaged = [.. whole];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            File.WriteAllBytes(path, damaged);
            var table = study.Table();
            if (table.Count > 0)
                Assert.Equal(before, table);
            else
                Assert.StartsWith(path, Assert.Single(study.Study.Damaged), StringComparison.Ordinal);
        }
    }

    public static TheoryData<string, Action<Study>> Damages =>
        new()
        {
            { "deleted", study => File.Delete(Record(study, 0)) },
            { "truncated", study => File.WriteAllBytes(Record(study, 0), File.ReadAllBytes(Record(study, 0))[..100]) },
            { "empty", study => File.WriteAllBytes(Record(study, 0), []) },
            {
                "a changed value",
                study =>
                    File.WriteAllText(
                        Record(study, 0),
                        File.ReadAllText(Record(study, 0))
                            .Replace("\"value\": 0.", "\"value\": 0.9", StringComparison.Ordinal)
                    )
            },
            {
                "no checksum",
                study =>
                    File.WriteAllText(
                        Record(study, 0),
                        File.ReadAllText(Record(study, 0)).Replace("\"sha256\"", "\"sha257\"", StringComparison.Ordinal)
                    )
            },
            {
                "a link to nothing",
                study =>
                {
                    File.Delete(Record(study, 0));
                    File.CreateSymbolicLink(Record(study, 0), Path.Combine(study.Folder, "nothing"));
                }
            },
            { "another trial's", study => File.Copy(Record(study, 1), Record(study, 0), overwrite: true) },
        };

    [Theory]
    [MemberData(nameof(Damages), DisableDiscoveryEnumeration = true)]
    public void A_trial_whose_record_is_gone_or_damaged_is_done_again_to_the_same(string damage, Action<Study> harm)
    {
        using var study = new SmallStudy();
        study.Work();
        var before = study.Table();
        harm(study.Study);

        var opened = study.Open();
        Assert.Equal(5, opened.ReadTrials().Count);
        Assert.StartsWith("Trial 0 is run again.", Assert.Single(opened.Repair()), StringComparison.Ordinal);
        study.Work();

        Assert.True(before.SequenceEqual(study.Table()), damage);
        Assert.Empty(study.Open().Repair());
    }

    [Fact]
    public void Copies_of_a_record_under_other_names_are_neither_listed_nor_in_the_way()
    {
        using var study = new SmallStudy();
        study.Work(mostTrials: 2);
        var before = study.Table();
        foreach (var name in (string[])["00004", "000001", "00001-1", "00001-01", "00001 copy", "00077"])
            File.Copy(Record(study.Study, 1), Path.Combine(study.Study.Place.Trials, name + ".json"));

        Assert.Equal(before, study.Table());
        Assert.Equal(3, study.Study.Damaged.Count);
        _ = new SweepWatch(study.Open()).Look(out _);
        study.Work();

        Assert.Equal(6, study.Table(withReplicates: false).Count);
    }

    [Fact]
    public void A_claim_that_no_worker_made_is_passed_over()
    {
        using var study = new SmallStudy();
        study.Work(mostTrials: 1);
        File.WriteAllText(Path.Combine(study.Study.Place.Claims, "00001.2147483647"), "x");

        study.Work();

        Assert.Equal(6, study.Table().Count);
        Assert.DoesNotContain(
            Directory.GetFiles(study.Study.Place.Claims),
            path => path.Contains(".-", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Folders_that_were_deleted_are_made_again()
    {
        using var study = new SmallStudy();
        study.Work(mostTrials: 1);
        Directory.Delete(study.Study.Place.Trials, recursive: true);

        Assert.Single(study.Open().Repair());
        study.Work();

        Assert.Equal(6, study.Table().Count);
    }

    private static string Record(Study study, int number) => study.Place.RecordOf(new TrialId(number));

    [Fact]
    public void Images_that_were_changed_are_not_trained_on()
    {
        using var study = new SmallStudy();
        var path = Path.Combine(study.Folder, "data", "train-images.idx");
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<ConvNetException>(() => study.Work());
        Assert.Equal("StudyInvalid", error.ErrorId);
        Assert.StartsWith($"The study's data file {path} is damaged", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train-labels.idx", 3)]
    [InlineData("test-images.idx", 0)]
    [InlineData("validation-labels.idx", null)]
    public void A_data_file_that_is_cut_off_or_gone_is_the_one_that_the_error_names(string name, int? length)
    {
        using var study = new SmallStudy();
        var path = Path.Combine(study.Folder, "data", name);
        if (length is { } rest)
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..rest]);
        else
            File.Delete(path);

        var error = Assert.Throws<ConvNetException>(() => study.Work());

        Assert.StartsWith($"The study's data file {path} is damaged", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 0, 2)]
    [InlineData(1, 0, 0, 2)]
    [InlineData(1, 1, -1, 2)]
    [InlineData(1, 1, 0, -1)]
    public void Settings_that_cannot_be_are_refused(int trials, int best, int replicate, int retry)
    {
        var settings = SmallStudy.Settings with { Trials = trials, Best = best, Replicate = replicate, Retry = retry };
        Assert.Equal("SweepOptionInvalid", Assert.Throws<ConvNetException>(settings.Validate).ErrorId);
    }

    [Theory]
    [InlineData("train-images.idx", 4, 0x7F)]
    [InlineData("test-images.idx", 3, 200)]
    [InlineData("validation-labels.idx", 7, 1)]
    [InlineData("train-labels.idx", 2, 8)]
    public void A_data_file_whose_header_says_other_than_it_holds_is_the_one_that_the_error_names(
        string name,
        int at,
        byte value
    )
    {
        using var study = new SmallStudy();
        var path = Path.Combine(study.Folder, "data", name);
        var bytes = File.ReadAllBytes(path);
        bytes[at] = value;
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<ConvNetException>(() => study.Work());

        Assert.StartsWith(
            $"The study's data file {path} is damaged: its header",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_folder_in_the_place_of_a_record_is_passed_over_by_name_and_in_the_way_by_name()
    {
        using var study = new SmallStudy();
        study.Work(mostTrials: 2);
        var path = Record(study.Study, 0);
        File.Delete(path);
        Directory.CreateDirectory(path);

        var opened = study.Open();
        Assert.Single(opened.ReadTrials());
        Assert.Contains("it is a folder", Assert.Single(opened.Damaged), StringComparison.Ordinal);
        Assert.Contains("it is a folder", Assert.Single(opened.Repair()), StringComparison.Ordinal);
        var error = Assert.Throws<ConvNetException>(() => study.Work());

        Assert.Equal("FileNotWritten", error.ErrorId);
        Assert.Contains($"{path} is a folder; move it away", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_place_of_a_claim_is_a_turn_that_nobody_is_at()
    {
        using var study = new SmallStudy();
        Directory.CreateDirectory(ClaimFile.PathOf(study.Study.Place, new TrialId(0), 1));

        Assert.Equal(WorkerEnd.Done, study.Work());

        Assert.Equal(6, study.Table().Count);
    }

    [SkippableTheory]
    [InlineData("study.json", "FileNotReadable")]
    [InlineData("data/train-images.idx", "StudyInvalid")]
    [InlineData("data/test-labels.idx", "StudyInvalid")]
    public void A_folder_or_a_pipe_in_the_place_of_a_study_s_file_is_said_to_be_one(string name, string errorId)
    {
        Skip.If(OperatingSystem.IsWindows(), "mkfifo is of Unix");
        using var study = new SmallStudy();
        var path = Path.Combine(study.Folder, name);
        File.Delete(path);
        Directory.CreateDirectory(path);
        var folder = Assert.Throws<ConvNetException>(() => study.Open().ReadData());
        Directory.Delete(path);
        using (var process = System.Diagnostics.Process.Start("mkfifo", path))
            process.WaitForExit();
        var pipe = Assert.Throws<ConvNetException>(() => study.Open().ReadData());

        Assert.Equal((errorId, errorId), (folder.ErrorId, pipe.ErrorId));
        Assert.Contains("it is a folder, not a file", folder.Message, StringComparison.Ordinal);
        Assert.Contains("it is a pipe or a device", pipe.Message, StringComparison.Ordinal);
        Assert.All([folder, pipe], error => Assert.Contains(path, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("permission", folder.Message + pipe.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_place_of_a_marker_is_named()
    {
        using var study = new SmallStudy();
        var path = ClaimFile.DonePathOf(study.Study.Place, new TrialId(0));
        Directory.CreateDirectory(path);

        var error = Assert.Throws<ConvNetException>(() => study.Open().Repair());

        Assert.Equal("FileNotWritten", error.ErrorId);
        Assert.Contains($"{path} is a folder; move it away", error.Message, StringComparison.Ordinal);
    }
}
