using System.Management.Automation;
using System.Text;

namespace PSConvNet.Notebook.Tests.Running;

public class CellScreenTests
{
    private readonly Recorder _output = new();

    [Fact]
    public void Text_reaches_the_output_soon_without_the_cell_s_end()
    {
        using var screen = new CellScreen(_output);
        screen.Write(isError: false, "a");

        Assert.True(SpinWait.SpinUntil(() => _output.Text == "a", TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void A_character_in_two_halves_is_never_sent_in_two()
    {
        var letter = "😀";
        using (var screen = new CellScreen(_output))
        {
            screen.Write(isError: false, letter[..1]);
            Thread.Sleep(200);
            Assert.Equal("", _output.Text);
            screen.Write(isError: false, letter[1..]);
        }
        Assert.Equal(letter, _output.Text);
    }

    [Fact]
    public void Progress_is_shown_five_times_a_second_at_most_and_its_last_state_always()
    {
        var records = 0;
        var end = DateTime.UtcNow.AddSeconds(1.1);
        using (var screen = new CellScreen(_output))
        {
            while (DateTime.UtcNow < end)
            {
                screen.Report(1, new ProgressRecord(1, "work", $"step {++records}") { PercentComplete = 50 });
                Thread.Sleep(1);
            }
        }
        Assert.InRange(records, 50, int.MaxValue);
        Assert.InRange(_output.Displays.Count, 4, 8);
        Assert.Contains($"step {records}", _output.Displays[^1].Plain, StringComparison.Ordinal);
        Assert.Single(_output.Ids.Distinct());
    }

    [Fact]
    public void Progress_that_is_done_before_it_was_shown_is_not_shown()
    {
        using (var screen = new CellScreen(_output))
            screen.Report(1, new ProgressRecord(1, "work", "done") { RecordType = ProgressRecordType.Completed });

        Assert.Empty(_output.Displays);
    }

    [Fact]
    public void What_is_captured_is_not_shown()
    {
        using var screen = new CellScreen(_output);

        var text = CellScreen.Capture(() => screen.Write(isError: false, "inner"));
        screen.Flush();

        Assert.Equal("inner", text);
        Assert.Equal("", _output.Text);
    }

    private sealed class Recorder : ICellOutput
    {
        private readonly StringBuilder _text = new();

        public string Text
        {
            get
            {
                lock (_text)
                    return _text.ToString();
            }
        }

        public List<MimeBundle> Displays { get; } = [];

        public List<string?> Ids { get; } = [];

        public void Stream(bool isError, string text)
        {
            lock (_text)
                _text.Append(text);
        }

        public void Display(MimeBundle data, string? displayId) => Update(displayId!, data);

        public void Update(string displayId, MimeBundle data)
        {
            Displays.Add(data);
            Ids.Add(displayId);
        }

        public void Result(MimeBundle data) { }

        public void Error(CellError error) { }

        public void Clear(bool wait) { }

        public void Page(string text) { }
    }
}
