using System.Runtime.CompilerServices;

namespace PSConvNet.Sweeps;

/// <summary>
/// A place where the workers of a sweep run, with its options: the public properties that can be set. Immutable. A new engine is a record
/// named <c>…Engine</c> in a folder of its own, which announces itself with a <see cref="SweepEngineAttribute"/>; nothing else names it.
/// </summary>
public abstract record SweepEngine
{
    private const string Ending = "Engine";

    /// <summary>The name that Invoke-Sweep's -Engine takes: that of the type without its ending.</summary>
    public string Name => GetType().Name[..^Ending.Length];

    /// <summary>Refuses options that the engine can't work with, before a study is created.</summary>
    /// <exception cref="ConvNetException"><c>EngineOptionInvalid</c>: names the option, its value and what is expected.</exception>
    public abstract void Validate();

    /// <summary>Starts the engine on a study. Workers may start later: that is up to <see cref="WorkerPool.Tend"/>.</summary>
    /// <param name="study">The study.</param>
    /// <param name="worker">The command that starts a worker on this machine; asked for only by engines that use it.</param>
    /// <exception cref="ConvNetException"><c>EngineOptionInvalid</c>, and what the engine refuses.</exception>
    public abstract EngineStart Start(Study study, Func<WorkerCommand> worker);

    /// <summary>The engine's name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>Refuses an option's value unless a condition holds.</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="value">The property's value.</param>
    /// <param name="expected">What to give instead, as it follows <c>give</c>; no full stop.</param>
    /// <param name="option">The property's name.</param>
    /// <exception cref="ConvNetException"><c>EngineOptionInvalid</c>.</exception>
    protected void Require(
        bool holds,
        object? value,
        string expected,
        [CallerArgumentExpression(nameof(value))] string option = ""
    )
    {
        if (!holds)
            throw SweepEngines.Invalid(Name, option, value, expected);
    }
}

/// <summary>What came of starting an engine.</summary>
/// <param name="Workers">The workers to follow; null where a person has to start them.</param>
/// <param name="Files">The paths of the files that a person needs for that.</param>
public sealed record EngineStart(WorkerPool? Workers, IReadOnlyList<string> Files)
{
    /// <summary>Workers that need nobody's help.</summary>
    public static implicit operator EngineStart(WorkerPool workers) => new(workers, []);
}

/// <summary>Announces an engine to <see cref="SweepEngines"/>; stands in the engine's own file.</summary>
/// <param name="engine">The <see cref="SweepEngine"/>, which can be constructed without arguments.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class SweepEngineAttribute(Type engine) : Attribute
{
    /// <summary>The engine.</summary>
    public Type Engine => engine;
}
