using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>One output in several forms, the plainest always among them.</summary>
/// <param name="Plain">The text for frontends that show nothing else.</param>
/// <param name="View">Its other forms, or null.</param>
internal sealed record MimeBundle(string Plain, RichView? View = null)
{
    /// <summary>The forms, as protocol and notebook files have them.</summary>
    public JsonObject Data()
    {
        var json = new JsonObject();
        foreach (var (type, content) in View?.Data ?? new Dictionary<string, string>())
            json[type] = content;
        json["text/plain"] = Plain;
        return json;
    }

    /// <summary>How large images are to be shown, and what they show in words.</summary>
    public JsonObject Metadata()
    {
        var json = new JsonObject();
        foreach (var type in View?.Data.Keys.Where(IsImage) ?? [])
        {
            var image = new JsonObject();
            if (View is { Width: { } width, Height: { } height })
                (image["width"], image["height"]) = (width, height);
            if (View?.Alternative is { } words)
                image["alt"] = words;
            if (image.Count > 0)
                json[type] = image;
        }
        return json;
    }

    private static bool IsImage(string type) => type.StartsWith("image/", StringComparison.Ordinal);
}
