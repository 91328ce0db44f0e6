using System.Reflection;

namespace PSConvNet;

/// <summary>
/// A parameter that means nothing without another one, and is refused without it. Of several such attributes one has to hold.
/// </summary>
/// <param name="partner">The other parameter.</param>
/// <param name="values">The values it has to have, one of them; none where it only has to be given.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class NeedsAttribute(string partner, params object[] values) : Attribute
{
    /// <summary>The other parameter.</summary>
    public string Partner { get; } = partner;

    /// <summary>The values it has to have, one of them.</summary>
    public IReadOnlyList<object> Values { get; } = values;

    /// <summary>Refuses parameters of a command that were given without what they need.</summary>
    /// <param name="command">The command, with its parameters bound.</param>
    /// <param name="given">What was given.</param>
    /// <exception cref="ConvNetException"><c>ParameterNotApplicable</c>.</exception>
    internal static void Check(object command, IReadOnlyDictionary<string, object> given)
    {
        foreach (var (name, value) in given)
        {
            if (IsOff(value) || command.GetType().GetProperty(name) is not { } property)
                continue;
            NeedsAttribute[] needs = [.. property.GetCustomAttributes<NeedsAttribute>()];
            if (needs.Length > 0 && !Array.Exists(needs, need => need.Holds(command, given)))
            {
                throw new ConvNetException(
                    ErrorIds.ParameterNotApplicable,
                    ErrorKind.InvalidArgument,
                    $"-{name} does nothing without {string.Join(" or ", needs.Select(need => need.ToString()))}: give both, or leave it out.",
                    name
                );
            }
        }
    }

    /// <inheritdoc />
    public override string ToString() =>
        Values.Count == 0 ? $"-{Partner}" : $"-{Partner} {string.Join(" or ", Values)}";

    private bool Holds(object command, IReadOnlyDictionary<string, object> given) =>
        Values.Count == 0
            ? given.TryGetValue(Partner, out var value) && !IsOff(value)
            : Values.Contains(command.GetType().GetProperty(Partner)!.GetValue(command));

    private static bool IsOff(object? value) =>
        value is null or System.Management.Automation.SwitchParameter { IsPresent: false };
}
