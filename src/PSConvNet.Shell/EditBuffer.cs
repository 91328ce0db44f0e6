using System.Globalization;

namespace PSConvNet.Shell;

/// <summary>The text being edited and the cursor in it; moves by what a person calls a letter, never into the middle of one.</summary>
internal sealed class EditBuffer
{
    /// <summary>The text; lines are separated by a line feed.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Where the next letter goes: 0 up to the length of the text.</summary>
    public int Cursor { get; private set; }

    /// <summary>Replaces everything and moves to the end.</summary>
    public void Set(string text) => (Text, Cursor) = (text, text.Length);

    /// <summary>Inserts at the cursor.</summary>
    public void Insert(string text) => Replace(Cursor, 0, text);

    /// <summary>Replaces a part and moves behind what replaced it.</summary>
    public void Replace(int start, int length, string text)
    {
        Text = Text.Remove(start, length).Insert(start, text);
        Cursor = start + text.Length;
    }

    /// <summary>Moves one letter to the left.</summary>
    public void Left() => Cursor = PreviousLetter();

    /// <summary>Moves one letter to the right.</summary>
    public void Right() => Cursor = NextLetter();

    /// <summary>Moves to the start of the word at or before the cursor.</summary>
    public void WordLeft() => Cursor = PreviousWord();

    /// <summary>Moves behind the word at or after the cursor.</summary>
    public void WordRight() => Cursor = NextWord();

    /// <summary>Moves to the start of the line.</summary>
    public void Home() => Cursor = LineStart();

    /// <summary>Moves to the end of the line.</summary>
    public void End() => Cursor = LineEnd();

    /// <summary>Moves one line up, to the same column or the line's end.</summary>
    /// <returns>False where there is none above.</returns>
    public bool Up()
    {
        var start = LineStart();
        if (start == 0)
            return false;
        var column = Cursor - start;
        Cursor = start - 1;
        Cursor = Math.Min(LineStart() + column, start - 1);
        return true;
    }

    /// <summary>Moves one line down, to the same column or the line's end.</summary>
    /// <returns>False where there is none below.</returns>
    public bool Down()
    {
        var end = LineEnd();
        if (end == Text.Length)
            return false;
        var column = Cursor - LineStart();
        Cursor = end + 1;
        Cursor = Math.Min(Cursor + column, LineEnd());
        return true;
    }

    /// <summary>Deletes the letter before the cursor.</summary>
    public void DeleteLeft() => Cut(PreviousLetter(), Cursor);

    /// <summary>Deletes the letter at the cursor.</summary>
    public void DeleteRight() => Cut(Cursor, NextLetter());

    /// <summary>Deletes back to the start of the word.</summary>
    public void DeleteWordLeft() => Cut(PreviousWord(), Cursor);

    /// <summary>Deletes up to the end of the word.</summary>
    public void DeleteWordRight() => Cut(Cursor, NextWord());

    /// <summary>Deletes back to the start of the line.</summary>
    public void DeleteToStart() => Cut(LineStart(), Cursor);

    /// <summary>Deletes up to the end of the line.</summary>
    public void DeleteToEnd() => Cut(Cursor, LineEnd());

    private void Cut(int start, int end) => Replace(start, end - start, "");

    private int LineStart() => Cursor == 0 ? 0 : Text.LastIndexOf('\n', Cursor - 1) + 1;

    private int LineEnd() => Text.IndexOf('\n', Cursor) is var end and >= 0 ? end : Text.Length;

    private int NextLetter() =>
        Cursor + (Cursor < Text.Length ? StringInfo.GetNextTextElementLength(Text.AsSpan(Cursor)) : 0);

    private int PreviousLetter()
    {
        var previous = 0;
        for (var i = 0; i < Cursor; i += StringInfo.GetNextTextElementLength(Text.AsSpan(i)))
            previous = i;
        return previous;
    }

    private int PreviousWord()
    {
        var i = Cursor;
        while (i > 0 && !char.IsLetterOrDigit(Text[i - 1]))
            i--;
        while (i > 0 && char.IsLetterOrDigit(Text[i - 1]))
            i--;
        return i;
    }

    private int NextWord()
    {
        var i = Cursor;
        while (i < Text.Length && !char.IsLetterOrDigit(Text[i]))
            i++;
        while (i < Text.Length && char.IsLetterOrDigit(Text[i]))
            i++;
        return i;
    }
}
