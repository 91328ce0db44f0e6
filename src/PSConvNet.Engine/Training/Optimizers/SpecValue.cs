using System.Globalization;

namespace PSConvNet.Training;

/// <summary>Values of settings that are given by name: what people write becomes what the property takes.</summary>
internal static class SpecValue
{
    /// <summary>The value in a property's type.</summary>
    /// <exception cref="FormatException">It can't be; so do InvalidCastException and OverflowException say.</exception>
    public static object Convert(object value, Type type)
    {
        var plain = Plain(type);
        if (plain.IsInstanceOfType(value))
            return value;
        if (plain == typeof(TimeSpan))
            return Duration(value);
        if (plain.GetElementType() is { } element)
            return Items(value, element);
        if (value is System.Collections.IEnumerable and not string)
            throw new InvalidCastException("It is several values.");
        return System.Convert.ChangeType(value, plain, CultureInfo.InvariantCulture);
    }

    /// <summary>What a property takes, in words that follow <c>give</c>.</summary>
    public static string Expected(Type type)
    {
        var plain = Plain(type);
        return plain.GetElementType() is { } element ? $"one or more of: {Expected(element)}"
            : plain == typeof(bool) ? "true or false"
            : plain == typeof(int) || plain == typeof(long) ? "a whole number"
            : plain == typeof(double) ? "a number"
            : plain == typeof(TimeSpan) ? "a duration, a TimeSpan or '1:30:00'"
            : plain == typeof(DirectoryInfo) ? "a folder's path"
            : plain == typeof(string) ? "a text"
            : $"a {plain.Name}";
    }

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    /// <summary>A number alone doesn't say whether it means days or minutes.</summary>
    private static TimeSpan Duration(object value) =>
        value is string text && text.Contains(':', StringComparison.Ordinal)
            ? TimeSpan.Parse(text, CultureInfo.InvariantCulture)
            : throw new FormatException("It is no duration.");

    private static Array Items(object value, Type element)
    {
        object[] items = value is System.Collections.IEnumerable several and not string
            ? [.. several.Cast<object>()]
            : [value];
        var array = Array.CreateInstance(element, items.Length);
        for (var i = 0; i < items.Length; i++)
            array.SetValue(Convert(items[i], element), i);
        return array;
    }
}
