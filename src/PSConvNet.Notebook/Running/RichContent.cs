using System.Management.Automation;

namespace PSConvNet.Notebook;

/// <summary>Which objects are shown as more than text.</summary>
internal static class RichContent
{
    /// <summary>MIME types and their contents; null for objects that have only their text.</summary>
    public static IReadOnlyDictionary<string, string>? Of(PSObject? value) => null;
}
