using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace PSConvNet;

/// <summary>
/// The text of a message, made of an interpolated string. Names in it may come from files: each text is put in as
/// <see cref="PrintableText.Name"/> gives it, on one line and not too long; a list of texts as its first names and how many more there are.
/// A text that is a sentence of this program or of .NET, which may have names in it, has the format <c>text</c>, as in <c>{e.Message:text}</c>, and may be
/// longer; one of several lines, such as an error of a script, has the format <c>lines</c>. Numbers look the same in every culture.
/// </summary>
[InterpolatedStringHandler]
public readonly ref struct MessageText
{
    private const string Sentence = "text";
    private const string Lines = "lines";
    private const int LongestSentence = 1000;

    /// <summary>What a model is called that was given no name.</summary>
    internal const string UnnamedModel = "model";

    private readonly StringBuilder _text;
    private readonly List<string> _names = [];

    /// <summary>Begins a message.</summary>
    /// <param name="literalLength">How many characters are its own.</param>
    /// <param name="formattedCount">How many values are put in.</param>
    public MessageText(int literalLength, int formattedCount)
    {
        _text = new StringBuilder(literalLength + 16 * formattedCount);
    }

    /// <summary>The names that were put in, which are nobody's to translate.</summary>
    internal IReadOnlyList<string> Names => _names;

    /// <summary>Appends words of the message itself.</summary>
    public void AppendLiteral(string words) => _text.Append(words);

    /// <summary>Appends a name, or with the format <c>text</c> or <c>lines</c> sentences.</summary>
    public void AppendFormatted(string? name, string? format = null)
    {
        if (format is not Lines and not Sentence)
        {
            // Without quotes this name is read as the noun.
            var quote = name == UnnamedModel && (_text.Length == 0 || _text[^1] != '\'') ? "'" : "";
            _text.Append(quote);
            AppendName(PrintableText.Name(name ?? ""));
            _text.Append(quote);
            return;
        }
        _text.Append(format == Lines ? name : PrintableText.Cut(PrintableText.Of(name ?? ""), LongestSentence));
    }

    /// <summary>Appends a number, names in a row, or an object by its name.</summary>
    public void AppendFormatted<T>(T value, string? format = null)
    {
        if (value is IEnumerable<string> names)
            AppendName(PrintableText.Names(names));
        else if (value is IFormattable number)
            _text.Append(number.ToString(format, CultureInfo.InvariantCulture));
        else
            AppendFormatted(value?.ToString(), format);
    }

    private void AppendName(string name)
    {
        _text.Append(name);
        _names.Add(name);
    }

    /// <inheritdoc />
    public override string ToString() => _text.ToString();

    /// <summary>The message as a text, where it is made in another place than it is used in.</summary>
    public static string Of(MessageText text) => text.ToString();
}
