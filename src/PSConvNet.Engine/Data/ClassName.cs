using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PSConvNet.Data;

/// <summary>Names of classes: how they are spelled, completed and shown.</summary>
public static class ClassName
{
    /// <summary>
    /// The names in Unicode's composed form (NFC), in which this engine keeps and compares all of them: two file systems may give one
    /// name in two spellings. Characters that a terminal would obey become signs for them. An array, because PowerShell can index it and not the compiler's own read-only list.
    /// </summary>
    public static string[] Normal(IReadOnlyList<string> names) =>
        names is string[] array && Array.TrueForAll(array, name => ReferenceEquals(name, Normal(name)))
            ? array
            : [.. names.Select(Normal)];

    /// <summary>The name in Unicode's composed form, without control characters; the same object where it has that form.</summary>
    public static string Normal(string name)
    {
        name = PrintableText.Of(name);
        try
        {
            return name.IsNormalized(NormalizationForm.FormC) ? name : name.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            // A text with U+FFFE, which is no character, has no form; nothing is equal to it but itself.
            return name;
        }
    }

    /// <summary>The names, and numbers for the outputs beyond them; no two are the same.</summary>
    public static IReadOnlyList<string> Complete(IReadOnlyList<string> names, int count)
    {
        if (names.Count >= count)
            return names;
        var distinct = new DistinctNames();
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => distinct.Take(i < names.Count ? names[i] : i.ToString(CultureInfo.InvariantCulture))),
        ];
    }

    /// <summary>The names in quotes, so that case and blanks show; of a long list the first ones and how many more there are.</summary>
    public static string Quote(IReadOnlyCollection<string> names) => PrintableText.Names(names, quoted: true);

    /// <summary>Refuses lists in which a name comes twice.</summary>
    /// <exception cref="ConvNetException"><c>ClassNameDuplicate</c>.</exception>
    public static void RequireDistinct(IReadOnlyList<string> names, string owner)
    {
        if (Twice(names) is { } twice)
            throw Duplicate(twice, owner);
    }

    /// <summary>The same, where a file has the list.</summary>
    /// <exception cref="JsonException">A name comes twice.</exception>
    internal static void RequireDistinctInFile(IReadOnlyList<string> names)
    {
        if (Twice(names) is { } twice)
            throw new JsonException($"two classes are called '{twice}'");
    }

    private static string? Twice(IReadOnlyList<string> names) =>
        names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Skip(1).Any())?.Key;

    /// <summary>What to say of a name that two classes have.</summary>
    internal static ConvNetException Duplicate(string name, string owner) =>
        new(
            ErrorIds.ClassNameDuplicate,
            ErrorKind.InvalidArgument,
            $"Two classes of {owner} are called '{name}', and classes are told apart by their names: give each its own name.",
            name
        );
}
