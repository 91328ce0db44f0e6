using System.Management.Automation;
using System.Management.Automation.Internal;
using Spectre.Console;

namespace PSConvNet.Shell;

/// <summary>
/// The console as the shell sees it: which streams are a terminal, whether they take colour, how wide it is. All output passes
/// here, so that the status line is gone before anything else is written.
/// </summary>
internal sealed class Terminal
{
    private const int RedirectedWidth = 120;
    private const string EraseLine = "\r\e[K";
    private readonly Lock _lock = new();
    private bool _statusShown;
    private bool _atLineStart = true;

    /// <summary>Whether standard input is a keyboard.</summary>
    public bool InputIsTerminal { get; } = !Console.IsInputRedirected;

    /// <summary>Whether standard output is a screen.</summary>
    public bool OutputIsTerminal { get; } = !Console.IsOutputRedirected;

    /// <summary>Whether standard error is a screen.</summary>
    public bool ErrorIsTerminal { get; } = !Console.IsErrorRedirected;

    /// <summary>Whether the terminal understands control sequences at all; on Windows asking also switches them on.</summary>
    public bool UnderstandsControl { get; } =
        OperatingSystem.IsWindows()
            ? AnsiConsole.Profile.Capabilities.Ansi
            : Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>Whether colours are wanted (https://no-color.org), should the terminal understand them.</summary>
    public bool ColourWanted { get; } = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Whether standard output takes colour.</summary>
    public bool OutputColour => OutputIsTerminal && UnderstandsControl && ColourWanted;

    /// <summary>Whether standard error takes colour.</summary>
    public bool ErrorColour => ErrorIsTerminal && UnderstandsControl && ColourWanted;

    /// <summary>Whether a line can be repainted: both streams must be the screen, or it would leave traces in a file.</summary>
    public bool CanRepaint => OutputIsTerminal && ErrorIsTerminal && UnderstandsControl;

    /// <summary>Columns of the screen; 120 where there is none.</summary>
    public int Width => OutputIsTerminal && Console.WindowWidth is var width and > 0 ? width : RedirectedWidth;

    /// <summary>Writes to standard output.</summary>
    public void Write(string text) => Write(Console.Out, text, OutputColour);

    /// <summary>Writes to standard error.</summary>
    public void WriteError(string text) => Write(Console.Error, text, ErrorColour);

    /// <summary>Writes a question where the person sees it: standard error when output goes to a file.</summary>
    public void WritePrompt(string text)
    {
        if (OutputIsTerminal)
            Write(text);
        else
            WriteError(text);
    }

    /// <summary>Writes control sequences of a line editor as they are; for a terminal only.</summary>
    public void Draw(string text)
    {
        lock (_lock)
        {
            ClearStatus();
            Console.Out.Write(text);
            _atLineStart = true;
        }
    }

    /// <summary>Goes to a line of its own where output ended in the middle of one.</summary>
    public void StartLine()
    {
        if (!_atLineStart)
            Write(Environment.NewLine);
    }

    /// <summary>Shows one line below the output until the next write; nothing happens in the middle of a line of output.</summary>
    /// <param name="text">The line, no wider than the screen.</param>
    public void ShowStatus(string text)
    {
        lock (_lock)
        {
            if (!CanRepaint || !_atLineStart)
                return;
            Console.Out.Write(EraseLine + (OutputColour ? text : Plain(text)));
            _statusShown = true;
        }
    }

    /// <summary>Removes the status line.</summary>
    public void ClearStatus()
    {
        lock (_lock)
        {
            if (!_statusShown)
                return;
            Console.Out.Write(EraseLine);
            _statusShown = false;
        }
    }

    private static string Plain(string text) => new StringDecorated(text).ToString(OutputRendering.PlainText);

    private void Write(TextWriter writer, string text, bool colour)
    {
        if (text.Length == 0)
            return;
        var shown = colour ? text : Plain(text);
        lock (_lock)
        {
            ClearStatus();
            writer.Write(shown);
            _atLineStart = text[^1] is '\n';
        }
    }
}
