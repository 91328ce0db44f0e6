using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace PSConvNet.Settings;

/// <summary>
/// Values that people write, in arguments, tables and texts, in the type of what they are written for: read as they look or refused. .NET and
/// PowerShell read the text 5,3 as 53, 1.5 as the whole number 2, and ReLU,GELU as GELU.
/// </summary>
public static partial class WrittenValue
{
    private static readonly string[] s_units = ["KB", "MB", "GB", "TB", "PB"];

    /// <summary>The value in a type: a number, a name of an enumeration, a list of these, a duration, a range.</summary>
    /// <param name="value">What was written: a text in any culture, a number, several.</param>
    /// <param name="type">What it is written for; of a nullable type the one behind it.</param>
    /// <exception cref="FormatException">It can't be; so do InvalidCastException, OverflowException and ArgumentException say.</exception>
    public static object Convert(object value, Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var plain = Plain(type);
        if (plain.GetElementType() is { } element)
            return Items(value, element);
        if (plain.IsEnum)
            return Name(value, plain);
        if (plain.IsInstanceOfType(value))
            return value;
        if (plain == typeof(TimeSpan))
            return Duration(value);
        if (plain == typeof(NumberRange))
            return Range(value);
        if (value is IEnumerable and not string)
            throw new InvalidCastException("It is several values.");
        if (value is bool)
            throw new InvalidCastException("It is true or false.");
        return plain == typeof(double) ? Number(value)
            : plain == typeof(int) ? (int)Whole(value)
            : plain == typeof(long) ? (long)Whole(value)
            : System.Convert.ChangeType(value, plain, CultureInfo.InvariantCulture);
    }

    /// <summary>What a type takes, in words that follow <c>give</c>.</summary>
    public static string Expected(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var plain = Plain(type);
        return plain.GetElementType() is { } element ? $"one or more of: {Expected(element)}"
            : plain.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(plain))}"
            : plain == typeof(bool) ? "true or false"
            : plain == typeof(int) ? "a whole number"
            : plain == typeof(long) ? "a whole number, of bytes also as '4GB'"
            : plain == typeof(double) ? "a number"
            : plain == typeof(NumberRange) ? "two numbers, the lower first, such as 0.9, 1.1 or '0.9..1.1'"
            : plain == typeof(TimeSpan) ? "a duration, a TimeSpan or hours, minutes and seconds, '1:30:00'"
            : plain == typeof(DirectoryInfo) ? "a folder's path"
            : plain == typeof(string) ? "a text"
            : $"a {plain.Name}";
    }

    /// <summary>The items of a list in a text: 5,3 or 5x3 or 5 3.</summary>
    /// <param name="text">The text.</param>
    /// <param name="element">
    /// What they are: where numbers may have decimals, 0,5 may be one number with a decimal comma, and is refused; 0, 5 and 0.0,0.5 are not.
    /// </param>
    internal static string[] Split(string text, Type element)
    {
        var plain = text.Trim();
        if (Plain(element) == typeof(double) && DecimalComma().IsMatch(plain))
            throw new FormatException("It may be a number with a decimal comma.");
        if (ThousandsComma().IsMatch(plain))
            throw new FormatException("It may mean thousands.");
        return plain.Length == 0 ? throw new FormatException("It is empty.")
            : plain.Contains(',', StringComparison.Ordinal) ? plain.Split(',', StringSplitOptions.TrimEntries)
            : Hexadecimal().IsMatch(plain)
                ? throw new FormatException("It may be a hexadecimal number, or a size of 0.")
            : Crosses().Split(plain) is { Length: > 1 } sides ? sides
            : plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    private static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static double Number(object value) =>
        value switch
        {
            string text => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
            char digit => Number(digit.ToString()),
            BigInteger large => (double)large,
            _ when IsNumber(value) => System.Convert.ToDouble(value, CultureInfo.InvariantCulture),
            _ => throw new InvalidCastException("It isn't a number."),
        };

    /// <summary>A number without a fraction, which a conversion would round away; a text may end in PowerShell's units of bytes.</summary>
    private static BigInteger Whole(object value) =>
        value switch
        {
            string text => WholeOf(text.Trim()),
            char digit => WholeOf(digit.ToString()),
            BigInteger large => large,
            double or float => Integral(System.Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            decimal number => number == decimal.Truncate(number)
                ? new BigInteger(number)
                : throw new FormatException("It has a fraction."),
            ulong large => large,
            _ when IsNumber(value) => System.Convert.ToInt64(value, CultureInfo.InvariantCulture),
            _ => throw new InvalidCastException("It isn't a number."),
        };

    private static BigInteger WholeOf(string text)
    {
        if (Hexadecimal().IsMatch(text))
            return BigInteger.Parse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (Thousands().IsMatch(text))
            throw new FormatException("It may mean thousands.");
        var unit = Array.FindIndex(s_units, unit => text.EndsWith(unit, StringComparison.OrdinalIgnoreCase));
        var number = decimal.Parse(unit < 0 ? text : text[..^2], NumberStyles.Float, CultureInfo.InvariantCulture);
        for (; unit >= 0; unit--)
            number *= 1024;
        return number == decimal.Truncate(number)
            ? new BigInteger(number)
            : throw new FormatException("It has a fraction.");
    }

    private static BigInteger Integral(double number) =>
        number == Math.Floor(number) && double.IsFinite(number)
            ? new BigInteger(number)
            : throw new FormatException("It has a fraction.");

    private static bool IsNumber(object value) =>
        value is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal;

    /// <summary>One name, whole or as much of it as no other begins with. Numbers are refused: what they mean is nowhere to be read.</summary>
    private static object Name(object value, Type type)
    {
        if (value.GetType() == type)
            return Enum.IsDefined(type, value) ? value : throw new ArgumentException("It has no name.");
        if (value is IEnumerable several and not string)
        {
            object?[] items = [.. several.Cast<object?>()];
            return items is [{ } one] ? Name(one, type) : throw new InvalidCastException("It is several values.");
        }
        if (value is not string text)
            throw new InvalidCastException("It isn't a name.");
        var names = Enum.GetNames(type);
        var wanted = text.Trim();
        var meant =
            Array.Find(names, name => name.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            ?? (
                wanted.Length > 0
                && Array.FindAll(names, name => name.StartsWith(wanted, StringComparison.OrdinalIgnoreCase))
                    is [var only]
                    ? only
                    : throw new FormatException("There is no such name.")
            );
        return Enum.Parse(type, meant);
    }

    private static NumberRange Range(object value) =>
        value is string text && text.Contains("..", StringComparison.Ordinal) ? NumberRange.Parse(text)
        : Items(value, typeof(double)) is double[] { Length: 2 } ends ? new NumberRange(ends[0], ends[1])
        : throw new FormatException("It is not two numbers.");

    /// <summary>A number alone doesn't say whether it means days or minutes. '48:00:00' is two days, as schedulers write it: .NET would read 48 days.</summary>
    private static TimeSpan Duration(object value)
    {
        // Of 90:00 nobody knows whether it is hours and minutes, as .NET reads it, or minutes and seconds, as schedulers do.
        if (value is not string text || text.Count(letter => letter == ':') < 2)
            throw new FormatException("It isn't a duration.");
        var (first, rest) = (
            text[..text.IndexOf(':', StringComparison.Ordinal)],
            text[text.IndexOf(':', StringComparison.Ordinal)..]
        );
        return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours > 23
            ? TimeSpan.FromHours(hours) + TimeSpan.Parse("0" + rest, CultureInfo.InvariantCulture)
            : TimeSpan.Parse(text, CultureInfo.InvariantCulture);
    }

    private static Array Items(object value, Type element)
    {
        object[] items = value switch
        {
            Shape shape => [.. shape.Dimensions.Cast<object>()],
            string text => InText(text, element),
            IEnumerable several =>
            [
                .. several.Cast<object?>().Select(item => item ?? throw new FormatException("One is null.")),
            ],
            _ => [value],
        };
        // A list of one text, as a file of comma-separated values gives it.
        if (items is [string only] && value is not string)
            items = InText(only, element);
        var array = Array.CreateInstance(element, items.Length);
        for (var i = 0; i < items.Length; i++)
            array.SetValue(Convert(items[i], element), i);
        return array;
    }

    /// <summary>Texts are not divided, for a comma may belong to one; names are divided at commas alone, for an x may.</summary>
    private static object[] InText(string text, Type element) =>
        element.IsEnum ? text.Split(',', StringSplitOptions.TrimEntries)
        : IsNumeric(Plain(element)) ? Split(text, element)
        : [text];

    private static bool IsNumeric(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(double);

    [GeneratedRegex("^0x[0-9a-f]+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"\s*[x×]\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Crosses();

    [GeneratedRegex(@"^[+-]?[0-9]{1,3}(\.000)+$", RegexOptions.CultureInvariant)]
    private static partial Regex Thousands();

    [GeneratedRegex("^[+-]?[0-9]*,[0-9]+(e[+-]?[0-9]+)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DecimalComma();

    [GeneratedRegex("^[+-]?[1-9][0-9]{0,2}(,[0-9]{3})*,0[0-9]{2}(,[0-9]{3})*$", RegexOptions.CultureInvariant)]
    private static partial Regex ThousandsComma();
}
