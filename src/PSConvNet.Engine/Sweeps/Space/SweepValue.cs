using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PSConvNet.Sweeps;

/// <summary>
/// What a parameter can be, so that a file gives back what was put in: text, true or false, <see cref="int"/>, or a
/// <see cref="double"/> that is no such number.
/// </summary>
internal static class SweepValue
{
    /// <summary>The value in one of those types; null where it is nothing of the kind.</summary>
    public static object? Normal(object? value) =>
        value switch
        {
            string or bool => value,
            Enum name => name.ToString(),
            // A whole number that a double does not hold would become another one.
            long or ulong when !IsHeld(Convert.ToDecimal(value, CultureInfo.InvariantCulture)) => null,
            sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal => OfNumber(
                Convert.ToDouble(value, CultureInfo.InvariantCulture)
            ),
            _ => null,
        };

    /// <summary>The value as a number; null where it is none.</summary>
    public static double? Number(object? value) =>
        Normal(value) switch
        {
            int whole => whole,
            double number => number,
            _ => null,
        };

    /// <summary>The value as people read it; numbers with as many digits as tell it from others, texts as a terminal may be given them.</summary>
    public static string ToText(object? value) =>
        value is null ? "nothing" : PrintableText.Of(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");

    /// <summary>What kind of value it is, for a person.</summary>
    public static string KindOf(object? value) =>
        Normal(value) switch
        {
            string => "a text",
            bool => "true or false",
            null => "an object",
            _ => "a number",
        };

    /// <summary>The value as a table shows it: numbers with four digits.</summary>
    public static string ToShortText(object? value) =>
        value is double number ? number.ToString("G4", CultureInfo.InvariantCulture) : ToText(value);

    private static bool IsHeld(decimal whole) => Math.Abs(whole) <= 1L << 53;

    private static object? OfNumber(double number)
    {
        if (!double.IsFinite(number))
            return null;
        object value = number;
        if (number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue)
            value = (int)number;
        return value;
    }

    /// <exception cref="JsonException">It is an object, a list or null.</exception>
    private static object Read(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Number => OfNumber(reader.GetDouble()) ?? throw new JsonException("A number is too large."),
            _ => throw new JsonException("A value must be a text, a number, true or false."),
        };

    private static void Write(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool yes:
                writer.WriteBooleanValue(yes);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            default:
                writer.WriteNumberValue((double)value);
                break;
        }
    }

    /// <summary>A list of values.</summary>
    public sealed class ListConverter : JsonConverter<IReadOnlyList<object>>
    {
        public override IReadOnlyList<object> Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        )
        {
            if (reader.TokenType != JsonTokenType.StartArray)
                throw new JsonException("A choice must have a list of values.");
            var values = new List<object>();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                values.Add(SweepValue.Read(ref reader));
            return values.ToArray();
        }

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<object> value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var item in value)
                SweepValue.Write(writer, item);
            writer.WriteEndArray();
        }
    }

    /// <summary>A point: names and values.</summary>
    public sealed class PointConverter : JsonConverter<SweepPoint>
    {
        public override SweepPoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException("Parameters must be names with values.");
            var values = new List<KeyValuePair<string, object>>();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = PrintableText.Of(reader.GetString()!);
                reader.Read();
                values.Add(KeyValuePair.Create(name, SweepValue.Read(ref reader)));
            }
            return new SweepPoint(values);
        }

        public override void Write(Utf8JsonWriter writer, SweepPoint value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (name, item) in value)
            {
                writer.WritePropertyName(name);
                SweepValue.Write(writer, item);
            }
            writer.WriteEndObject();
        }
    }
}
