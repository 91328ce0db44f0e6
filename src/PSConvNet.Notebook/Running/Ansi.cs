using System.Globalization;

namespace PSConvNet.Notebook;

/// <summary>Colours as every frontend understands them: the escape sequences of terminals (ECMA-48, SGR).</summary>
internal static class Ansi
{
    /// <summary>Back to the frontend's own colours.</summary>
    public const string Plain = "\x1b[0m";

    // In the order of ConsoleColor, whose bits are blue, green, red; SGR's are red, green, blue.
    private static readonly int[] s_codes = [30, 34, 32, 36, 31, 35, 33, 37, 90, 94, 92, 96, 91, 95, 93, 97];

    /// <summary>Text in the colours given; those that are no colours are the frontend's own.</summary>
    public static string Paint(string text, ConsoleColor foreground, ConsoleColor background)
    {
        var codes = new List<int>(2);
        if (CodeOf(foreground) is { } front)
            codes.Add(front);
        if (CodeOf(background) is { } back)
            codes.Add(back + 10);
        if (codes.Count == 0 || text.Length == 0)
            return text;
        return $"\x1b[{string.Join(';', codes.Select(c => c.ToString(CultureInfo.InvariantCulture)))}m{text}{Plain}";
    }

    private static int? CodeOf(ConsoleColor colour) => (int)colour is >= 0 and < 16 and var i ? s_codes[i] : null;
}
