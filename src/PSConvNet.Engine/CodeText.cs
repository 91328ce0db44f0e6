namespace PSConvNet;

/// <summary>Names as texts in lines of code that messages give to copy, whatever quotes and spaces they have.</summary>
internal static class CodeText
{
    /// <summary>A text of C#: <c>"net.safetensors"</c>.</summary>
    public static string CSharp(string text) => $"\"{Escaped(text, '"')}\"";

    /// <summary>A text of Python: <c>'net.pt'</c>.</summary>
    public static string Python(string text) => $"'{Escaped(text, '\'')}'";

    private static string Escaped(string text, char quote) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace($"{quote}", $"\\{quote}", StringComparison.Ordinal);
}
