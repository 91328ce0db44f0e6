using System.Globalization;
using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>One message of Jupyter's protocol: whom it goes to, its four dictionaries, and raw buffers.</summary>
/// <param name="Identities">The routing prefix: whom a reply goes to, or the topic of a broadcast.</param>
/// <param name="Header">Id, session, time, type and version.</param>
/// <param name="Parent">The header of the message it answers; empty where there is none.</param>
/// <param name="Metadata">What concerns the transport.</param>
/// <param name="Content">What the type says it holds.</param>
internal sealed record WireMessage(
    IReadOnlyList<byte[]> Identities,
    JsonObject Header,
    JsonObject Parent,
    JsonObject Metadata,
    JsonObject Content
)
{
    /// <summary>The version of the protocol that is spoken here.</summary>
    public const string ProtocolVersion = "5.5";

    /// <summary>The message's type, such as <c>execute_request</c>.</summary>
    public string Type => Text(Header, "msg_type") ?? "";

    /// <summary>The message's id.</summary>
    public string Id => Text(Header, "msg_id") ?? "";

    /// <summary>A new message of this kernel.</summary>
    public static WireMessage Create(
        string session,
        string type,
        JsonObject content,
        WireMessage? parent,
        IReadOnlyList<byte[]>? identities = null
    ) =>
        new(
            identities ?? [],
            new JsonObject
            {
                ["msg_id"] = Guid.NewGuid().ToString("N"),
                ["session"] = session,
                ["username"] = "kernel",
                ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
                ["msg_type"] = type,
                ["version"] = ProtocolVersion,
            },
            parent is null ? [] : (JsonObject)parent.Header.DeepClone(),
            [],
            content
        );

    /// <summary>A string of a dictionary; null where it is missing or of another kind.</summary>
    public static string? Text(JsonObject json, string field) =>
        json[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A string of the content, or <paramref name="otherwise"/>.</summary>
    public string Text(string field, string otherwise = "") => Text(Content, field) ?? otherwise;

    /// <summary>A truth value of the content, or <paramref name="otherwise"/>.</summary>
    public bool Flag(string field, bool otherwise) =>
        Content[field] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : otherwise;

    /// <summary>A whole number of the content, or null.</summary>
    public int? Number(string field) =>
        Content[field] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
