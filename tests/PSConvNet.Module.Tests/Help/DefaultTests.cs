using System.Management.Automation;
using System.Text.RegularExpressions;

namespace PSConvNet.Module.Tests.Help;

/// <summary>A default in help is something to type, not a description of it.</summary>
public sealed partial class DefaultTests(HelpSession shared) : IClassFixture<HelpSession>
{
    /// <summary>Texts with spaces that a parameter has from the start.</summary>
    private static readonly string[] s_texts = ["PowerShell (PSConvNet)", "1 epoch"];

    [Fact]
    public void Every_default_is_a_value()
    {
        var prose = shared
            .Session.Run("Get-Command -Module PSConvNet -CommandType Cmdlet")
            .Output.Select(command => (CommandInfo)command.BaseObject)
            .SelectMany(command =>
                HelpTests
                    .Items(shared.Of(command.Name), "parameters", "parameter")
                    .Select(help => (Name: HelpTests.Text(help, "name"), Default: HelpTests.Text(help, "defaultValue")))
                    .Where(one => command.Parameters.TryGetValue(one.Name, out var p) && !IsValue(p, one.Default))
                    .Select(one => $"{command.Name} -{one.Name}: '{one.Default}'")
            )
            .ToList();

        Assert.True(prose.Count == 0, string.Join('\n', prose));
    }

    private static bool IsValue(ParameterMetadata parameter, string given)
    {
        if (given == "None")
            return true;
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        var element = type.GetElementType() ?? type;
        if (type == typeof(SwitchParameter))
            return given == "False";
        if (element.IsPrimitive || element.IsEnum)
            return (type.IsArray ? given.Split(", ") : [given]).All(one =>
                LanguagePrimitives.TryConvertTo(one, element, out _)
            );
        return Word().IsMatch(given) || s_texts.Contains(given);
    }

    [GeneratedRegex(@"^[\w./-]+$")]
    private static partial Regex Word();
}
