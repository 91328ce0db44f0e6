using System.Globalization;

namespace PSConvNet.Training;

/// <summary>Values of settings that are given by name: what people write becomes what the property takes.</summary>
internal static class SpecValue
{
    private static readonly string[] s_units = ["KB", "MB", "GB", "TB", "PB"];

    /// <summary>The value in a property's type.</summary>
    /// <exception cref="FormatException">It can't be; so do InvalidCastException and OverflowException say.</exception>
    public static object Convert(object value, Type type)
    {
        var plain = Plain(type);
        if (plain.GetElementType() is { } element)
            return Items(value, element);
        if (plain.IsInstanceOfType(value))
            return value;
        if (plain == typeof(TimeSpan))
            return Duration(value);
        if (value is System.Collections.IEnumerable and not string)
            throw new InvalidCastException("It is several values.");
        if (value is bool)
            throw new InvalidCastException("It is true or false.");
        var isWhole = plain == typeof(int) || plain == typeof(long);
        return System.Convert.ChangeType(isWhole ? Whole(value) : value, plain, CultureInfo.InvariantCulture);
    }

    /// <summary>What a property takes, in words that follow <c>give</c>.</summary>
    public static string Expected(Type type)
    {
        var plain = Plain(type);
        return plain.GetElementType() is { } element ? $"one or more of: {Expected(element)}"
            : plain == typeof(bool) ? "true or false"
            : plain == typeof(int) ? "a whole number"
            : plain == typeof(long) ? "a whole number, of bytes also as '4GB'"
            : plain == typeof(double) ? "a number"
            : plain == typeof(TimeSpan) ? "a duration, a TimeSpan or '1:30:00'"
            : plain == typeof(DirectoryInfo) ? "a folder's path"
            : plain == typeof(string) ? "a text"
            : $"a {plain.Name}";
    }

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>A number alone doesn't say whether it means days or minutes. '48:00:00' is two days, as schedulers write it: .NET would read 48 days.</summary>
    private static TimeSpan Duration(object value)
    {
        if (value is not string text || !text.Contains(':', StringComparison.Ordinal))
            throw new FormatException("It is no duration.");
        var (first, rest) = (
            text[..text.IndexOf(':', StringComparison.Ordinal)],
            text[text.IndexOf(':', StringComparison.Ordinal)..]
        );
        return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours > 23
            ? TimeSpan.FromHours(hours) + TimeSpan.Parse("0" + rest, CultureInfo.InvariantCulture)
            : TimeSpan.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>A number without a fraction, which a conversion would round away; a text may end in PowerShell's units of bytes.</summary>
    private static decimal Whole(object value)
    {
        var text = value is string typed ? typed.Trim() : "";
        var unit = Array.FindIndex(s_units, unit => text.EndsWith(unit, StringComparison.OrdinalIgnoreCase));
        var number = System.Convert.ToDecimal(unit < 0 ? value : text[..^2], CultureInfo.InvariantCulture);
        for (; unit >= 0; unit--)
            number *= 1024;
        return number == decimal.Truncate(number) ? number : throw new FormatException("It has a fraction.");
    }

    private static Array Items(object value, Type element)
    {
        object[] items = value is System.Collections.IEnumerable several and not string
            ? [.. several.Cast<object?>().Select(item => item ?? throw new FormatException("One is null."))]
            : [value];
        var array = Array.CreateInstance(element, items.Length);
        for (var i = 0; i < items.Length; i++)
            array.SetValue(Convert(items[i], element), i);
        return array;
    }
}
