using System.Buffers;

namespace PSConvNet.Files;

/// <summary>The number formats of safetensors, and how many bits a number takes in each; all that are published, read as weights or not.</summary>
internal static class TensorType
{
    /// <summary>fp32, what everything is written as.</summary>
    public const string Float32 = "F32";

    private static readonly SearchValues<char> s_letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    private static readonly Dictionary<string, int> s_bits = new(StringComparer.Ordinal)
    {
        ["BOOL"] = 8,
        ["F4"] = 4,
        ["F6_E2M3"] = 6,
        ["F6_E3M2"] = 6,
        ["U8"] = 8,
        ["I8"] = 8,
        ["F8_E5M2"] = 8,
        ["F8_E4M3"] = 8,
        ["F8_E8M0"] = 8,
        ["F8_E5M2FNUZ"] = 8,
        ["F8_E4M3FNUZ"] = 8,
        ["I16"] = 16,
        ["U16"] = 16,
        ["F16"] = 16,
        ["BF16"] = 16,
        ["I32"] = 32,
        ["U32"] = 32,
        ["F32"] = 32,
        ["C64"] = 64,
        ["F64"] = 64,
        ["I64"] = 64,
        ["U64"] = 64,
    };

    /// <summary>The bytes that a number of values takes.</summary>
    /// <param name="type">The format.</param>
    /// <param name="count">How many values.</param>
    /// <returns>Null for a format nobody has published, and where the values don't fill whole bytes.</returns>
    public static long? Bytes(string type, long count) =>
        s_bits.TryGetValue(type, out var bits) && checked(count * bits) is var all && all % 8 == 0 ? all / 8 : null;

    /// <summary>Whether it looks like the name of a format.</summary>
    public static bool CanBe(string type) =>
        type.Length is > 1 and <= 32 && char.IsAsciiLetterUpper(type[0]) && !type.AsSpan().ContainsAnyExcept(s_letters);

    /// <summary>Whether it is a published format.</summary>
    public static bool IsKnown(string type) => s_bits.ContainsKey(type);

    /// <summary>Whether numbers of that type are read as weights.</summary>
    public static bool IsReadable(string type) => type is "F64" or "F32" or "F16" or "BF16";
}
