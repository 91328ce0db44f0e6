using System.Collections.Specialized;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PSConvNet.Commands;

/// <summary>
/// Which parameters of a space a script block reads, as far as its text says: <c>$p.Units</c> after <c>param($p)</c>, <c>$p['Units']</c> and
/// <c>$_.Units</c>. PowerShell gives $null for a name that isn't there, and a network is trained with it, or refused for another reason.
/// </summary>
internal static class ParameterReads
{
    /// <summary>What a table has besides its keys.</summary>
    private static readonly HashSet<string> s_ofTables = new(
        [
            .. typeof(OrderedDictionary).GetProperties().Select(property => property.Name),
            "PSObject",
            "PSBase",
            "PSAdapted",
            "PSExtended",
            "PSTypeNames",
            "Length",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>The first parameter that is read and isn't there, as it is written and by its name; null where all are.</summary>
    /// <param name="script">The script block's text.</param>
    /// <param name="known">The names that there are.</param>
    public static (string Text, string Name)? Unknown(string script, IEnumerable<string> known)
    {
        var ast = Parser.ParseInput(script, out _, out _);
        var names = known.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var given = ast.ParamBlock?.Parameters is [var first, ..] ? first.Name.VariablePath.UserPath : null;
        var reads = ast.FindAll(node => Name(node) is not null, searchNestedScriptBlocks: true).ToList();
        // A name that the script itself assigns is known.
        names.UnionWith(reads.Where(IsWritten).Select(read => Name(read)!));
        if (given is not null && IsSet(ast, given))
            given = null;
        return reads
            .Where(read => IsPoint(read, given) && !names.Contains(Name(read)!) && !IsOfTable(read))
            .Select(read => ((string, string)?)(read.Extent.Text, Name(read)!))
            .FirstOrDefault();
    }

    /// <summary>The name that a node reads of a variable; null for any other node.</summary>
    private static string? Name(Ast node) =>
        node switch
        {
            InvokeMemberExpressionAst => null,
            MemberExpressionAst
            {
                Static: false,
                Expression: VariableExpressionAst,
                Member: StringConstantExpressionAst member
            } => member.Value,
            IndexExpressionAst { Target: VariableExpressionAst, Index: StringConstantExpressionAst index } =>
                index.Value,
            _ => null,
        };

    private static bool IsOfTable(Ast read) => read is MemberExpressionAst && s_ofTables.Contains(Name(read)!);

    private static bool IsWritten(Ast read) => read.Parent is AssignmentStatementAst written && written.Left == read;

    /// <summary>Whether the variable has the point there: the first parameter, or $_ where no inner script block has its own.</summary>
    private static bool IsPoint(Ast read, string? given)
    {
        var variable = (read is MemberExpressionAst member ? member.Expression : ((IndexExpressionAst)read).Target)
            is VariableExpressionAst found
            ? found.VariablePath.UserPath
            : "";
        var inner = Inner(read).ToList();
        return Same(variable, "_") || Same(variable, "PSItem")
            ? inner.Count == 0
            : given is not null
                && Same(variable, given)
                && !inner.Exists(block =>
                    block.ParamBlock?.Parameters.Any(p => Same(p.Name.VariablePath.UserPath, given)) == true
                    || block.Parent is FunctionDefinitionAst
                );
    }

    /// <summary>The script blocks around a node, but for the outermost.</summary>
    private static IEnumerable<ScriptBlockAst> Inner(Ast node)
    {
        for (var around = node.Parent; around is not null; around = around.Parent)
        {
            if (around is ScriptBlockAst { Parent: not null } block)
                yield return block;
        }
    }

    private static bool IsSet(Ast ast, string variable) =>
        ast.Find(
            node =>
                node is AssignmentStatementAst { Left: VariableExpressionAst set }
                    && Same(set.VariablePath.UserPath, variable)
                || node is ForEachStatementAst loop && Same(loop.Variable.VariablePath.UserPath, variable),
            searchNestedScriptBlocks: true
        )
            is not null;

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
