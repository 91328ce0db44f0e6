using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace PSConvNet.Files;

/// <summary>JSON as the files have it: indented for people, camelCase, enumerations by name; read with limits.</summary>
internal static partial class FileJson
{
    /// <summary>
    /// As many values as any file may have. A history of many epochs has more, but in its indented text each takes twice as many bytes as
    /// <see cref="LeastBytesPerToken"/>.
    /// </summary>
    private const int MostTokens = 250_000;

    private const int LeastBytesPerToken = 8;
    private const int Deepest = 48;

    /// <summary>The field that says which of several kinds an object is.</summary>
    public const string Discriminator = "kind";

    /// <summary>For what describes: fields of a later version are passed over.</summary>
    public static JsonSerializerOptions Lenient { get; } = Options(JsonUnmappedMemberHandling.Skip);

    /// <summary>For what computes: a setting that is not known would change the result, and is refused.</summary>
    public static JsonSerializerOptions Strict { get; } = Options(JsonUnmappedMemberHandling.Disallow);

    /// <summary>The node's text, the same on every system.</summary>
    public static byte[] ToBytes(JsonNode node)
    {
        var text = node.ToJsonString(Lenient).ReplaceLineEndings("\n");
        // A shape on one line: no text can hold a line's end, so nothing but lists of numbers is touched.
        text = NumberList().Replace(text, list => "[" + LineEnds().Replace(list.Groups[1].Value, " ") + "]");
        return Encoding.UTF8.GetBytes(text + "\n");
    }

    /// <summary>A value as a node.</summary>
    public static JsonNode? ToNode<T>(T value) => JsonSerializer.SerializeToNode(value, Lenient);

    /// <summary>Reads an object to make values of: what says an object's kind is its first field, wherever it was.</summary>
    /// <exception cref="JsonException">As <see cref="ParseAsWritten"/>.</exception>
    public static JsonObject Parse(byte[] bytes) => Parse(bytes, DiscriminatorsFirst);

    /// <summary>Reads an object, the fields of which keep their order, as a checksum wants it.</summary>
    /// <exception cref="JsonException">It is no JSON object, or too deep, or too large, or has a field twice, or isn't UTF-8.</exception>
    public static JsonObject ParseAsWritten(byte[] bytes) => Parse(bytes, node => JsonNodes.Unfold(node, texts: false));

    // The visit comes to every object once: a name that is given twice is found only by looking.
    private static JsonObject Parse(byte[] bytes, Action<JsonNode?> visit)
    {
        // Nodes keep a text as it is until somebody asks for it, and of a field of a later version nobody does.
        if (!Utf8.IsValid(bytes))
            throw new JsonException("It isn't valid UTF-8.");
        try
        {
            // Counted first, without memory: a megabyte of brackets would become a hundred megabytes of nodes.
            var most = Math.Max(MostTokens, bytes.Length / LeastBytesPerToken);
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Deepest });
            for (var tokens = 0; reader.Read(); tokens++)
            {
                if (tokens == most)
                    throw new JsonException($"There are more than {most} values.");
            }
            var node = JsonNode.Parse(bytes, null, new JsonDocumentOptions { MaxDepth = Deepest });
            visit(node);
            return node as JsonObject ?? throw new JsonException("It is not an object.");
        }
        catch (ArgumentException e)
        {
            throw new JsonException("A field occurs twice.", e);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A field's name contains half of a surrogate pair.", e);
        }
        catch (JsonException e) when (e.LineNumber is { } line)
        {
            throw new JsonException(
                $"It isn't JSON, or has more than {Deepest} levels, at line {line + 1}, byte {e.BytePositionInLine + 1}.",
                e
            );
        }
    }

    /// <summary>A field's value, every part of which is what its type promises.</summary>
    /// <param name="json">The object.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="options">How it is read; <see cref="Lenient"/> unless given.</param>
    /// <param name="signed">Whether it is a number that may be below 0.</param>
    /// <exception cref="JsonException">It is missing or of another type, or something in it can't be.</exception>
    public static T Get<T>(
        this JsonObject json,
        string field,
        JsonSerializerOptions? options = null,
        bool signed = false
    ) =>
        json[field] is { } node
            ? Read<T>(node, field, options ?? Lenient, signed)
            : throw new JsonException($"{field} is missing.");

    /// <summary>A node as a value, every part of which is what its type promises.</summary>
    /// <param name="node">The node.</param>
    /// <param name="place">What it is called, for the message.</param>
    /// <param name="options">How it is read.</param>
    /// <param name="signed">Whether it is a number that may be below 0.</param>
    /// <exception cref="JsonException">It is of another type, or something in it can't be.</exception>
    public static T Read<T>(JsonNode node, string place, JsonSerializerOptions options, bool signed = false)
    {
        try
        {
            var value = node.Deserialize<T>(options) ?? throw new JsonException($"{place} is missing.");
            DocumentCheck.Require(value, place, options, signed);
            return value;
        }
        catch (Exception e)
            when (e
                    is InvalidOperationException
                        or FormatException
                        or NotSupportedException
                        or ArgumentException
                        or OverflowException
            )
        {
            throw new JsonException($"{place} has the wrong type.", e);
        }
        catch (JsonException e) when (e.Path is not null)
        {
            throw FieldFault.Of(node, typeof(T), place, options, e);
        }
    }

    /// <summary>Copies into a new text what an older one had and it has not: fields that a later version wrote.</summary>
    public static void KeepUnknown(JsonObject from, JsonObject into)
    {
        foreach (var (field, value) in from)
        {
            if (!into.TryGetPropertyValue(field, out var known))
                into[field] = value?.DeepClone();
            else if (value is JsonObject inner && known is JsonObject target)
                KeepUnknown(inner, target);
            else if (value is JsonArray list && known is JsonArray targets)
                KeepUnknown(list, targets);
        }
    }

    private static void KeepUnknown(JsonArray from, JsonArray into)
    {
        for (var i = 0; i < Math.Min(from.Count, into.Count); i++)
        {
            if (from[i] is JsonObject inner && into[i] is JsonObject target)
                KeepUnknown(inner, target);
        }
    }

    /// <summary>The serializer wants an object's kind before its settings; people and other programs may have put it anywhere.</summary>
    private static void DiscriminatorsFirst(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
                DiscriminatorsFirst(item);
        }
        if (node is not JsonObject json)
            return;
        foreach (var (_, value) in json)
            DiscriminatorsFirst(value);
        if (json.Count == 0 || json.First().Key == Discriminator || json[Discriminator] is not { } kind)
            return;
        var others = json.Where(field => field.Key != Discriminator).ToList();
        json.Clear();
        json[Discriminator] = kind;
        foreach (var (field, value) in others)
            json[field] = value;
    }

    /// <summary>What can't be set follows from what can: a layer's kind, a setting in words.</summary>
    private static void LeaveOutWhatIsDerived(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
            return;
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].Set is null)
                type.Properties.RemoveAt(i);
        }
    }

    /// <summary>A property's name in a file.</summary>
    public static string NameOf(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);

    private static JsonSerializerOptions Options(JsonUnmappedMemberHandling unmapped) =>
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            WriteIndented = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver
            {
                Modifiers = { LeaveOutWhatIsDerived, LayerCatalog.Describe },
            },
            UnmappedMemberHandling = unmapped,
            // Letters of any language stay letters: this is a file for people, not part of a web page.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 64,
            Converters =
            {
                new JsonStringEnumConverter(null, allowIntegerValues: false),
                new TextConverter(),
                new ShapeConverter(),
                new WindowConverter(),
                new PaddingConverter(),
                new LayerPatternsConverter(),
                new ClassWeightsConverter(),
            },
        };

    [GeneratedRegex(@"\[\n\s+(-?[0-9][^\[\]{}""]*?)\n\s+\]", RegexOptions.CultureInvariant)]
    private static partial Regex NumberList();

    [GeneratedRegex(@"\n\s+", RegexOptions.CultureInvariant)]
    private static partial Regex LineEnds();

    /// <summary>Reads texts without the control characters that a terminal would obey.</summary>
    private sealed class TextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
                ? PrintableText.Of(reader.GetString() ?? "", lines: true)
                : throw new JsonException("It isn't text.");

        public override string ReadAsPropertyName(
            ref Utf8JsonReader reader,
            Type type,
            JsonSerializerOptions options
        ) => PrintableText.Of(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value);
    }

    /// <summary>A value within another one's converter; without these words the path of a fault would begin at the value.</summary>
    private static T Inner<T>(ref Utf8JsonReader reader, JsonSerializerOptions options, string words)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(ref reader, options) ?? throw new JsonException(words);
        }
        catch (JsonException e)
        {
            throw new JsonException(words, e);
        }
    }

    private sealed class ShapeConverter : JsonConverter<Shape>
    {
        public override Shape Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            new(Inner<int[]>(ref reader, options, "A shape must be a list of whole numbers."));

        public override void Write(Utf8JsonWriter writer, Shape value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Dimensions, options);
    }

    private sealed class WindowConverter : JsonConverter<Window>
    {
        private const string Words = "A window must be [height, width].";

        public override Window Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Inner<int[]>(ref reader, options, Words) is [var height, var width]
                ? new Window(height, width)
                : throw new JsonException(Words);

        public override void Write(Utf8JsonWriter writer, Window value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, (int[])[value.Height, value.Width], options);
    }

    private sealed class LayerPatternsConverter : JsonConverter<LayerPatterns>
    {
        private const int MostPatterns = 1_000;
        private const int LongestPattern = 1_000;

        public override LayerPatterns? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        {
            var patterns = Inner<string?[]>(ref reader, options, "Names of layers must be a list of texts.");
            return
                patterns.Length <= MostPatterns
                && Array.TrueForAll(patterns, pattern => pattern?.Length <= LongestPattern)
                ? LayerPatterns.Of(patterns)
                : throw new JsonException("There are too many names of layers, or one of them is too long.");
        }

        public override void Write(Utf8JsonWriter writer, LayerPatterns value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Patterns, options);
    }

    /// <summary>A word, or an object of names and numbers.</summary>
    private sealed class ClassWeightsConverter : JsonConverter<ClassWeights>
    {
        public override ClassWeights? Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
                ? ClassWeights.Parse(reader.GetString() ?? "")
                : ClassWeights.Of(
                    Inner<Dictionary<string, double>>(
                        ref reader,
                        options,
                        "Class weights must be Balanced, or names with numbers."
                    )
                );

        public override void Write(Utf8JsonWriter writer, ClassWeights value, JsonSerializerOptions options)
        {
            if (value.Weights is null)
                writer.WriteStringValue(value.ToString());
            else
                JsonSerializer.Serialize(writer, value.Weights, options);
        }
    }

    private sealed class PaddingConverter : JsonConverter<Padding>
    {
        public override Padding Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Padding.Parse(
                reader.TokenType == JsonTokenType.String
                    ? reader.GetString()!
                    : throw new JsonException("It isn't text.")
            );

        public override void Write(Utf8JsonWriter writer, Padding value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
