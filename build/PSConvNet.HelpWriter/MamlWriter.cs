using System.Globalization;
using System.Xml.Linq;

namespace PSConvNet.HelpWriter;

/// <summary>Writes the file Get-Help reads: MAML, "Writing Help for Windows PowerShell Cmdlets" in Microsoft's docs.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace s_help = "http://msh";
    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static void Write(string path, IEnumerable<CommandHelp> commands)
    {
        var document = new XDocument(
            new XDeclaration("1.0", "utf-8", null),
            new XElement(s_help + "helpItems", new XAttribute("schema", "maml"), commands.Select(Command))
        );
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // Beside, then renamed: a build that is stopped must not leave half a file that looks up to date.
        var partial = path + ".new";
        document.Save(partial);
        File.Move(partial, path, overwrite: true);
    }

    private static XElement Command(CommandHelp help) =>
        new(
            s_command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", s_maml),
            new XAttribute(XNamespace.Xmlns + "command", s_command),
            new XAttribute(XNamespace.Xmlns + "dev", s_dev),
            new XElement(
                s_command + "details",
                new XElement(s_command + "name", help.Name),
                new XElement(s_command + "verb", help.Verb),
                new XElement(s_command + "noun", help.Noun),
                Description([help.Synopsis])
            ),
            Description(help.Description),
            new XElement(s_command + "syntax", help.Syntax.Select(s => Syntax(help.Name, s))),
            new XElement(s_command + "parameters", help.Parameters.Select(p => Parameter(p, inSyntax: false))),
            new XElement(s_command + "inputTypes", help.Inputs.Select(t => TypeOf(s_command + "inputType", t))),
            new XElement(s_command + "returnValues", help.Outputs.Select(t => TypeOf(s_command + "returnValue", t))),
            new XElement(s_command + "examples", help.Examples.Select((e, i) => Example(e, i + 1))),
            // Get-Help -Online opens the first address that it meets here.
            new XElement(
                s_command + "relatedLinks",
                Link("Online version:", help.Page),
                help.Related.Append(CommandHelp.Topic).Select(name => Link(name, ""))
            )
        );

    private static XElement Link(string text, string address) =>
        new(s_maml + "navigationLink", new XElement(s_maml + "linkText", text), new XElement(s_maml + "uri", address));

    private static XElement Syntax(string name, SyntaxHelp syntax) =>
        new(
            s_command + "syntaxItem",
            new XElement(s_maml + "name", name),
            syntax.Parameters.Select(p => Parameter(p, inSyntax: true))
        );

    private static XElement Parameter(ParameterHelp help, bool inSyntax)
    {
        var values = help.AcceptedValues;
        IReadOnlyList<Paragraph> text =
            values.Count == 0
                ? help.Description
                : [.. help.Description, new Paragraph($"Accepted values: {string.Join(", ", values)}.")];
        var element = new XElement(
            s_command + "parameter",
            new XAttribute("required", Lower(help.IsRequired)),
            new XAttribute("variableLength", "true"),
            new XAttribute("globbing", Lower(help.AcceptsWildcards)),
            new XAttribute("pipelineInput", help.PipelineInput),
            new XAttribute("position", help.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", help.Aliases.Count == 0 ? "none" : string.Join(", ", help.Aliases)),
            new XElement(s_maml + "name", help.Name),
            Description(text)
        );
        if (inSyntax && values.Count > 0)
            element.Add(
                new XElement(
                    s_command + "parameterValueGroup",
                    values.Select(v => new XElement(
                        s_command + "parameterValue",
                        new XAttribute("required", "false"),
                        new XAttribute("variableLength", "false"),
                        v
                    ))
                )
            );
        // In a syntax line a value after the name of a switch would be wrong; in the list it tells the type.
        else if (!(inSyntax && help.IsSwitch))
            element.Add(
                new XElement(
                    s_command + "parameterValue",
                    new XAttribute("required", Lower(!help.IsSwitch)),
                    new XAttribute("variableLength", "false"),
                    help.TypeName
                )
            );
        element.Add(
            new XElement(
                s_dev + "type",
                new XElement(s_maml + "name", help.FullTypeName),
                new XElement(s_maml + "uri")
            ),
            new XElement(s_dev + "defaultValue", help.Default ?? "None")
        );
        return element;
    }

    private static XElement TypeOf(XName name, TypeHelp help) =>
        new(
            name,
            new XElement(s_dev + "type", new XElement(s_maml + "name", help.Name)),
            Description(help.Description)
        );

    private static XElement Example(ExampleHelp help, int number) =>
        new(
            s_command + "example",
            new XElement(s_maml + "title", $"-------------------------- Example {number} --------------------------"),
            new XElement(s_maml + "introduction"),
            new XElement(s_dev + "code", help.Code),
            new XElement(s_dev + "remarks", help.Explanation.Select(Para))
        );

    private static XElement Description(IEnumerable<Paragraph> paragraphs) =>
        new(s_maml + "description", paragraphs.Select(Para));

    private static XElement Para(Paragraph paragraph) => new(s_maml + "para", paragraph.ToPlain());

    private static string Lower(bool value) => value ? "true" : "false";
}
