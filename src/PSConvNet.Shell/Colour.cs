namespace PSConvNet.Shell;

/// <summary>The terminal's own sixteen colours as control sequences.</summary>
internal static class Colour
{
    /// <summary>Errors.</summary>
    public const string Red = "\e[31;1m";

    /// <summary>Warnings, verbose and debug messages, as pwsh shows them.</summary>
    public const string Yellow = "\e[33;1m";

    /// <summary>The prompt.</summary>
    public const string Cyan = "\e[36m";

    /// <summary>Hints that should not shout.</summary>
    public const string Grey = "\e[90m";

    /// <summary>Back to the terminal's default.</summary>
    public const string Reset = "\e[0m";

    /// <summary>Colours every line of a text by itself, so that a pager or a cut leaves no colour behind.</summary>
    public static string Paint(string text, string colour) =>
        text.Length == 0
            ? text
            : string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? line : colour + line + Reset));

    /// <summary>Colours a text with the console's colours; a value outside the enum means the default.</summary>
    public static string Paint(string text, ConsoleColor foreground, ConsoleColor background)
    {
        var colour = (Sgr(foreground, 30), Sgr(background, 40)) switch
        {
            (null, null) => null,
            (var one, null) => $"\e[{one}m",
            (null, var other) => $"\e[{other}m",
            var (one, other) => $"\e[{one};{other}m",
        };
        return colour is null ? text : Paint(text, colour);
    }

    // ConsoleColor counts blue as bit 0 and red as bit 2; terminals count the other way round.
    private static int? Sgr(ConsoleColor colour, int first)
    {
        if (!Enum.IsDefined(colour))
            return null;
        var value = (int)colour;
        var rgb = (value & 1) << 2 | value & 2 | (value & 4) >> 2;
        return (value >= 8 ? first + 60 : first) + rgb;
    }
}
