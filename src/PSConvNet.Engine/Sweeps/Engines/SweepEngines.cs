using System.Collections;
using System.Reflection;

namespace PSConvNet.Sweeps;

/// <summary>The engines that assemblies announce: found by name, and made from options given by name.</summary>
public sealed class SweepEngines
{
    private static readonly SpecTerms s_terms = new(
        "engine",
        ErrorIds.EngineUnknown,
        ErrorIds.EngineOptionUnknown,
        ErrorIds.EngineOptionInvalid,
        "option"
    );

    private readonly SpecCatalog<SweepEngine> _catalog;

    /// <summary>Finds the engines.</summary>
    /// <param name="assemblies">Those with a <see cref="SweepEngineAttribute"/> for each engine.</param>
    public SweepEngines(params IEnumerable<Assembly> assemblies) =>
        _catalog = new SpecCatalog<SweepEngine>(
            s_terms,
            engine => engine.Name,
            [
                .. assemblies
                    .SelectMany(assembly => assembly.GetCustomAttributes<SweepEngineAttribute>())
                    .OrderBy(announced => announced.Engine.Name, StringComparer.Ordinal)
                    .Select(announced =>
                        (Func<SweepEngine>)(() => (SweepEngine)Activator.CreateInstance(announced.Engine)!)
                    ),
            ]
        );

    /// <summary>The engines' names, in the order of the alphabet.</summary>
    public IReadOnlyList<string> Names => _catalog.Names;

    /// <summary>The engine of that name with the defaults of its options.</summary>
    /// <exception cref="ConvNetException"><c>EngineUnknown</c>: with the names that there are.</exception>
    public SweepEngine Find(string name) => _catalog.Find(name);

    /// <summary>The engine with other options; those that are not given stay as they are.</summary>
    /// <param name="engine">The engine, which is not changed.</param>
    /// <param name="options">Names and values; null as a value leaves the option as it is.</param>
    /// <param name="folder">Makes a full path of a folder's name as its writer means it.</param>
    /// <exception cref="ConvNetException">
    /// <c>EngineOptionUnknown</c>: with the names that there are. <c>EngineOptionInvalid</c>: a value of another type.
    /// </exception>
    public SweepEngine With(
        SweepEngine engine,
        IEnumerable<KeyValuePair<string, object?>> options,
        Func<string, string> folder
    )
    {
        var folders = SpecSettings
            .Properties(engine)
            .Where(property => property.PropertyType == typeof(DirectoryInfo))
            .Select(property => property.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return _catalog.Apply(
            engine with
            { },
            options.Select(option =>
                KeyValuePair.Create(
                    option.Key,
                    option.Value is string name && folders.Contains(option.Key)
                        ? new DirectoryInfo(folder(name))
                        : option.Value!
                )
            )
        );
    }

    /// <summary>Refuses options that were given before, with another value: a table and a parameter of the command can give the same one.</summary>
    /// <param name="before">The engine with what was given first.</param>
    /// <param name="after">The same with what was given next.</param>
    /// <param name="given">The names of what was given next.</param>
    /// <exception cref="ConvNetException"><c>ParameterNotApplicable</c>.</exception>
    public void RequireOnce(SweepEngine before, SweepEngine after, IReadOnlyCollection<string> given)
    {
        ArgumentNullException.ThrowIfNull(before);
        var usual = Find(before.Name);
        foreach (var option in SpecSettings.Properties(before))
        {
            var there = option.GetValue(before);
            if (
                !given.Contains(option.Name, StringComparer.OrdinalIgnoreCase)
                || there is null or ICollection { Count: 0 }
                || Equals(there, option.GetValue(usual))
                || Equals(there, option.GetValue(after))
            )
                continue;
            throw new ConvNetException(
                ErrorIds.ParameterNotApplicable,
                ErrorKind.InvalidArgument,
                $"The option {option.Name} of the engine {before.Name} is given twice, with different values: give one of them.",
                option.Name
            );
        }
    }

    /// <summary>The names of an engine's options, in the order in which they are declared.</summary>
    public static IReadOnlyList<string> OptionsOf(SweepEngine engine) =>
        [.. SpecSettings.Properties(engine).Select(property => property.Name)];

    /// <summary><c>EngineOptionInvalid</c>.</summary>
    internal static ConvNetException Invalid(string engine, string option, object? value, string expected) =>
        SpecSettings.Invalid(s_terms, engine, option, value, expected);
}
