using System.Management.Automation;
using System.Management.Automation.Language;

namespace PSConvNet.Notebook;

/// <summary>A variable as it was at one moment.</summary>
/// <param name="Type">The type of its value; null for <c>$null</c>.</param>
/// <param name="Value">Its value where nothing can change that, such as a number's or a text's; else null.</param>
internal sealed record VariableNote(Type? Type, object? Value);

/// <summary>
/// What a session had at one moment: its variables, functions, aliases and folder. It holds nothing that a running cell can change, so
/// that another thread can read it.
/// </summary>
internal sealed class SessionNames
{
    private readonly Dictionary<string, VariableNote> _variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Ast> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _folder;

    private SessionNames(string folder) => _folder = folder;

    /// <summary>A variable, or null where there was none of that name.</summary>
    public VariableNote? FindVariable(string name) => _variables.GetValueOrDefault(name);

    /// <summary>Notes what a session has; nothing may run there.</summary>
    public static SessionNames Of(CellRunner runner)
    {
        var names = new SessionNames(runner.Session.Path.CurrentLocation.Path);
        foreach (var variable in Items<PSVariable>(runner, "variable:"))
        {
            var value = (variable.Value as PSObject)?.BaseObject ?? variable.Value;
            names._variables[variable.Name] = new(value?.GetType(), IsUnchanging(value) ? value : null);
        }
        foreach (var function in Items<FunctionInfo>(runner, "function:"))
            names._functions[function.Name] = AstOf(function);
        foreach (var alias in Items<AliasInfo>(runner, "alias:"))
            names._aliases[alias.Name] = alias.Definition;
        return names;
    }

    /// <summary>Gives another session these names, and takes those away that aren't among them.</summary>
    public void Teach(CellRunner runner)
    {
        foreach (var (name, note) in _variables)
        {
            if (runner.FindVariable(name) is not { } known)
                Try(() => runner.SetVariable(name, note.Value));
            else if (note.Value is { } value && !value.Equals(known.Value))
                Try(() => known.Value = value);
        }
        Remove<PSVariable>(runner, "variable", variable => _variables.ContainsKey(variable.Name));
        Remove<FunctionInfo>(
            runner,
            "function",
            function =>
                _functions.TryGetValue(function.Name, out var ast)
                && ast.Extent.Text == function.ScriptBlock.Ast.Extent.Text
        );
        Remove<AliasInfo>(
            runner,
            "alias",
            alias => _aliases.TryGetValue(alias.Name, out var definition) && definition == alias.Definition
        );
        Add<FunctionInfo, Ast>(runner, "function", _functions, Body);
        Add<AliasInfo, string>(runner, "alias", _aliases, definition => definition);
        Try(() => runner.Session.Path.SetLocation(WildcardPattern.Escape(_folder)));
    }

    private static void Remove<T>(CellRunner runner, string drive, Func<T, bool> isRight)
        where T : class
    {
        foreach (var item in Items<T>(runner, drive + ":").Where(item => !isRight(item)))
            Try(() => runner.Session.InvokeProvider.Item.Remove(PathOf(drive, NameOf(item)), recurse: false));
    }

    private static void Add<TItem, T>(
        CellRunner runner,
        string drive,
        Dictionary<string, T> wanted,
        Func<T, object> valueOf
    )
        where TItem : class
    {
        var there = Items<TItem>(runner, drive + ":").Select(NameOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, item) in wanted.Where(entry => !there.Contains(entry.Key)))
            Try(() => runner.Session.InvokeProvider.Item.Set(PathOf(drive, name), valueOf(item)));
    }

    private static string PathOf(string drive, string name) => $"{drive}:{WildcardPattern.Escape(name)}";

    private static string NameOf(object item) => item is PSVariable variable ? variable.Name : ((CommandInfo)item).Name;

    private static IEnumerable<T> Items<T>(CellRunner runner, string drive)
        where T : class =>
        runner.Session.InvokeProvider.ChildItem.Get(drive, recurse: false).Select(item => item.BaseObject).OfType<T>();

    /// <summary>A function's parameters and body. Those of <c>function f($x) { }</c> are apart; as a text they are together.</summary>
    private static Ast AstOf(FunctionInfo function) =>
        function.ScriptBlock.Ast is FunctionDefinitionAst { Parameters: not null }
            ? ScriptBlock.Create(function.Definition).Ast
            : function.ScriptBlock.Ast;

    /// <summary>A script block of its own: the session's belongs to the session, whose thread is busy.</summary>
    private static ScriptBlock Body(Ast function) =>
        (function is FunctionDefinitionAst definition ? definition.Body : (ScriptBlockAst)function).GetScriptBlock();

    private static bool IsUnchanging(object? value) =>
        value is string or decimal or DateTime or DateTimeOffset or TimeSpan or Guid or Enum or Version
        || value?.GetType().IsPrimitive == true;

    /// <summary>What can't be set or removed, such as a constant, is the same in each session.</summary>
    private static void Try(Action change)
    {
        try
        {
            change();
        }
        catch (RuntimeException) { }
    }
}
