using Microsoft.Extensions.Time.Testing;
using PSConvNet.Tests.Files;
using PSConvNet.Tests.Runtime;
using Xunit.Abstractions;

namespace PSConvNet.Tests.Sweeps;

/// <summary>
/// A worker that ends, or whose disk fails, at each operation on a study's files in turn: claims, beats, records, models, markers. What is found
/// is the state before or after, and who goes on does the trial once.
/// </summary>
public sealed class StudyCrashTests(ITestOutputHelper output) : IDisposable
{
    private static readonly StudySettings s_settings = SmallStudy.Settings with
    {
        Space = new SweepSpace([new ChoiceParameter("Units", [4]), new ChoiceParameter("LearningRate", [0.01])]),
        Trials = 1,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_trial_of_a_study(bool dies)
    {
        var expected = Create("undisturbed");
        Work(expected, StudyDisk.Plain);
        var table = SmallStudy.Table(Open(expected));
        var (number, study) = (0, "");

        var points = CrashPoints.AtEach(
            dies,
            disk =>
            {
                // Only what the worker does is disturbed.
                WritingDisk.Use(null);
                study = Create($"{number++}");
                WritingDisk.Use(disk);
                Work(study, new FailingStudyDisk(disk));
            },
            () =>
            {
                var found = SmallStudy.Table(Open(study));
                Assert.Empty(Study.Open(study).Damaged);
                Assert.All(
                    found,
                    row => Assert.True(row == table[0] || !row.Contains("Completed", StringComparison.Ordinal), row)
                );
                var isDone = found.Count > 0 && found[0] == table[0];
                Open(study).Repair();

                // A disk that failed where nothing depends on it has let the worker come to its end.
                Assert.InRange(Work(study, StudyDisk.Plain), 0, isDone ? 0 : 1);
                Assert.Equal(table, SmallStudy.Table(Open(study)));
                Assert.Equal(0, Work(study, StudyDisk.Plain));
                Directory.Delete(study, recursive: true);
            }
        );

        output.WriteLine($"{points} points");
        Assert.InRange(points, 20, 500);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_study_s_own_file_and_its_images(bool dies)
    {
        var study = _folder.File("study");

        var points = CrashPoints.AtEach(
            dies,
            () =>
            {
                if (Directory.Exists(study))
                    Directory.Delete(study, recursive: true);
                Create("study");
            },
            () =>
            {
                if (!Study.Exists(study))
                    Create("study");
                Assert.Equal(s_settings.Seed, Open(study).Settings.Seed);
                Open(study).ReadData();
            }
        );

        output.WriteLine($"{points} points");
        Assert.InRange(points, 20, 200);
    }

    private string Create(string name)
    {
        var folder = _folder.File(name);
        Study.Create(folder, s_settings, SmallStudy.Data.Kept, SmallStudy.Data.HeldOut.Test);
        return folder;
    }

    private static Study Open(string folder) => Study.Open(folder, _ => _ => true);

    /// <summary>Works on a study as a process that is gone by the time that somebody looks.</summary>
    /// <returns>How many trials were run to their end.</returns>
    private static int Work(string folder, StudyDisk disk)
    {
        // Whoever waits for a worker that is gone sees time go by.
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(20) };
        var host = WorkerHost.This with { Disk = disk, Process = int.MaxValue, Time = time };
        var done = 0;
        SweepWorker.Run(
            Study.Open(new StudyFolder(folder) { Host = host }, _ => _ => true),
            SmallStudy.Layers,
            null,
            _ => done++,
            CancellationToken.None
        );
        return done;
    }

    private sealed class FailingStudyDisk(CrashPoints.FailingDisk disk) : StudyDisk
    {
        public override FileStream? Create(string path)
        {
            disk.Come();
            return base.Create(path);
        }

        public override void Overwrite(FileStream file, ReadOnlySpan<byte> bytes, bool toDisk)
        {
            var half = bytes[..(bytes.Length / 2)].ToArray();
            disk.Come(() => base.Overwrite(file, half, toDisk: false));
            base.Overwrite(file, bytes, toDisk);
        }

        public override void Mark(string path)
        {
            disk.Come();
            base.Mark(path);
        }

        public override void Delete(string path)
        {
            disk.Come();
            base.Delete(path);
        }
    }
}
