namespace PSConvNet.Files;

/// <summary>The number formats of safetensors, and how many bytes a number takes in each.</summary>
internal static class TensorType
{
    /// <summary>fp32, what everything is written as.</summary>
    public const string Float32 = "F32";

    private static readonly Dictionary<string, int> s_sizes = new(StringComparer.Ordinal)
    {
        ["BOOL"] = 1,
        ["U8"] = 1,
        ["I8"] = 1,
        ["F8_E5M2"] = 1,
        ["F8_E4M3"] = 1,
        ["I16"] = 2,
        ["U16"] = 2,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I32"] = 4,
        ["U32"] = 4,
        ["F32"] = 4,
        ["F64"] = 8,
        ["I64"] = 8,
        ["U64"] = 8,
    };

    /// <summary>Bytes a number; null for a type nobody has published.</summary>
    public static int? Size(string type) => s_sizes.TryGetValue(type, out var size) ? size : null;

    /// <summary>Whether numbers of that type are read as weights.</summary>
    public static bool IsReadable(string type) => type is "F64" or "F32" or "F16" or "BF16";
}
