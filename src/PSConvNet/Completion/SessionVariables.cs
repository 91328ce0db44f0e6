using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PSConvNet.Completion;

/// <summary>The session's variables, as a completer sees them.</summary>
internal static class SessionVariables
{
    /// <summary>The names of those that hold a value of a type, alone or in a list.</summary>
    public static IEnumerable<string> Holding<T>() =>
        All().Where(variable => Values<T>(variable.Value).Any()).Select(variable => variable.Name);

    /// <summary>
    /// The values of a type that a command line gives: bound to a parameter, or held by the variable that the pipeline begins with. Nothing
    /// is run to get them.
    /// </summary>
    public static IEnumerable<T> GivenTo<T>(CommandAst command, IDictionary bound)
    {
        var given = bound.Values.Cast<object?>().SelectMany(Values<T>).ToList();
        if (given.Count > 0)
            return given;
        var first = (command.Parent as PipelineAst)?.PipelineElements[0] as CommandExpressionAst;
        return first?.Expression is VariableExpressionAst { VariablePath: { IsUnqualified: true } path }
            ? All().Where(variable => Matches(variable.Name, path.UserPath)).SelectMany(v => Values<T>(v.Value))
            : [];
    }

    private static List<PSVariable> All()
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return
        [
            .. shell
                .AddCommand("Microsoft.PowerShell.Utility\\Get-Variable")
                .AddParameter("ErrorAction", ActionPreference.Ignore)
                .Invoke<PSVariable>(),
        ];
    }

    private static bool Matches(string name, string path) => name.Equals(path, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<T> Values<T>(object? value) =>
        Plain(value) switch
        {
            T one => [one],
            // Only what lies there already: to enumerate something else may run it.
            IList list => list.Cast<object?>().Select(Plain).OfType<T>(),
            _ => [],
        };

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
