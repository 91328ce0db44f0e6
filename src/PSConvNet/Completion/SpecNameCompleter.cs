using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using PSConvNet.Transforms;

namespace PSConvNet.Completion;

/// <summary>Completes the names of a closed set of descriptions; the tooltip shows a kind's settings and their defaults.</summary>
public abstract class SpecNameCompleter : IArgumentCompleter
{
    private readonly IReadOnlyList<string> _names;
    private readonly Func<string, string> _describe;

    /// <summary>Creates the completer.</summary>
    /// <param name="names">The names that are offered, in this order.</param>
    /// <param name="describe">Gives a name's tooltip.</param>
    protected SpecNameCompleter(IReadOnlyList<string> names, Func<string, string> describe)
    {
        _names = names;
        _describe = describe;
    }

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
        return _names
            .Where(name => name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(name => new CompletionResult(name, name, CompletionResultType.ParameterValue, _describe(name)));
    }
}

/// <summary>Completes the names of optimizers.</summary>
public sealed class OptimizerNameCompleter()
    : SpecNameCompleter(OptimizerSpec.Names, name => OptimizerSpec.Parse(name).SettingsText);

/// <summary>Completes the names of learning-rate schedules.</summary>
public sealed class ScheduleNameCompleter()
    : SpecNameCompleter(LearningRateSchedule.Names, name => LearningRateSchedule.Parse(name).ToString());

/// <summary>Completes the names of a sweep's engines; the tooltip names an engine's options.</summary>
public sealed class EngineNameCompleter()
    : SpecNameCompleter(
        Engines.Names,
        name => $"-EngineOption @{{ }}: {string.Join(", ", SweepEngines.OptionsOf(Engines.Find(name)))}"
    );
