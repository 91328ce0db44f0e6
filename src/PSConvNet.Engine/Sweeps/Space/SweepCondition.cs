using Newtonsoft.Json;

namespace PSConvNet.Sweeps;

/// <summary>When a parameter is active: text for the file, and what judges by it. Equal by text.</summary>
/// <param name="Text">The condition as it was written.</param>
/// <param name="Holds">Judges a point that has the parameters without a condition.</param>
public sealed record SweepCondition(string Text, [property: JsonIgnore] Func<SweepPoint, bool> Holds)
{
    /// <inheritdoc />
    public bool Equals(SweepCondition? other) => other is not null && other.Text == Text;

    /// <inheritdoc />
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}
