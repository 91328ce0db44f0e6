using System.Globalization;
using System.Text;

namespace PSConvNet.Shell;

/// <summary>Paints a prompt and the text being edited, over as many rows as it needs, and puts the cursor where it belongs.</summary>
internal sealed class LineView(Terminal terminal, string prompt)
{
    /// <summary>What stands before every line but the first.</summary>
    private const string Continuation = ">> ";
    private int _cursorRow;

    /// <summary>Paints over what was painted before.</summary>
    public void Paint(EditBuffer buffer)
    {
        var width = terminal.Width;
        var continuation = terminal.OutputColour ? Colour.Paint(Continuation, Colour.Grey) : Continuation;
        // The cursor is hidden meanwhile, or it would be seen running about.
        var screen = new StringBuilder("\e[?25l").Append(ToFirstRow()).Append("\e[J").Append(prompt);
        var (row, column) = EndOf(prompt, width);
        var cursor = (Row: row, Column: column);

        for (var i = 0; i < buffer.Text.Length; )
        {
            if (i == buffer.Cursor)
                cursor = (row, column);
            var length = StringInfo.GetNextTextElementLength(buffer.Text.AsSpan(i));
            if (buffer.Text[i] is '\n')
            {
                screen.Append("\r\n").Append(continuation);
                (row, column) = (row + 1, Continuation.Length);
                length = 1;
            }
            else
            {
                var cells = CellWidth.OfElement(buffer.Text, i);
                if (column + cells > width)
                    (row, column) = (row + 1, 0);
                // A control character that got in by a paste would act instead of being seen.
                screen.Append(char.IsControl(buffer.Text[i]) ? "" : buffer.Text.AsSpan(i, length));
                column += cells;
            }
            i += length;
        }
        // A terminal goes to the next row only when the letter after the last column comes.
        if (column >= width)
        {
            screen.Append("\r\n");
            (row, column) = (row + 1, 0);
        }
        if (buffer.Cursor == buffer.Text.Length)
            cursor = (row, column);
        else if (cursor.Column >= width)
            cursor = (cursor.Row + 1, 0);

        screen.Append(Up(row - cursor.Row)).Append('\r').Append(Right(cursor.Column)).Append("\e[?25h");
        terminal.Draw(screen.ToString());
        _cursorRow = cursor.Row;
    }

    /// <summary>Leaves the text on the screen and goes to the row below it.</summary>
    public void Leave(EditBuffer buffer)
    {
        buffer.Set(buffer.Text);
        Paint(buffer);
        terminal.Draw("\r\n");
        _cursorRow = 0;
    }

    /// <summary>Clears the screen; the next painting starts at its top.</summary>
    public void ClearScreen()
    {
        terminal.Draw("\e[H\e[2J");
        _cursorRow = 0;
    }

    private string ToFirstRow() => Up(_cursorRow) + "\r";

    private static string Up(int rows) => rows > 0 ? string.Create(CultureInfo.InvariantCulture, $"\e[{rows}A") : "";

    private static string Right(int columns) =>
        columns > 0 ? string.Create(CultureInfo.InvariantCulture, $"\e[{columns}C") : "";

    // A prompt may have several lines, and a line of it may be wider than the screen.
    private static (int Row, int Column) EndOf(string text, int width)
    {
        var (row, column) = (-1, 0);
        foreach (var line in text.Split('\n'))
        {
            var cells = CellWidth.Of(line.TrimEnd('\r'));
            var wrapped = Math.Max(0, cells - 1) / width;
            (row, column) = (row + 1 + wrapped, cells - (wrapped * width));
        }
        return (row, column);
    }
}
