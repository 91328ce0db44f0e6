using System.Management.Automation.Host;

namespace PSConvNet.Notebook;

/// <summary>A page of fixed width, without cells that could be read back, and without keys.</summary>
internal sealed class NotebookRawUserInterface(Action clear) : PSHostRawUserInterface
{
    private const ConsoleColor FrontendsOwn = (ConsoleColor)(-1);

    // What fits a notebook's page on a common screen.
    private static readonly Size s_page = new(120, 50);

    /// <inheritdoc />
    public override ConsoleColor ForegroundColor { get; set; } = FrontendsOwn;

    /// <inheritdoc />
    public override ConsoleColor BackgroundColor { get; set; } = FrontendsOwn;

    /// <inheritdoc />
    public override Size BufferSize
    {
        get => s_page;
        set { } // The page belongs to the frontend.
    }

    /// <inheritdoc />
    public override Size WindowSize
    {
        get => s_page;
        set { }
    }

    /// <inheritdoc />
    public override Size MaxWindowSize => s_page;

    /// <inheritdoc />
    public override Size MaxPhysicalWindowSize => s_page;

    /// <inheritdoc />
    public override Coordinates WindowPosition { get; set; }

    /// <inheritdoc />
    public override Coordinates CursorPosition { get; set; }

    /// <inheritdoc />
    public override int CursorSize { get; set; } = 25;

    /// <inheritdoc />
    public override bool KeyAvailable => false;

    /// <inheritdoc />
    public override string WindowTitle { get; set; } = "";

    /// <inheritdoc />
    public override void FlushInputBuffer() { }

    /// <inheritdoc />
    public override KeyInfo ReadKey(ReadKeyOptions options) =>
        throw new HostException("A notebook reads lines, not keys; use Read-Host.");

    /// <inheritdoc />
    // The one use scripts make of this is to clear the screen.
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        if (rectangle is not { Left: -1, Top: -1, Right: -1, Bottom: -1 })
            throw NoCells();
        clear();
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

    private static HostException NoCells() =>
        new("A notebook has no screen that can be read or moved; write text instead.");
}
