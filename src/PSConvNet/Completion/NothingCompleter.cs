using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PSConvNet.Completion;

/// <summary>Completes nothing. A parameter without a completer is offered files, which a number or a name never is.</summary>
public sealed class NothingCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    ) => [];
}
