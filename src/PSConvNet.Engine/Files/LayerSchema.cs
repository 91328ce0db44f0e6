using System.Text.Json.Nodes;

namespace PSConvNet.Files;

/// <summary>The part of docs/model.schema.json that describes layers, made from their catalog.</summary>
internal static class LayerSchema
{
    private const string Definitions = "#/definitions/";

    /// <summary>A layer of any kind.</summary>
    public static JsonObject Of(IEnumerable<LayerKind> kinds) =>
        new()
        {
            ["type"] = "object",
            ["required"] = new JsonArray("kind"),
            ["oneOf"] = new JsonArray([.. kinds.Select(Of)]),
        };

    private static JsonObject Of(LayerKind kind)
    {
        var properties = new JsonObject
        {
            ["kind"] = new JsonObject { ["enum"] = new JsonArray(kind.Name) },
            ["name"] = Reference("name"),
            ["frozen"] = new JsonObject { ["type"] = "boolean" },
        };
        foreach (var setting in kind.Settings)
            properties[FileJson.NameOf(setting.Name)] = Of(setting);
        var schema = new JsonObject { ["properties"] = properties };
        var required = kind.Settings.Where(setting => setting.IsRequired).ToList();
        if (required.Count > 0)
        {
            schema["required"] = new JsonArray([
                .. required.Select(setting => (JsonNode)FileJson.NameOf(setting.Name)),
            ]);
        }
        schema["additionalProperties"] = false;
        return schema;
    }

    private static JsonObject Of(LayerSetting setting)
    {
        var type = Nullable.GetUnderlyingType(setting.Type) ?? setting.Type;
        var schema =
            type == typeof(bool) ? new JsonObject { ["type"] = "boolean" }
            : type == typeof(int) ? new JsonObject { ["type"] = "integer" }
            : type == typeof(double)
                ? new JsonObject { ["type"] = type == setting.Type ? "number" : new JsonArray("number", "null") }
            : type == typeof(Window) ? Reference("window")
            : type == typeof(Padding) ? Reference("padding")
            : type.IsEnum
                ? new JsonObject { ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => (JsonNode)name)]) }
            : type.IsAssignableTo(typeof(IEnumerable<LayerSpec>))
                ? new JsonObject
                {
                    ["type"] = "array",
                    ["minItems"] = 1,
                    ["items"] = Reference("layer"),
                }
            : throw new InvalidOperationException($"The schema has no words for {setting.Name}, a {type.Name}.");
        // A window's range is that of its definition.
        if (setting.Range is not { } range || type == typeof(Window))
            return schema;
        schema[range.ExcludesLeast ? "exclusiveMinimum" : "minimum"] = range.Least;
        if (double.IsFinite(range.Most))
            schema[range.ExcludesMost ? "exclusiveMaximum" : "maximum"] = range.Most;
        return schema;
    }

    private static JsonObject Reference(string definition) => new() { ["$ref"] = Definitions + definition };
}
