using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>What there is to say about the command or variable at the cursor: its help, or its value.</summary>
internal sealed class CodeInspector(CellRunner runner)
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
        if (runner.FindVariable(name) is not { } variable)
            return null;
        var value = variable.Value;
        var type = (value as PSObject)?.BaseObject.GetType() ?? value?.GetType();
        return $"[{type?.ToString() ?? "null"}] ${name}\n{runner.TextOf(value)}";
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
