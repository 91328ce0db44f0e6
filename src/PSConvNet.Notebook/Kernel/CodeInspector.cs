using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>What there is to say about the command or variable at the cursor: its help, or its value.</summary>
/// <param name="runner">The session that is asked.</param>
/// <param name="names">What is known of the cells' own session, where that one is busy and another one is asked; else null.</param>
internal sealed class CodeInspector(CellRunner runner, SessionNames? names)
{
    private const string Help = """
        param($name, $detailed)
        $command = Get-Command -Name $name -ErrorAction Ignore | ForEach-Object { $_ } | Where-Object { $_.Name -eq $name -or $_.CommandType -eq 'Application' }
        if (-not $command) { return }
        Get-Help -Name $name -Full:$detailed -ErrorAction Ignore | Out-NotebookText
        """;

    private const string ParameterHelp = """
        param($name, $parameter)
        Get-Help -Name $name -Parameter $parameter -ErrorAction Ignore | Out-NotebookText
        """;

    /// <summary>Has a session read its help, so that the first answer comes as soon as the others.</summary>
    public static void Prepare(CellRunner runner) =>
        new CodeInspector(runner, null).Run(Help, "Invoke-Training", false);

    /// <summary>The content of an <c>inspect_reply</c>.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="position">Where the cursor is, in characters.</param>
    /// <param name="detailed">Whether everything is wanted.</param>
    public JsonObject Inspect(string code, int position, bool detailed)
    {
        var text = Find(code, CodePoints.ToIndex(code, position), detailed);
        var found = !string.IsNullOrWhiteSpace(text);
        return new JsonObject
        {
            ["status"] = "ok",
            ["found"] = found,
            ["data"] = found ? new MimeBundle(text!).Data() : [],
            ["metadata"] = new JsonObject(),
        };
    }

    private string? Find(string code, int cursor, bool detailed)
    {
        var ast = Parser.ParseInput(code, out _, out _);
        // The innermost is the last one found: a search goes from the outside in.
        var around = ast.FindAll(node => Holds(node.Extent, cursor), searchNestedScriptBlocks: true).ToList();
        if (around.OfType<VariableExpressionAst>().LastOrDefault() is { } variable)
            return Value(variable.VariablePath.UserPath);
        if (around.OfType<CommandAst>().LastOrDefault() is not { } command || command.GetCommandName() is not { } name)
            return null;
        if (around.OfType<CommandParameterAst>().LastOrDefault() is { } parameter && parameter.Parent == command)
            return Run(ParameterHelp, name, parameter.ParameterName);
        return Run(Help, name, detailed);
    }

    private static bool Holds(IScriptExtent extent, int cursor) =>
        extent.StartOffset <= cursor && cursor <= extent.EndOffset;

    private string? Value(string name)
    {
        if (names is not null)
            return names.FindVariable(name) is { } note ? Noted(name, note) : null;
        if (runner.FindVariable(name) is not { } variable)
            return null;
        var value = variable.Value;
        var type = (value as PSObject)?.BaseObject.GetType() ?? value?.GetType();
        return $"[{type?.ToString() ?? "null"}] ${name}\n{runner.TextOf(value)}";
    }

    /// <summary>The running cell may change any variable at any time.</summary>
    private string Noted(string name, VariableNote note)
    {
        var type = note.Type?.ToString() ?? "null";
        return note.Value is { } value
            ? $"${name} was [{type}] {runner.TextOf(value)} when the running cell began."
            : $"${name} was [{type}] when the running cell began; its value can be read once the cell has ended.";
    }

    private string? Run(string script, params object[] arguments)
    {
        using var shell = runner.CreateShell();
        shell.AddScript(script, useLocalScope: true);
        foreach (var argument in arguments)
            shell.AddArgument(argument);
        try
        {
            return shell.Invoke() is [.., { } text] ? text.ToString() : null;
        }
        catch (RuntimeException)
        {
            return null;
        }
    }
}
