using System.Text.Json;

namespace PSConvNet.Benchmarks.Fuzzing.Mutations;

/// <summary>A value, or a field's name, of a JSON text, by the place of its bytes.</summary>
/// <param name="Begin">Its first byte.</param>
/// <param name="End">The byte after its last.</param>
/// <param name="Type">What it is: a scalar's type, the beginning of an object or list, or a field's name.</param>
/// <param name="NameAt">Where the name of its field begins; null in a list, or at the top.</param>
internal readonly record struct JsonPiece(int Begin, int End, JsonTokenType Type, int? NameAt)
{
    private const int Deepest = 1000;

    /// <summary>Its bytes in the text.</summary>
    public Range Range => Begin..End;

    /// <summary>Its bytes, with its name where it has one.</summary>
    public Range WithName => (NameAt ?? Begin)..End;

    /// <summary>All pieces of a text, as far as it is JSON.</summary>
    public static List<JsonPiece> Of(ReadOnlySpan<byte> text)
    {
        var pieces = new List<JsonPiece>();
        var open = new Stack<(int Begin, JsonTokenType Type, int? NameAt)>();
        int? name = null;
        var reader = new Utf8JsonReader(
            text,
            new JsonReaderOptions { MaxDepth = Deepest, CommentHandling = JsonCommentHandling.Skip }
        );
        try
        {
            while (reader.Read())
            {
                var (begin, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        pieces.Add(new(begin, begin + reader.ValueSpan.Length + 2, reader.TokenType, null));
                        name = begin;
                        break;
                    case JsonTokenType.StartObject or JsonTokenType.StartArray:
                        open.Push((begin, reader.TokenType, name));
                        name = null;
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        var (first, type, nameAt) = open.Pop();
                        pieces.Add(new(first, end, type, nameAt));
                        break;
                    default:
                        pieces.Add(new(begin, end, reader.TokenType, name));
                        name = null;
                        break;
                }
            }
        }
        catch (JsonException)
        {
            // What came before it is good for changes.
        }
        return pieces;
    }
}
