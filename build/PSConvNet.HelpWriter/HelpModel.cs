using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;

namespace PSConvNet.HelpWriter;

/// <summary>Reads cmdlets the way PowerShell's own binder does (<see cref="CmdletInfo"/>) and joins their comments to it.</summary>
/// <param name="comments">The comments.</param>
/// <param name="names">The commands that one may be related to.</param>
internal sealed partial class HelpModel(DocComments comments, IEnumerable<string> names)
{
    /// <summary>Enough to go on from, and few enough to be read.</summary>
    private const int MostRelated = 6;

    private readonly HashSet<string> _names = [.. names];

    private static readonly string[] s_common = [.. Cmdlet.CommonParameters];

    // PowerShell adds these two; their meaning is always the same.
    private static readonly Dictionary<string, string> s_added = new(StringComparer.Ordinal)
    {
        ["WhatIf"] = "Shows what would happen if the cmdlet ran, and does nothing.",
        ["Confirm"] = "Asks before anything is written or deleted.",
    };

    private readonly List<string> _faults = [];

    /// <summary>What is missing, each naming its cmdlet and parameter.</summary>
    public IReadOnlyList<string> Faults => _faults;

    public static Type[] CmdletsOf(Assembly assembly) =>
        [
            .. assembly
                .GetTypes()
                .Where(t =>
                    t.IsPublic && !t.IsAbstract && t.GetCustomAttribute<CmdletAttribute>(inherit: false) is not null
                )
                .OrderBy(DocComments.CmdletName, StringComparer.Ordinal),
        ];

    public CommandHelp Describe(Type type)
    {
        var name = DocComments.CmdletName(type);
        var attribute = type.GetCustomAttribute<CmdletAttribute>(inherit: false)!;
        var info = new CmdletInfo(name, type);
        var initial = (Cmdlet)Activator.CreateInstance(type)!;

        var synopsis = comments.Of(type, "summary");
        if (synopsis.Count == 0)
            Fault(name, "the class has no <summary>, which is its synopsis");
        var description = comments.Of(type, "remarks");
        if (description.Count == 0)
            Fault(name, "the class has no <remarks>, which are its description");
        var examples = comments.ExamplesOf(type);
        if (examples.Count(e => e.Code.Length > 0) < 2)
            Fault(
                name,
                $"the class needs two <example> elements with <code>, and has {examples.Count(e => e.Code.Length > 0)}"
            );
        foreach (var (example, number) in examples.Select((e, i) => (e, i + 1)))
            if (example.Explanation.Count == 0 || example.Code.Length == 0)
                Fault(name, $"example {number} lacks its <para> or its <code>");

        if (attribute.HelpUri is not { } page || !page.EndsWith($"/{name}.md", StringComparison.Ordinal))
            Fault(name, $"the class needs HelpUri = HelpPages.Address + \"{name}.md\" in its [Cmdlet]");

        var dynamic = Dynamic(type, initial);
        var syntax = info
            .ParameterSets.OrderByDescending(s => s.IsDefault)
            .Select(set => new SyntaxHelp(
                Line(name, set, dynamic),
                [
                    .. Visible(set.Parameters)
                        .Select(p => Describe(type, name, p, initial))
                        .Concat(dynamic)
                        .OrderBy(Order),
                ]
            ))
            .ToList();
        var parameters = syntax
            .SelectMany(s => s.Parameters)
            .GroupBy(p => p.Name)
            .Select(Merge)
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .ToList();
        foreach (var parameter in parameters.Where(p => p.Description.Count == 0))
            Fault($"{name} -{parameter.Name}", "the property has no <summary>");

        return new CommandHelp(
            name,
            attribute.VerbName,
            attribute.NounName,
            attribute.HelpUri ?? "",
            synopsis.Count == 0
                ? new Paragraph("")
                : new Paragraph([
                    .. synopsis.SelectMany((p, i) => i == 0 ? p.Spans : [new Span(" ", false), .. p.Spans]),
                ]),
            description,
            syntax,
            parameters,
            Inputs(parameters),
            Outputs(info),
            examples,
            Related(type, name, synopsis.Concat(description), parameters)
        );
    }

    /// <summary>
    /// What one looks up next: the commands of <c>seealso</c>, then those that the text names. The commands of the examples are left out: most of
    /// them only prepare what an example needs.
    /// </summary>
    private List<string> Related(
        Type type,
        string name,
        IEnumerable<Paragraph> text,
        IEnumerable<ParameterHelp> parameters
    )
    {
        var related = comments
            .SeeAlso(type)
            .Concat(text.Concat(parameters.SelectMany(p => p.Description)).SelectMany(p => NamesIn(p.ToPlain())))
            .Where(other => other != name)
            .Distinct()
            .Take(MostRelated)
            .ToList();
        if (related.Count == 0)
            Fault(name, "nothing leads on to another command: name one in the <remarks>, or give a <seealso>");
        return related;
    }

    private IEnumerable<string> NamesIn(string text) =>
        CommandName().Matches(text).Select(match => match.Value).Where(_names.Contains);

    private void Fault(string where, string what) => _faults.Add($"{where}: {what}.");

    private static IEnumerable<CommandParameterInfo> Visible(IEnumerable<CommandParameterInfo> parameters) =>
        parameters.Where(p =>
            !s_common.Contains(p.Name) && !p.Attributes.OfType<ParameterAttribute>().Any(a => a.DontShow)
        );

    // Positional ones first, then required ones, then the rest in the order of their declaration; PowerShell's own go last.
    private static (int, int) Order(ParameterHelp parameter) =>
        (
            parameter.Position ?? int.MaxValue,
            s_added.ContainsKey(parameter.Name) ? 2
            : parameter.IsRequired ? 0
            : 1
        );

    private ParameterHelp Describe(Type type, string command, CommandParameterInfo parameter, Cmdlet initial)
    {
        var property = FindProperty(type, parameter.Name);
        var help = Describe(parameter.Name, parameter.ParameterType, [.. parameter.Attributes], property, initial);
        return help with
        {
            IsRequired = parameter.IsMandatory,
            Position = parameter.Position >= 0 ? parameter.Position : null,
            PipelineInput = PipelineInput(parameter),
            Aliases = [.. parameter.Aliases],
            Default = parameter.IsMandatory ? null : help.Default,
        };
    }

    /// <summary>What can be told of a parameter without a parameter set.</summary>
    private ParameterHelp Describe(
        string name,
        Type type,
        Attribute[] attributes,
        PropertyInfo? property,
        Cmdlet initial
    )
    {
        IReadOnlyList<Paragraph> text =
            s_added.TryGetValue(name, out var known) ? [new Paragraph(known)]
            : property is null ? []
            : comments.SummaryOf(property);
        var valueType = Nullable.GetUnderlyingType(type) ?? type;
        return new ParameterHelp(
            name,
            ShortName(valueType),
            valueType.FullName ?? valueType.Name,
            valueType == typeof(SwitchParameter),
            IsRequired: false,
            Position: null,
            PipelineInput: "False",
            attributes.OfType<SupportsWildcardsAttribute>().Any(),
            [.. attributes.OfType<AliasAttribute>().SelectMany(alias => alias.AliasNames)],
            AcceptedValues(valueType, attributes),
            DefaultOf(valueType, attributes, property, initial, text),
            text
        );
    }

    /// <summary>PowerShell's own line for a parameter set, with the parameters it does not know.</summary>
    private static string Line(string name, CommandParameterSetInfo set, ParameterHelp[] dynamic)
    {
        const string End = " [<CommonParameters>]";
        var added = string.Concat(
            dynamic.Select(parameter =>
                parameter.IsSwitch ? $" [-{parameter.Name}]" : $" [-{parameter.Name} <{Written(parameter)}>]"
            )
        );
        return $"{name} {set}".Replace(End, added + End, StringComparison.Ordinal);
    }

    /// <summary>A parameter's type as PowerShell writes it in its own lines: double, but Hashtable.</summary>
    private static string Written(ParameterHelp parameter) =>
        Type.GetType(parameter.FullTypeName) is { IsPrimitive: true } type
            ? LanguagePrimitives.ConvertTo<string>(type)
            : parameter.TypeName;

    /// <summary>
    /// The parameters that a cmdlet adds at run time. It has a property of the same name, which carries the comment; where their type isn't the property's,
    /// their value is a table of settings.
    /// </summary>
    private ParameterHelp[] Dynamic(Type type, Cmdlet initial) =>
        (initial as IDynamicParameters)?.GetDynamicParameters() is RuntimeDefinedParameterDictionary parameters
            ?
            [
                .. parameters.Values.Select(parameter =>
                    Dynamic(parameter, FindProperty(type, parameter.Name), initial)
                ),
            ]
            : [];

    private ParameterHelp Dynamic(RuntimeDefinedParameter parameter, PropertyInfo? property, Cmdlet initial)
    {
        var isTable = property?.PropertyType != parameter.ParameterType;
        var help = Describe(
            parameter.Name,
            isTable ? typeof(Hashtable) : parameter.ParameterType,
            [.. parameter.Attributes],
            property,
            initial
        );
        return isTable ? help with { Default = null } : help;
    }

    // A property hidden by `new` in a derived class is the derived one's: PowerShell binds that.
    private static PropertyInfo? FindProperty(Type? type, string name)
    {
        const BindingFlags declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        for (; type is not null; type = type.BaseType)
            if (type.GetProperty(name, declared) is { } property)
                return property;
        return null;
    }

    private static ParameterHelp Merge(IGrouping<string, ParameterHelp> sets)
    {
        var first = sets.First();
        return first with
        {
            IsRequired = sets.All(p => p.IsRequired),
            Position = sets.Select(p => p.Position).FirstOrDefault(p => p is not null),
            PipelineInput = sets.Select(p => p.PipelineInput).FirstOrDefault(p => p != "False") ?? "False",
            Default = sets.Select(p => p.Default).FirstOrDefault(d => d is not null),
        };
    }

    private static string PipelineInput(CommandParameterInfo parameter) =>
        (parameter.ValueFromPipeline, parameter.ValueFromPipelineByPropertyName) switch
        {
            (true, true) => "True (ByValue, ByPropertyName)",
            (true, false) => "True (ByValue)",
            (false, true) => "True (ByPropertyName)",
            _ => "False",
        };

    private static string[] AcceptedValues(Type type, IEnumerable<Attribute> attributes)
    {
        if (attributes.OfType<ValidateSetAttribute>().FirstOrDefault() is { } set)
            return [.. set.ValidValues];
        var element = type.IsArray ? type.GetElementType()! : type;
        return element.IsEnum ? Enum.GetNames(element) : [];
    }

    private static string? DefaultOf(
        Type type,
        IReadOnlyCollection<Attribute> attributes,
        PropertyInfo? property,
        Cmdlet initial,
        IReadOnlyList<Paragraph> text
    )
    {
        if (attributes.OfType<PSDefaultValueAttribute>().FirstOrDefault() is { } given)
            return given.Help ?? Show(given.Value);
        if (type == typeof(SwitchParameter))
            return "False";
        var value = property?.GetMethod is null ? null : property.GetValue(initial);
        // A number that is still zero often stands for "not given"; then what the text says of it is the better answer.
        var isTelling = value is Enum || (value is not null && !IsZero(value));
        if (isTelling)
            return Show(value);
        return StatedIn(text) is not { } stated ? Show(value)
            : IsValueOf(type, attributes, stated) ? stated
            : null;
    }

    /// <summary>What a text says of the default, with code between backticks; null where it says nothing.</summary>
    private static string? StatedIn(IReadOnlyList<Paragraph> text)
    {
        var words = text.Select(p => string.Concat(p.Spans.Select(s => s.IsCode ? $"`{s.Text}`" : s.Text)));
        var said = StatedDefault().Match(string.Join(" ", words));
        return said.Success ? said.Groups["value"].Value.Trim().Trim('`') : null;
    }

    /// <summary>
    /// Whether what a text says can be typed: a number, or a word of a closed set. The rest ("as many as there are cores", "0.5, and 0.9 for
    /// Exponential") is for the description, where it is read anyway.
    /// </summary>
    private static bool IsValueOf(Type type, IEnumerable<Attribute> attributes, string stated)
    {
        var element = type.IsArray ? type.GetElementType()! : type;
        return AcceptedValues(type, attributes) is { Length: > 0 } accepted ? accepted.Contains(stated)
            : element.IsPrimitive ? (type.IsArray ? stated.Split(',') : [stated]).All(IsNumber)
            : false;
    }

    private static bool IsNumber(string text) =>
        double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static bool IsZero(object value) =>
        value is ValueType && value.Equals(Activator.CreateInstance(value.GetType()));

    private static string? Show(object? value) =>
        value switch
        {
            null => null,
            string { Length: 0 } => null,
            string text => text,
            // 0.000001 rather than 1E-06.
            double number => Math.Abs(number) is > 0 and < 1e-10
                ? number.ToString(CultureInfo.InvariantCulture)
                : number.ToString("0.##########", CultureInfo.InvariantCulture),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            IEnumerable items => string.Join(", ", items.Cast<object?>().Select(Show)) is { Length: > 0 } list
                ? list
                : null,
            // A description names itself and then its settings: Adam (LearningRate 0.001).
            _ => value.ToString()!.Split(" (")[0],
        };

    private static TypeHelp[] Inputs(IReadOnlyList<ParameterHelp> parameters) =>
        [
            .. parameters
                .Where(p => p.PipelineInput != "False")
                .Select(p => new TypeHelp(
                    p.FullTypeName,
                    [
                        new Paragraph([
                            new Span($"-{p.Name}", true),
                            new Span(
                                p.PipelineInput.Contains("ByValue", StringComparison.Ordinal)
                                    ? " takes it from the pipeline."
                                    : " takes it from a property of that name.",
                                false
                            ),
                        ]),
                    ]
                )),
        ];

    private TypeHelp[] Outputs(CmdletInfo info) =>
        [.. info.OutputType.Select(t => new TypeHelp(t.Name, t.Type is null ? [] : comments.Of(t.Type, "summary")))];

    private static string ShortName(Type type)
    {
        if (type.IsArray)
            return ShortName(type.GetElementType()!) + "[]";
        return type.IsConstructedGenericType
            ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(ShortName))}>"
            : type.Name;
    }

    // "Default: 0.5, and 0.9 for Exponential." / "(default 12)" / "The default is 0.25." / "Defaults to the file's name."
    // It goes on to the end of its sentence, which is a dot that no digit or letter follows: what comes after a semicolon is a condition.
    [GeneratedRegex(@"\b[Dd]efault(?:s? to| is|:)?\s+(?<value>[^\s.,)(](?:[^.)(]|\.(?=\S))*)")]
    private static partial Regex StatedDefault();

    [GeneratedRegex(@"(?<![\w-])[A-Z][a-z]+-[A-Z][A-Za-z]+(?![\w-])")]
    private static partial Regex CommandName();
}
