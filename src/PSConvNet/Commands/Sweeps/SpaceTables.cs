using System.Management.Automation;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>A sweep's space as people write it: tables of names with what they may be.</summary>
internal static class SpaceTables
{
    /// <summary>The names of the tables.</summary>
    public static IReadOnlyList<string> Names { get; } = ["Choice", "Integer", "Uniform", "LogUniform", "When"];

    /// <summary>Reads the tables, each a table or an object that stands for one; null for none.</summary>
    /// <exception cref="ConvNetException"><c>SweepSpaceInvalid</c>, <c>SweepScriptInvalid</c>.</exception>
    public static SweepSpace Read(object? choice, object? integer, object? uniform, object? logUniform, object? when)
    {
        SweepParameter[] parameters =
        [
            .. Of(choice, (name, values) => new ChoiceParameter(name, values)),
            .. Of(integer, SweepRanges.Integer),
            .. Of(uniform, SweepRanges.Uniform),
            .. Of(logUniform, SweepRanges.LogUniform),
        ];
        var space = new SweepSpace(parameters, [.. Entries(when).Select(Condition)]);
        string[] always =
        [
            .. space.Parameters.Select(parameter => parameter.Name).Where(name => !space.Conditions.ContainsKey(name)),
        ];
        foreach (var condition in space.Conditions.Values)
            SweepScript.RequireKnown(condition.Text, always, "the parameters without a condition");
        return space;
    }

    private static KeyValuePair<string, SweepCondition> Condition(KeyValuePair<string, object?> entry)
    {
        var text = entry.Value switch
        {
            ScriptBlock block => block.ToString(),
            string words => words,
            var other => throw Invalid(entry.Key, $"its condition is a script block, not '{other}'"),
        };
        return KeyValuePair.Create(entry.Key, new SweepCondition(text, SweepScript.Condition(text)));
    }

    private static IEnumerable<SweepParameter> Of(
        object? table,
        Func<string, IReadOnlyList<object>, SweepParameter> make
    ) => Entries(table).Select(entry => make(entry.Key, Values(entry.Value)));

    private static IReadOnlyList<KeyValuePair<string, object?>> Entries(object? table) =>
        table is null
            ? []
            : Argument.Table(table)
                ?? throw Invalid($"{table}", "names and their values are written as a hashtable, @{ Units = 16, 32 }");

    private static object[] Values(object? value) =>
        value is not string && LanguagePrimitives.GetEnumerable(value) is { } several
            ? [.. several.Cast<object?>().Select(item => Argument.Plain(item)!)]
            : [value!];

    private static ConvNetException Invalid(string name, string problem) =>
        new(ErrorIds.SweepSpaceInvalid, ErrorKind.InvalidArgument, $"{name} can't be swept: {problem:text}.", name);
}

/// <summary>Lets a <see cref="SweepSpace"/> parameter take a table of what New-SweepSpace takes.</summary>
public sealed class SweepSpaceTransformAttribute : TableTransformAttribute
{
    /// <inheritdoc />
    protected override Type Described => typeof(SweepSpace);

    /// <inheritdoc />
    protected override string Expected =>
        "a space from New-SweepSpace, or a hashtable of its hashtables, such as @{ Choice = @{ Units = 16, 32 } }";

    /// <inheritdoc />
    protected override object OfTable(IReadOnlyList<KeyValuePair<string, object>> settings, EngineIntrinsics engine)
    {
        var unknown = settings.Select(setting => setting.Key).FirstOrDefault(key => !IsKnown(key));
        return unknown is null
            ? SpaceTables.Read(Table("Choice"), Table("Integer"), Table("Uniform"), Table("LogUniform"), Table("When"))
            : throw Invalid(
                $"A space has no {unknown}; it has hashtables named {string.Join(", ", SpaceTables.Names)}, as in @{{ Choice = @{{ {unknown} = 16, 32 }} }}.",
                unknown
            );

        object? Table(string name) => settings.FirstOrDefault(setting => Same(setting.Key, name)).Value;
    }

    private static bool IsKnown(string key) => SpaceTables.Names.Any(name => Same(key, name));

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
