using System.Management.Automation;
using System.Management.Automation.Host;

namespace PSConvNet.Shell;

/// <summary>The screen as a grid of cells. Where there is none, sizes are fixed and what needs one says so.</summary>
internal sealed class ShellRawUserInterface(Terminal terminal) : PSHostRawUserInterface
{
    private const ConsoleColor TerminalDefault = (ConsoleColor)(-1);
    private const int RedirectedHeight = 50;

    /// <inheritdoc />
    public override ConsoleColor ForegroundColor { get; set; } = TerminalDefault;

    /// <inheritdoc />
    public override ConsoleColor BackgroundColor { get; set; } = TerminalDefault;

    /// <inheritdoc />
    public override Size BufferSize
    {
        get => WindowSize;
        set { } // A terminal's buffer belongs to its user.
    }

    /// <inheritdoc />
    public override Size WindowSize
    {
        get =>
            new(
                terminal.Width,
                terminal.OutputIsTerminal && Console.WindowHeight is var rows and > 0 ? rows : RedirectedHeight
            );
        set { }
    }

    /// <inheritdoc />
    public override Size MaxWindowSize => WindowSize;

    /// <inheritdoc />
    public override Size MaxPhysicalWindowSize => WindowSize;

    /// <inheritdoc />
    public override Coordinates WindowPosition { get; set; }

    /// <inheritdoc />
    public override Coordinates CursorPosition
    {
        get
        {
            if (!terminal.OutputIsTerminal || !terminal.InputIsTerminal)
                return default;
            var (left, top) = Console.GetCursorPosition();
            return new(left, top);
        }
        set
        {
            if (terminal.OutputIsTerminal)
                Console.SetCursorPosition(value.X, value.Y);
        }
    }

    /// <inheritdoc />
    public override int CursorSize { get; set; } = 25;

    /// <inheritdoc />
    public override bool KeyAvailable => terminal.InputIsTerminal && Console.KeyAvailable;

    /// <inheritdoc />
    public override string WindowTitle
    {
        get => OperatingSystem.IsWindows() && terminal.OutputIsTerminal ? Console.Title : _title;
        set
        {
            _title = value;
            if (terminal.OutputIsTerminal)
                Console.Title = value;
        }
    }

    private string _title = "psconvnet";

    /// <inheritdoc />
    public override void FlushInputBuffer()
    {
        while (KeyAvailable)
            Console.ReadKey(intercept: true);
    }

    /// <inheritdoc />
    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        if (!terminal.InputIsTerminal)
            throw new HostException("No key can be read: standard input is not a terminal.");
        var key = Console.ReadKey(options.HasFlag(ReadKeyOptions.NoEcho));
        return new((int)key.Key, key.KeyChar, ControlKeys(key.Modifiers), keyDown: true);
    }

    /// <inheritdoc />
    public override int LengthInBufferCells(string source, int offset) => CellWidth.Of(source.AsSpan(offset));

    /// <inheritdoc />
    public override int LengthInBufferCells(string source) => CellWidth.Of(source);

    /// <inheritdoc />
    public override int LengthInBufferCells(char source) => CellWidth.Of([source]);

    /// <inheritdoc />
    // The one use scripts make of this is to clear the screen: Clear-Host on Windows fills everything with blanks.
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        if (!terminal.OutputIsTerminal)
            return;
        var everything = rectangle is { Left: -1, Top: -1, Right: -1, Bottom: -1 };
        if (!everything)
            throw NoCells();
        terminal.Write("\e[H\e[2J\e[3J");
    }

    /// <inheritdoc />
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NoCells();

    /// <inheritdoc />
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NoCells();

    /// <inheritdoc />
    public override void ScrollBufferContents(
        Rectangle source,
        Coordinates destination,
        Rectangle clip,
        BufferCell fill
    ) => throw NoCells();

    private static ControlKeyStates ControlKeys(ConsoleModifiers modifiers) =>
        (modifiers.HasFlag(ConsoleModifiers.Alt) ? ControlKeyStates.LeftAltPressed : 0)
        | (modifiers.HasFlag(ConsoleModifiers.Control) ? ControlKeyStates.LeftCtrlPressed : 0)
        | (modifiers.HasFlag(ConsoleModifiers.Shift) ? ControlKeyStates.ShiftPressed : 0);

    private static HostException NoCells() => new("A terminal's cells can't be read or moved; write text instead.");
}
