using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace PSConvNet.Notebook;

/// <summary>A message as frames: identities, a delimiter, the signature, four dictionaries in JSON, raw buffers.</summary>
internal sealed class WireFormat(MessageSigner signer)
{
    /// <summary>No message of a frontend has as many parts: identities, delimiter, signature, dictionaries and buffers.</summary>
    internal const int MostParts = 1000;

    private const int Dictionaries = 4;
    private static readonly byte[] s_delimiter = Encoding.ASCII.GetBytes("<IDS|MSG>");

    // Only JSON's own escapes: what comes after is signed byte by byte, and read by people in logs.
    private static readonly JsonSerializerOptions s_options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonDocumentOptions s_limits = new() { MaxDepth = 64 };
    private readonly ReplayGuard _replays = new();

    /// <summary>Writes a message.</summary>
    public IReadOnlyList<byte[]> Write(WireMessage message)
    {
        byte[][] parts =
        [
            Bytes(message.Header),
            Bytes(message.Parent),
            Bytes(message.Metadata),
            Bytes(message.Content),
        ];
        return [.. message.Identities, s_delimiter, signer.Sign(parts), .. parts];
    }

    /// <summary>Reads a message. Null, with a reason, where it is not whole, not signed as it should be, or was seen before.</summary>
    public WireMessage? Read(IReadOnlyList<byte[]> frames, out string fault)
    {
        fault = "";
        if (frames.Count > MostParts)
        {
            fault = $"it has more than {MostParts} parts";
            return null;
        }
        var delimiter = 0;
        while (delimiter < frames.Count && !frames[delimiter].AsSpan().SequenceEqual(s_delimiter))
            delimiter++;
        var first = delimiter + 2;
        if (frames.Count < first + Dictionaries)
        {
            fault = "it is incomplete";
            return null;
        }
        var parts = frames.Skip(first).Take(Dictionaries).ToArray();
        // First of all: what is not signed is not looked into.
        var signature = frames[delimiter + 1];
        if (!signer.IsSigned(signature, parts))
        {
            fault = "its signature isn't one of this connection";
            return null;
        }
        if (signer.Signs && !_replays.IsNew(signature))
        {
            fault = "it came before";
            return null;
        }
        try
        {
            var json = parts.Select(Parse).ToArray();
            // It goes back with every answer, which therefore has to be possible. What the content can't give, the answer says.
            JsonNodes.Unfold(json[0]);
            var message = new WireMessage([.. frames.Take(delimiter)], json[0], json[1], json[2], json[3]);
            if (message.Type.Length > 0 && message.Id.Length > 0)
                return message;
            fault = "its header has no type or no id";
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            fault = "it is not JSON";
        }
        return null;
    }

    private static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json, s_options);

    private static JsonObject Parse(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
            throw new JsonException("It is not UTF-8.");
        var json =
            JsonNode.Parse(bytes, null, s_limits) as JsonObject ?? throw new JsonException("It is not an object.");
        // Looks at every name once: one that comes twice shows only when it is asked for.
        _ = json.Count;
        return json;
    }
}
