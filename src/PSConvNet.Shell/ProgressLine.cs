using System.Globalization;
using System.Text;
using Spectre.Console;

namespace PSConvNet.Shell;

/// <summary>Draws activities as one line: names, a bar, per cent, status, time left.</summary>
internal sealed class ProgressLine(Terminal terminal)
{
    private const string Spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private const string PlainSpinner = "|/-\\";
    private readonly StringBuilder _buffer = new();
    private readonly Style _bold = new(decoration: Decoration.Bold);
    private readonly Style _done = new(Color.Green);
    private readonly Style _rest = new(Color.Grey);
    private IAnsiConsole? _console;

    /// <summary>The line for a chain of activities, outermost first, with the terminal's control sequences for colour.</summary>
    /// <param name="chain">Outermost first; at least one.</param>
    /// <param name="frame">A number that grows with every painting.</param>
    // The bar is the outermost activity's, for that is how long one waits; the status the innermost's, for that is what moves.
    public string Draw(IReadOnlyList<Activity> chain, int frame)
    {
        // A console over a buffer turns styles into text; made at first use, since most runs show no progress.
        _console ??= AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = terminal.OutputColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(new StringWriter(_buffer, CultureInfo.InvariantCulture)),
            }
        );
        _buffer.Clear();
        // The last column stays free: a terminal wraps when it is written.
        var left = terminal.Width - 1;
        _console.Profile.Width = terminal.Width;
        var unicode = Console.OutputEncoding.WebName.StartsWith("utf", StringComparison.Ordinal);
        var outer = chain.FirstOrDefault(a => a.Percent >= 0);

        Put(string.Join(unicode ? " › " : " > ", chain.Select(a => a.Name)), _bold, ref left);
        Put(" ", Style.Plain, ref left);
        if (outer is null)
        {
            var spinner = unicode ? Spinner : PlainSpinner;
            Put(spinner[frame % spinner.Length].ToString(), _done, ref left);
        }
        else
        {
            var percent = Math.Min(outer.Percent, 100);
            var width = Math.Clamp(terminal.Width / 5, 8, 24);
            var done = width * percent / 100;
            Put(new string(unicode ? '━' : '#', done), _done, ref left);
            Put(new string(unicode ? '─' : '-', width - done), _rest, ref left);
            Put(string.Create(CultureInfo.InvariantCulture, $" {percent, 3}%"), Style.Plain, ref left);
        }

        // Where not all fits, the status is cut, and on a very narrow screen the time left goes before it is.
        var time = chain.FirstOrDefault(a => a.SecondsLeft >= 0) is { } timed
            ? $" {Clock(timed.SecondsLeft)} left"
            : "";
        if (time.Length > left)
            time = "";
        var room = left - time.Length;
        Put(Status(chain[^1]), Style.Plain, ref room);
        Put(time, _rest, ref left);
        return _buffer.ToString();
    }

    private static string Status(Activity activity) =>
        string.Concat(
            new[] { activity.Status, activity.Operation }.Where(t => !string.IsNullOrWhiteSpace(t)).Select(t => " " + t)
        );

    private static string Clock(int seconds)
    {
        var time = TimeSpan.FromSeconds(seconds);
        return time.TotalHours >= 1
            ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
            : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
    }

    private void Put(string text, Style style, ref int left)
    {
        // Line breaks would break the line, and other control characters do worse.
        var line = CellWidth.Fit(string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)), left);
        left -= CellWidth.Of(line);
        if (line.Length > 0)
            _console!.Write(new Text(line, style));
    }
}
