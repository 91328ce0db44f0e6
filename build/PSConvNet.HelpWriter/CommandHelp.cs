namespace PSConvNet.HelpWriter;

/// <summary>All that help says about one cmdlet, and its page in a browser; what both writers print.</summary>
internal sealed record CommandHelp(
    string Name,
    string Verb,
    string Noun,
    string Page,
    Paragraph Synopsis,
    IReadOnlyList<Paragraph> Description,
    IReadOnlyList<SyntaxHelp> Syntax,
    IReadOnlyList<ParameterHelp> Parameters,
    IReadOnlyList<TypeHelp> Inputs,
    IReadOnlyList<TypeHelp> Outputs,
    IReadOnlyList<ExampleHelp> Examples,
    IReadOnlyList<string> Related
)
{
    /// <summary>The topic that every command belongs to.</summary>
    public const string Topic = "about_PSConvNet";
}

/// <summary>One parameter set: PowerShell's own line for it, and its parameters in the order a user meets them.</summary>
internal sealed record SyntaxHelp(string Line, IReadOnlyList<ParameterHelp> Parameters);

/// <summary>One parameter, as one parameter set or as the whole cmdlet sees it.</summary>
internal sealed record ParameterHelp(
    string Name,
    string TypeName,
    string FullTypeName,
    bool IsSwitch,
    bool IsRequired,
    int? Position,
    string PipelineInput,
    bool AcceptsWildcards,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<string> AcceptedValues,
    string? Default,
    IReadOnlyList<Paragraph> Description
);

/// <summary>A type that comes in or goes out.</summary>
internal sealed record TypeHelp(string Name, IReadOnlyList<Paragraph> Description);

/// <summary>A worked example: what it shows, and the commands.</summary>
internal sealed record ExampleHelp(IReadOnlyList<Paragraph> Explanation, string Code);
