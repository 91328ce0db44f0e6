using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSConvNet.Files;

/// <summary>
/// The checksum of a JSON document: a SHA-256 in a field of its own, of the document as it is written without that field. It must be there where a
/// document is read that is written with one: were it optional, a wrong bit in the field's name would have the rest believed.
/// </summary>
internal static class JsonSum
{
    /// <summary>The field.</summary>
    public const string Field = "sha256";

    /// <summary>The document's bytes, its sum among them.</summary>
    /// <param name="json">The document, which gets the field.</param>
    public static byte[] ToBytes(JsonObject json)
    {
        json.Remove(Field);
        json[Field] = Of(json);
        return FileJson.ToBytes(json);
    }

    /// <summary>Takes the field away, and compares it with what is left.</summary>
    /// <param name="json">The document with its fields in the order they were written in.</param>
    /// <exception cref="JsonException">It has none, or another one.</exception>
    public static void Require(JsonObject json)
    {
        if (!json.Remove(Field, out var sum))
            throw new JsonException($"it has no checksum, {Field}");
        if (!IsOf(json, sum))
            throw new JsonException("it was changed after it was written: its checksum doesn't match");
    }

    private static bool IsOf(JsonObject json, JsonNode? sum)
    {
        try
        {
            return JsonNode.DeepEquals(sum, Of(json));
        }
        catch (InvalidOperationException)
        {
            // Text that isn't UTF-8, which shows only when it is written.
            return false;
        }
    }

    private static string Of(JsonObject json) => Convert.ToHexString(SHA256.HashData(FileJson.ToBytes(json)));
}
