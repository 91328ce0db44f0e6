using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;
using System.Text.RegularExpressions;

namespace PSConvNet.Notebook;

/// <summary>
/// Parameters as a cell of their own, after the one tagged <c>parameters</c>, in the place of an earlier injected one. The convention is
/// that of papermill.
/// </summary>
internal sealed partial class ParameterCell
{
    private const string Tag = "parameters";
    private const string InjectedTag = "injected-parameters";

    // The engine would refuse to set them, or what sets them would break the session.
    private static readonly HashSet<string> s_reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "args",
        "ConsoleFileName",
        "EnabledExperimentalFeatures",
        "Error",
        "ExecutionContext",
        "false",
        "HOME",
        "Host",
        "input",
        "IsCoreCLR",
        "IsLinux",
        "IsMacOS",
        "IsWindows",
        "null",
        "PID",
        "PSCulture",
        "PSEdition",
        "PSHOME",
        "PSUICulture",
        "PSVersionTable",
        "ShellId",
        "this",
        "true",
    };

    private readonly Dictionary<string, object?> _values;

    private ParameterCell(NotebookCell cell, Dictionary<string, object?> values)
    {
        Cell = cell;
        _values = values;
    }

    /// <summary>The cell.</summary>
    public NotebookCell Cell { get; }

    /// <summary>Puts the cell into a notebook.</summary>
    /// <param name="notebook">The notebook.</param>
    /// <param name="parameters">Names and values.</param>
    /// <param name="unknown">Called with each name that the cell tagged <c>parameters</c> does not set.</param>
    /// <exception cref="ConvNetException"><c>ParameterNameInvalid</c>.</exception>
    public static ParameterCell Inject(NotebookFile notebook, IDictionary parameters, Action<string> unknown)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        var code = new StringBuilder("# Parameters\n");
        var place = notebook.Cells.FirstOrDefault(cell => cell.IsCode && cell.HasTag(Tag));
        var known = place is null ? null : AssignedIn(place.Source);
        foreach (DictionaryEntry entry in parameters)
        {
            var name = NameOf(entry.Key);
            var value = entry.Value is PSObject { BaseObject: not PSCustomObject } wrapped
                ? wrapped.BaseObject
                : entry.Value;
            if (known?.Contains(name) == false)
                unknown(name);
            if (Literal(value) is { } text)
            {
                code.Append(CultureInfo.InvariantCulture, $"${name} = {text}\n");
            }
            else
            {
                values.Add(name, value);
                code.Append(CultureInfo.InvariantCulture, $"# ${name} was given as {value!.GetType()}\n");
            }
        }
        foreach (var earlier in notebook.Cells.Where(cell => cell.HasTag(InjectedTag)).ToList())
            notebook.Remove(earlier);
        var cell = NotebookCell.Create(code.ToString().TrimEnd('\n'), InjectedTag);
        notebook.Insert(place?.Number ?? 0, cell);
        return new(cell, values);
    }

    /// <summary>Sets those variables whose values can't be written as text.</summary>
    public void SetValues(CellRunner session)
    {
        foreach (var (name, value) in _values)
            session.SetVariable(name, value);
    }

    private static string NameOf(object key)
    {
        var name = key.ToString() ?? "";
        if (NamePattern().IsMatch(name) && !s_reserved.Contains(name))
            return name;
        throw new ConvNetException(
            ErrorIds.ParameterNameInvalid,
            ErrorKind.InvalidArgument,
            $"'{name}' can't be a notebook's parameter: give the name of a variable, of letters, digits and _, that PowerShell doesn't reserve.",
            name
        );
    }

    private static HashSet<string> AssignedIn(string source) =>
        Parser
            .ParseInput(source, out _, out _)
            .FindAll(node => node is AssignmentStatementAst, searchNestedScriptBlocks: false)
            .Cast<AssignmentStatementAst>()
            .SelectMany(assignment =>
                assignment.Left.FindAll(node => node is VariableExpressionAst, searchNestedScriptBlocks: false)
            )
            .Select(variable => ((VariableExpressionAst)variable).VariablePath.UserPath)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>A value as PowerShell text that gives the same value, of the same type; null where there is none.</summary>
    internal static string? Literal(object? value) =>
        value switch
        {
            null => "$null",
            bool flag => flag ? "$true" : "$false",
            SwitchParameter flag => flag ? "$true" : "$false",
            string text => Quoted(text),
            int number => number.ToString(CultureInfo.InvariantCulture),
            double number => Real(number),
            Enum or char or Guid or TimeSpan or Uri or Version => Typed(
                value,
                string.Format(CultureInfo.InvariantCulture, "{0}", value)
            ),
            DateTime time => Typed(value, time.ToString("o", CultureInfo.InvariantCulture)),
            DateTimeOffset time => Typed(value, time.ToString("o", CultureInfo.InvariantCulture)),
            float number => Typed(value, number.ToString("R", CultureInfo.InvariantCulture)),
            IFormattable number when value.GetType().IsPrimitive || value is decimal => Typed(
                value,
                number.ToString(null, CultureInfo.InvariantCulture)
            ),
            IDictionary table => Table(table),
            Array { Rank: 1 } list => List(list),
            _ => null,
        };

    private static string Quoted(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    private static string Typed(object value, string text) =>
        $"[{value.GetType().FullName!.Replace('+', '.')}]{Quoted(text)}";

    private static string Real(double number)
    {
        if (!double.IsFinite(number))
            return Typed(number, number.ToString(CultureInfo.InvariantCulture));
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        // 2 would be an int.
        return text.AsSpan().IndexOfAny(".E") < 0 ? text + ".0" : text;
    }

    private static string? List(Array list)
    {
        var items = list.Cast<object?>()
            .Select(item => Literal(item is PSObject wrapped ? wrapped.BaseObject : item))
            .ToList();
        if (items.Contains(null) || list.GetType().GetElementType() is not { FullName: { } element })
            return null;
        // PowerShell would make an empty text of one that is null.
        if (list is string?[] texts && Array.IndexOf(texts, null) >= 0)
            return null;
        return $"[{element}[]]@({string.Join(", ", items)})";
    }

    private static string? Table(IDictionary table)
    {
        // Others have an order or a comparison of their own.
        if (table is not (Hashtable or System.Collections.Specialized.OrderedDictionary))
            return null;
        var items = new List<string>();
        foreach (DictionaryEntry entry in table)
        {
            var value = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value;
            if (Literal(entry.Key) is not { } key || Literal(value) is not { } text)
                return null;
            items.Add($"{key} = {text}");
        }
        return $"{(table is Hashtable ? "" : "[ordered]")}@{{ {string.Join("; ", items)} }}";
    }

    [GeneratedRegex(@"\A[\p{L}_][\p{L}\p{Nd}_]*\z")]
    private static partial Regex NamePattern();
}
