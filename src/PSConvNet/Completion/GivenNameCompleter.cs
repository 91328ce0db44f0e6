using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PSConvNet.Completion;

/// <summary>Completes the names within an object that the command line gives already.</summary>
public abstract class GivenNameCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName,
        string parameterName,
        string wordToComplete,
        CommandAst commandAst,
        IDictionary fakeBoundParameters
    )
    {
        var word = (wordToComplete ?? "").Trim('\'', '"');
        return Names(commandAst, fakeBoundParameters)
            .Distinct()
            .Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(Quoted(name), name, CompletionResultType.ParameterValue, name));
    }

    private protected abstract IEnumerable<string> Names(CommandAst command, IDictionary bound);

    private static string Quoted(string name) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? name
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";
}

/// <summary>Completes the names of the layers of the model that is given.</summary>
public sealed class LayerNameCompleter : GivenNameCompleter
{
    private protected override IEnumerable<string> Names(CommandAst command, IDictionary bound) =>
        SessionVariables
            .GivenTo<Model>(command, bound)
            // A layer that was given no name gets one from the model.
            .SelectMany(model => model.Summary.Layers)
            .Select(layer => layer.Name);
}

/// <summary>Completes the names of the classes of the data that are given.</summary>
public sealed class ClassNameCompleter : GivenNameCompleter
{
    private protected override IEnumerable<string> Names(CommandAst command, IDictionary bound) =>
        SessionVariables
            .GivenTo<Dataset>(command, bound)
            .SelectMany(data => data.ClassNames)
            .Concat(SessionVariables.GivenTo<ImageSet>(command, bound).SelectMany(images => images.ClassNames));
}
