using System.Management.Automation;

namespace PSConvNet.Transforms;

/// <summary>The engines of sweeps that this module has, its own and those of the engine's assembly.</summary>
internal static class Engines
{
    private static readonly SweepEngines s_all = new(typeof(SweepEngine).Assembly, typeof(Engines).Assembly);

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names => s_all.Names;

    /// <summary>The engine of that name, with its defaults.</summary>
    /// <exception cref="ConvNetException"><c>EngineUnknown</c>.</exception>
    public static SweepEngine Find(string name) => s_all.Find(name);

    /// <summary>The engine with other options.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="options">Names and values.</param>
    /// <param name="folder">Makes full paths of relative ones.</param>
    /// <exception cref="ConvNetException">
    /// <c>EngineOptionUnknown</c>, <c>EngineOptionInvalid</c>, <c>ParameterNotApplicable</c>: the engine was given another value of an
    /// option already; and what paths throw.
    /// </exception>
    public static SweepEngine With(
        SweepEngine engine,
        IEnumerable<KeyValuePair<string, object?>> options,
        Func<string, string> folder
    )
    {
        var given = options.ToList();
        var changed = s_all.With(engine, given, folder);
        s_all.RequireOnce(engine, changed, given.ConvertAll(option => option.Key));
        return changed;
    }
}

/// <summary>Lets a <see cref="SweepEngine"/> parameter take an engine's name, <c>-Engine slurm</c>, or a table of name and options.</summary>
public sealed class EngineTransformAttribute : SpecTransformAttribute
{
    /// <inheritdoc />
    protected override Type Described => typeof(SweepEngine);

    /// <inheritdoc />
    protected override string Noun => "engine";

    /// <inheritdoc />
    protected override IReadOnlyList<string> Names => Engines.Names;

    /// <inheritdoc />
    protected override object Create(
        string name,
        IEnumerable<KeyValuePair<string, object>> settings,
        EngineIntrinsics engine
    ) =>
        Engines.With(
            Engines.Find(name),
            settings.Select(setting => KeyValuePair.Create<string, object?>(setting.Key, setting.Value)),
            engine.SessionState.Path.GetUnresolvedProviderPathFromPSPath
        );
}

/// <summary>Makes an engine with options from a table: <c>-EngineOption @{ Partition = 'gpu' }</c>.</summary>
/// <param name="engine">The engine whose options these are.</param>
public sealed class EngineOptionTransformAttribute(SweepEngine engine) : ArgumentTransformationAttribute
{
    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (Argument.Plain(inputData) is null or SweepEngine)
            return inputData;
        if (Argument.Table(inputData) is not { } options)
            throw Argument.Refuse(
                inputData,
                $"a hashtable of options of {engine.Name}, such as @{{ {SweepEngines.OptionsOf(engine)[0]} = ... }}"
            );
        try
        {
            return Engines.With(
                engine,
                options,
                engineIntrinsics.SessionState.Path.GetUnresolvedProviderPathFromPSPath
            );
        }
        catch (ConvNetException e)
        {
            throw Argument.Refuse(e);
        }
    }
}
