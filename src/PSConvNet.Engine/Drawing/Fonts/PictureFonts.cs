using System.Collections.Concurrent;
using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>
/// The faces that pictures are set in. Two come with the engine, so that a machine without fonts has text in its pictures; letters
/// that those lack are looked for in the system's font files.
/// </summary>
internal static class PictureFonts
{
    /// <summary>The family's name.</summary>
    public const string Family = "DejaVu Sans";

    /// <summary>The family and what stands in for it in a browser: Verdana has nearly its widths.</summary>
    public const string CssFamily = "'DejaVu Sans',Verdana,'Segoe UI',sans-serif";

    // Faces are kept: Skia has no bound on how many may be open, and a picture asks for the same two again and again.
    private static readonly Lazy<SKTypeface> s_regular = new(() => Embedded("DejaVuSans.ttf"));
    private static readonly Lazy<SKTypeface> s_bold = new(() => Embedded("DejaVuSans-Bold.ttf"));
    private static readonly Lazy<IReadOnlyList<string>> s_systemFiles = new(SystemFiles);
    private static readonly ConcurrentDictionary<int, SKTypeface> s_standIns = new();

    /// <summary>The face for a text without the letters it lacks.</summary>
    public static SKTypeface Face(bool bold) => (bold ? s_bold : s_regular).Value;

    /// <summary>A text in pieces that one face can set each.</summary>
    public static IEnumerable<(string Text, SKTypeface Face)> Runs(string text, bool bold)
    {
        var face = Face(bold);
        using var font = face.ToFont();
        if (font.ContainsGlyphs(text))
        {
            yield return (text, face);
            yield break;
        }
        var run = "";
        SKTypeface? current = null;
        foreach (var rune in text.EnumerateRunes())
        {
            var wanted = font.ContainsGlyph(rune.Value) ? face : StandIn(rune.Value, face);
            if (current is not null && wanted != current)
            {
                yield return (run, current);
                run = "";
            }
            (run, current) = (run + rune, wanted);
        }
        if (current is not null)
            yield return (run, current);
    }

    private static SKTypeface StandIn(int codePoint, SKTypeface otherwise) =>
        s_standIns.GetOrAdd(codePoint, point => Find(point) ?? otherwise);

    private static SKTypeface? Find(int codePoint)
    {
        // Of a face that is open already, if there is one.
        foreach (var open in s_standIns.Values)
        {
            if (Has(open, codePoint))
                return open;
        }
        foreach (var file in s_systemFiles.Value)
        {
            var face = SKTypeface.FromFile(file, 0);
            if (face is null)
                continue;
            if (Has(face, codePoint))
                return face;
            face.Dispose();
        }
        return null;
    }

    private static bool Has(SKTypeface face, int codePoint)
    {
        using var font = face.ToFont();
        return font.ContainsGlyph(codePoint);
    }

    private static SKTypeface Embedded(string name)
    {
        using var stream =
            typeof(PictureFonts).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The font {name} is not in the assembly.");
        using var data = SKData.Create(stream);
        return SKTypeface.FromData(data) ?? throw new InvalidOperationException($"Skia can't read the font {name}.");
    }

    private static IReadOnlyList<string> SystemFiles()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] folders =
            OperatingSystem.IsWindows() ? [Environment.GetFolderPath(Environment.SpecialFolder.Fonts)]
            : OperatingSystem.IsMacOS()
                ? ["/System/Library/Fonts", "/Library/Fonts", Path.Combine(home, "Library/Fonts")]
            :
            [
                "/usr/share/fonts",
                "/usr/local/share/fonts",
                Path.Combine(home, ".local/share/fonts"),
                Path.Combine(home, ".fonts"),
            ];
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true };
        return
        [
            .. folders
                .Where(Directory.Exists)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*", options))
                .Where(file => Path.GetExtension(file).ToUpperInvariant() is ".TTF" or ".OTF" or ".TTC")
                .Order(StringComparer.Ordinal),
        ];
    }
}
