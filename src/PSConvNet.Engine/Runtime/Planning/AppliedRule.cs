namespace PSConvNet.Runtime.Planning;

/// <summary>A rule of the planner that was applied: it has one step do the work of some layers, or does it in another way.</summary>
/// <param name="Rule">What it does.</param>
/// <param name="Layers">The layers that it applies to.</param>
/// <param name="Reason">Why.</param>
public sealed record AppliedRule(string Rule, string Layers, string Reason)
{
    /// <inheritdoc />
    public override string ToString() => $"{Rule} ({Layers}): {Reason}";
}
