using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>One output in several forms, the plainest always among them.</summary>
/// <param name="Plain">The text for whoever shows nothing else.</param>
/// <param name="Rich">Other MIME types and their contents; pictures in base64.</param>
internal sealed record MimeBundle(string Plain, IReadOnlyDictionary<string, string>? Rich = null)
{
    /// <summary>As protocol and notebook files have it.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach (var (type, content) in Rich ?? new Dictionary<string, string>())
            json[type] = content;
        json["text/plain"] = Plain;
        return json;
    }
}
