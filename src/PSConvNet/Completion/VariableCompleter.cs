using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PSConvNet.Completion;

/// <summary>Completes a parameter that takes objects with the variables that hold one.</summary>
/// <typeparam name="T">What the parameter takes.</typeparam>
public sealed class VariableCompleter<T> : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    ) =>
        SessionVariables
            .Holding<T>()
            .Select(name => $"${name}")
            .Where(name => name.StartsWith(wordToComplete ?? "", StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name, name, CompletionResultType.Variable, name));
}
