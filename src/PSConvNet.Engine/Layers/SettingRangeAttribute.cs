using System.Globalization;

namespace PSConvNet.Layers;

/// <summary>
/// The values that a layer's setting can have: a number, or both numbers of a <see cref="Window"/>. <see cref="LayerSpec.Validate"/> and the
/// JSON schema of model files read it.
/// </summary>
/// <param name="least">The smallest value.</param>
/// <param name="most">The largest value.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingRangeAttribute(double least, double most = double.PositiveInfinity) : Attribute
{
    /// <summary>The smallest value.</summary>
    public double Least => least;

    /// <summary>The largest value; infinity where there is none.</summary>
    public double Most => most;

    /// <summary>Whether values must lie above <see cref="Least"/>.</summary>
    public bool ExcludesLeast { get; init; }

    /// <summary>Whether values must lie below <see cref="Most"/>.</summary>
    public bool ExcludesMost { get; init; }

    /// <summary>Whether a setting's value lies in the range; no value (null) does.</summary>
    public bool Contains(object? value) =>
        value switch
        {
            null => true,
            Window window => Contains((double)window.Height) && Contains((double)window.Width),
            _ => Contains(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        };

    /// <summary><c>from 0 to below 1</c>, <c>at least 1</c>, <c>a finite number above 0</c>.</summary>
    public string Words(Type type)
    {
        var (least, most) = (Number(Least), (ExcludesMost ? "below " : "") + Number(Most));
        var both = type == typeof(Window) ? " in both directions" : "";
        if (double.IsFinite(Most))
            return (ExcludesLeast ? $"above {least} and at most {most}" : $"from {least} to {most}") + both;
        if (type == typeof(int))
            return $"at least {least}";
        return ExcludesLeast ? $"a finite number above {least}" : $"a finite number of at least {least}";
    }

    private bool Contains(double value) =>
        double.IsFinite(value)
        && (ExcludesLeast ? value > Least : value >= Least)
        && (ExcludesMost ? value < Most : value <= Most);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
