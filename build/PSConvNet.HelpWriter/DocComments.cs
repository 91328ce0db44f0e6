using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PSConvNet.HelpWriter;

/// <summary>
/// The compiler's XML documentation files, asked by member (their format: C# language specification, annex D). Follows
/// <c>inheritdoc</c> and turns references into the words a PowerShell user knows: a cmdlet's class is its name, a
/// parameter's property is <c>-Name</c>, <c>null</c> is <c>$null</c>.
/// </summary>
internal sealed partial class DocComments
{
    private readonly Dictionary<string, XElement> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _cmdletNames = new(StringComparer.Ordinal);
    private readonly HashSet<string> _parameterOwners = new(StringComparer.Ordinal);

    public DocComments(IEnumerable<string> files, IEnumerable<Type> cmdlets)
    {
        foreach (var file in files)
        foreach (var member in XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member"))
            if (member.Attribute("name")?.Value is { } name)
                _members[name] = member;
        foreach (var type in cmdlets)
        {
            _cmdletNames[DocName(type)] = CmdletName(type);
            for (Type? owner = type; owner is not null; owner = owner.BaseType)
                _parameterOwners.Add(DocName(owner));
        }
    }

    public static string CmdletName(Type type)
    {
        var attribute = type.GetCustomAttribute<CmdletAttribute>(inherit: false)!;
        return $"{attribute.VerbName}-{attribute.NounName}";
    }

    /// <summary>The paragraphs of one element (<c>summary</c>, <c>remarks</c>) of a type's comment; empty when there are none.</summary>
    public IReadOnlyList<Paragraph> Of(Type type, string element) => Paragraphs(Find(type)?.Element(element));

    /// <summary>The paragraphs of a property's summary, its own or that of the property it overrides.</summary>
    public IReadOnlyList<Paragraph> SummaryOf(PropertyInfo property) => Paragraphs(Find(property)?.Element("summary"));

    /// <summary>The examples of a type's comment, each its paragraphs and its code.</summary>
    public IReadOnlyList<ExampleHelp> ExamplesOf(Type type)
    {
        if (Find(type) is not { } member)
            return [];
        // How far the compiler's file indents every line of this comment.
        var margin = member.FirstNode is XText { Value: var start } ? start.Length - start.LastIndexOf('\n') - 1 : 0;
        return
        [
            .. member
                .Elements("example")
                .Select(example => new ExampleHelp(
                    Paragraphs(
                        new XElement(
                            "explanation",
                            example.Nodes().Where(n => n is not XElement { Name.LocalName: "code" })
                        )
                    ),
                    string.Join("\n", example.Elements("code").Select(code => Dedent(code.Value, margin)))
                )),
        ];
    }

    /// <summary>The commands that a type's <c>seealso</c> elements name, in their order.</summary>
    public IEnumerable<string> SeeAlso(Type type) =>
        (Find(type)?.Elements("seealso") ?? []).Select(see => Reference(see).Text);

    private XElement? Find(Type type)
    {
        for (var current = type; current is not null && current != typeof(object); current = current.BaseType)
            if (Resolve(IdOf(current), []) is { } member)
                return IsBareInherit(member) ? Continue(current) : member;
        return null;

        XElement? Continue(Type from) => from.BaseType is { } parent ? Find(parent) : null;
    }

    private XElement? Find(PropertyInfo property)
    {
        for (PropertyInfo? current = property; current is not null; current = Overridden(current))
            if (Resolve(IdOf(current), []) is { } member && !IsBareInherit(member))
                return member;
        return null;
    }

    // What still asks to inherit, without saying from where, after Resolve has followed every cref.
    private static bool IsBareInherit(XElement member) =>
        member.Element("inheritdoc") is not null && member.Element("summary") is null;

    private XElement? Resolve(string id, HashSet<string> seen)
    {
        if (!seen.Add(id) || !_members.TryGetValue(id, out var member))
            return null;
        return member.Element("inheritdoc")?.Attribute("cref")?.Value is { } from && member.Element("summary") is null
            ? Resolve(from, seen)
            : member;
    }

    private static PropertyInfo? Overridden(PropertyInfo property)
    {
        var getter = property.GetMethod ?? property.SetMethod!;
        return getter.GetBaseDefinition() == getter
            ? null
            : property.DeclaringType!.BaseType?.GetProperty(property.Name, property.PropertyType);
    }

    private static string IdOf(Type type) => "T:" + DocName(type);

    private static string IdOf(PropertyInfo property) => $"P:{DocName(property.DeclaringType!)}.{property.Name}";

    private static string DocName(Type type)
    {
        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        return definition.FullName!.Replace('+', '.');
    }

    private List<Paragraph> Paragraphs(XElement? element)
    {
        var paragraphs = new List<Paragraph>();
        if (element is null)
            return paragraphs;
        var spans = new List<Span>();
        Walk(element, paragraphs, spans);
        Flush(paragraphs, spans);
        return paragraphs;
    }

    private void Walk(XElement element, List<Paragraph> paragraphs, List<Span> spans)
    {
        foreach (var node in element.Nodes())
            switch (node)
            {
                case XText text:
                    AddText(spans, Whitespace().Replace(text.Value, " "));
                    break;
                case XElement { Name.LocalName: "para" or "item" or "list" or "description" } block:
                    Flush(paragraphs, spans);
                    if (block.Name.LocalName == "item")
                        spans.Add(new Span("- ", false));
                    Walk(block, paragraphs, spans);
                    if (block.Name.LocalName != "description")
                        Flush(paragraphs, spans);
                    break;
                case XElement { Name.LocalName: "term" } term:
                    Walk(term, paragraphs, spans);
                    spans.Add(new Span(": ", false));
                    break;
                case XElement { Name.LocalName: "c" or "code" } code:
                    spans.Add(new Span(Whitespace().Replace(code.Value, " ").Trim(), true));
                    break;
                case XElement { Name.LocalName: "see" or "seealso" } see:
                    spans.Add(Reference(see));
                    break;
                case XElement { Name.LocalName: "paramref" or "typeparamref" } reference:
                    spans.Add(new Span(reference.Attribute("name")?.Value ?? "", true));
                    break;
                case XElement other:
                    Walk(other, paragraphs, spans);
                    break;
            }
    }

    private static void AddText(List<Span> spans, string text)
    {
        if (spans is [.., { IsCode: false } last] && last.Text.EndsWith(' '))
            text = text.TrimStart();
        if (text.Length > 0)
            spans.Add(new Span(text, false));
    }

    private Span Reference(XElement see)
    {
        var text = Whitespace().Replace(see.Value, " ").Trim();
        if (see.Attribute("langword")?.Value is { } word)
            return new Span(word is "null" or "true" or "false" ? "$" + word : word, true);
        if (see.Attribute("href")?.Value is { } address)
            return new Span(text.Length == 0 || text == address ? address : $"{text} ({address})", false);
        if (text.Length > 0)
            return new Span(text, false);
        return see.Attribute("cref")?.Value is { } id ? new Span(NameFor(id), true) : new Span("", false);
    }

    private string NameFor(string id)
    {
        var name = id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..];
        if (_cmdletNames.TryGetValue(name, out var cmdlet))
            return cmdlet;
        var bare = Arguments().Replace(name, "");
        var last = bare[(bare.LastIndexOf('.') + 1)..];
        // Base classes of cmdlets hold parameters too.
        var isParameter =
            id.StartsWith("P:", StringComparison.Ordinal)
            && _parameterOwners.Contains(name[..Math.Max(0, name.LastIndexOf('.'))]);
        return isParameter ? "-" + last : last;
    }

    private static void Flush(List<Paragraph> paragraphs, List<Span> spans)
    {
        while (spans.Count > 0 && spans[0].Text.TrimStart().Length == 0)
            spans.RemoveAt(0);
        while (spans.Count > 0 && spans[^1].Text.TrimEnd().Length == 0)
            spans.RemoveAt(spans.Count - 1);
        if (spans.Count == 0)
            return;
        spans[0] = spans[0] with { Text = spans[0].Text.TrimStart() };
        spans[^1] = spans[^1] with { Text = spans[^1].Text.TrimEnd() };
        // "- " opens a list's item; alone it is an empty one.
        if (spans is not [{ Text: "-" }])
            paragraphs.Add(new Paragraph([.. spans]));
        spans.Clear();
    }

    // Code that begins on the line of its tag is indented from the second line on by the file's margin; code that begins on a
    // line of its own, by whatever all its lines share.
    private static string Dedent(string code, int margin)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n').Select(l => l.TrimEnd()).ToArray();
        if (lines[0].Length == 0)
            margin = lines.Where(l => l.Length > 0).Select(Indentation).DefaultIfEmpty(0).Min();
        return string.Join("\n", lines.Select(l => l[Math.Min(margin, Indentation(l))..])).Trim('\n');
    }

    private static int Indentation(string line) => line.Length - line.TrimStart().Length;

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();

    // What the compiler adds to names: parameter lists and the arity of generics.
    [GeneratedRegex(@"\(.*\)$|``?\d+")]
    private static partial Regex Arguments();
}
