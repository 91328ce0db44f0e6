using System.Management.Automation;
using Microsoft.Extensions.Time.Testing;
using PSConvNet.Commands;

namespace PSConvNet.Module.Tests.Stopping;

/// <summary>What a command's progress writes, without a clock.</summary>
public sealed class CommandProgressTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<ProgressRecord> _records = [];
    private readonly CommandProgress _progress;

    public CommandProgressTests() => _progress = new CommandProgress(_records.Add, 301, _time);

    [Fact]
    public void Progress_is_due_at_once_and_then_five_times_a_second()
    {
        Assert.True(_progress.IsDue());
        var due = 0;
        for (var i = 0; i < 1000; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            due += _progress.IsDue() ? 1 : 0;
        }
        Assert.Equal(50, due);
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(5, 500)]
    [InlineData(300, 1000)]
    public void A_terminal_that_paints_slowly_gets_less_to_paint(int painting, int interval)
    {
        var progress = new CommandProgress(_ => _time.Advance(TimeSpan.FromMilliseconds(painting)), 301, _time);
        progress.Show("first", "half", 0.5);
        Assert.True(progress.IsDue());

        _time.Advance(TimeSpan.FromMilliseconds(interval - 1));
        Assert.False(progress.IsDue());
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(progress.IsDue());
    }

    [Fact]
    public void Progress_of_the_next_activity_is_due_at_once()
    {
        Assert.True(_progress.IsDue());
        _progress.Show("first", "half", 0.5);
        Assert.False(_progress.IsDue());
        _progress.Complete();
        Assert.True(_progress.IsDue());
    }

    [Fact]
    public void A_record_says_what_is_done_and_how_much_of_it()
    {
        _progress.Show("Training", "epoch 1", 0.256, TimeSpan.FromSeconds(75.5));
        _progress.Show("Training", "", 7, TimeSpan.MaxValue);
        Assert.Equal(
            [
                (301, -1, "Training", "epoch 1", 25, 75, ProgressRecordType.Processing),
                (301, -1, "Training", " ", 100, int.MaxValue, ProgressRecordType.Processing),
            ],
            _records.Select(Parts)
        );
    }

    [Fact]
    public void What_was_shown_is_taken_away_once_and_what_lies_below_before_it()
    {
        _progress.Show("Sweep", "0 of 4", 0);
        _progress.Show("trial 1", "epoch 1", 0.1, below: 1);
        _progress.Show("trial 2", "epoch 1", 0.1, below: 2);
        Assert.Equal([-1, 301, 301], _records.Select(record => record.ParentActivityId));
        _records.Clear();

        _progress.Complete(1);
        _progress.Complete(1);
        _progress.Clear();
        _progress.Clear();

        Assert.Equal(
            [(302, "trial 1"), (303, "trial 2"), (301, "Sweep")],
            _records.Select(r => (r.ActivityId, r.Activity))
        );
        Assert.All(_records, record => Assert.Equal(ProgressRecordType.Completed, record.RecordType));
    }

    [Fact]
    public void Nothing_is_written_where_nothing_was_shown()
    {
        _progress.Complete();
        _progress.Clear();
        Assert.Empty(_records);
    }

    private static (int, int, string, string, int, int, ProgressRecordType) Parts(ProgressRecord record) =>
        (
            record.ActivityId,
            record.ParentActivityId,
            record.Activity,
            record.StatusDescription,
            record.PercentComplete,
            record.SecondsRemaining,
            record.RecordType
        );
}
