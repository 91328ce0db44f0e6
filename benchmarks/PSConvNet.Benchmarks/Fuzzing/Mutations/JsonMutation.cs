using System.Globalization;
using System.Text;
using System.Text.Json;
using PSConvNet.Benchmarks.Fuzzing.Loop;

namespace PSConvNet.Benchmarks.Fuzzing.Mutations;

/// <summary>Changes JSON so that it mostly stays JSON: values and names of fields are replaced, taken away, doubled, nested, exchanged.</summary>
internal sealed class JsonMutation : IMutation
{
    private const int MostSteps = 3;
    private const double ShareOfBytes = 0.1;
    private static readonly ByteMutation s_bytes = new();

    // What types, ranges, calendars and terminals break at.
    private static readonly string[] s_values =
    [
        .. "null true false 0 -0 1 -1 2 0.5 3 64 1000 65536 1e5 2.0 1e400 -1e400 1e308 1e-400 0.1e1".Split(' '),
        .. "2147483647 2147483648 -2147483648 4294967296 9223372036854775807 9223372036854775808".Split(' '),
        .. "-9223372036854775808 18446744073709551616 0.30000000000000004 123456789012345678901234567890".Split(' '),
        .. """
            "" "a" "NaN" "Infinity" "-1" "0" "1" "true" "null" "auto" "same" "\ud800" "\u0000" "\u001b[2J" "\u202e" "e\u0301" "\u00e9" "../../x" "*" "["
            "9999-12-31T23:59:59.9999999-14:00" "0001-01-01T00:00:00+14:00" "2024-02-30T00:00:00Z" "2024-01-01"
            "10675199.02:48:05.4775807" "-10675199.02:48:05.4775808" "00:00:01" "-00:00:01" "24:00:00"
            [] {} [null] [[]] [{}] {"":null} {"kind":null} {"kind":"x"} [0] [-1,1] [1,1,1,1] [2147483647,2147483647] {"a":1,"a":2}
            """.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
    ];

    private static readonly int[] s_depths = [1, 2, 7, 8, 47, 48, 63, 64, 128, 900];
    private static readonly int[] s_lengths = [10, 1000, 4097, 100_001];

    /// <inheritdoc />
    public byte[] Apply(byte[] input, byte[] other, Random random)
    {
        if (random.NextDouble() < ShareOfBytes)
            return s_bytes.Apply(input, other, random);
        for (var steps = random.Next(1, MostSteps + 1); steps > 0; steps--)
            input = Step(input, other, random);
        return input;
    }

    private static byte[] Step(byte[] text, byte[] other, Random random)
    {
        var pieces = JsonPiece.Of(text);
        if (pieces.Count == 0)
            return s_bytes.Apply(text, other, random);
        var piece = pieces[random.Next(pieces.Count)];
        return piece.Type == JsonTokenType.PropertyName
            ? Replace(text, piece.Range, Name(text, other, random))
            : random.Next(8) switch
            {
                0 or 1 => Replace(text, piece.Range, Encoding.UTF8.GetBytes(s_values[random.Next(s_values.Length)])),
                2 => Replace(text, piece.Range, Part(random.Next(2) == 0 ? text : other, piece.Type, random)),
                3 => Replace(text, WithComma(text, piece.WithName), []),
                4 => Replace(text, piece.WithName, [.. text[piece.WithName], (byte)',', .. text[piece.WithName]]),
                5 => Replace(text, piece.Range, Nested(text[piece.Range], random)),
                _ => Replace(text, piece.Range, Changed(text[piece.Range], piece.Type, random)),
            };
    }

    private static byte[] Replace(byte[] text, Range range, ReadOnlySpan<byte> by)
    {
        var (at, length) = range.GetOffsetAndLength(text.Length);
        return [.. text.AsSpan(0, at), .. by, .. text.AsSpan(at + length)];
    }

    /// <summary>Another field's name, so that one comes twice or another is missing, or one that nobody has.</summary>
    private static byte[] Name(byte[] text, byte[] other, Random random)
    {
        var from = random.Next(2) == 0 ? text : other;
        var names = JsonPiece.Of(from).FindAll(piece => piece.Type == JsonTokenType.PropertyName);
        return names.Count == 0 || random.Next(4) == 0
            ? "\"another\""u8.ToArray()
            : from[names[random.Next(names.Count)].Range];
    }

    /// <summary>A value of a text, mostly one of the same type.</summary>
    private static byte[] Part(byte[] text, JsonTokenType type, Random random)
    {
        var values = JsonPiece.Of(text).FindAll(piece => piece.Type != JsonTokenType.PropertyName);
        var same = values.FindAll(piece => piece.Type == type);
        var from = same.Count > 0 && random.Next(4) > 0 ? same : values;
        return from.Count == 0 ? "0"u8.ToArray() : text[from[random.Next(from.Count)].Range];
    }

    /// <summary>A piece with the comma that goes when it goes.</summary>
    private static Range WithComma(byte[] text, Range range)
    {
        var (begin, length) = range.GetOffsetAndLength(text.Length);
        var end = begin + length;
        var next = end;
        while (next < text.Length && char.IsWhiteSpace((char)text[next]))
            next++;
        if (next < text.Length && text[next] == ',')
            return begin..(next + 1);
        var before = begin - 1;
        while (before >= 0 && char.IsWhiteSpace((char)text[before]))
            before--;
        return before >= 0 && text[before] == ',' ? before..end : begin..end;
    }

    private static byte[] Nested(byte[] value, Random random)
    {
        var depth = s_depths[random.Next(s_depths.Length)];
        var (open, close) = random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        return
        [
            .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(open, depth))),
            .. value,
            .. Encoding.UTF8.GetBytes(new string(close[0], depth)),
        ];
    }

    /// <summary>A value that is near: a number a little off, a text with something in it.</summary>
    private static byte[] Changed(byte[] value, JsonTokenType type, Random random)
    {
        if (
            type == JsonTokenType.Number
            && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        )
        {
            number = random.Next(6) switch
            {
                0 => number + 1,
                1 => number - 1,
                2 => -number,
                3 => number * 2,
                4 => number * random.NextDouble(),
                _ => number * Math.Pow(10, random.Next(-20, 21)),
            };
            return Encoding.UTF8.GetBytes(
                double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "1e999"
            );
        }
        if (type != JsonTokenType.String)
            return s_bytes.Apply(value, value, random);
        var at = random.Next(1, Math.Max(2, value.Length));
        var insert = random.Next(5) switch
        {
            0 => "\\ud800"u8.ToArray(),
            1 => "\\u0007"u8.ToArray(),
            2 => [0xff],
            3 => [.. Enumerable.Repeat((byte)'x', s_lengths[random.Next(s_lengths.Length)])],
            _ => [(byte)random.Next(32, 127)],
        };
        return [.. value.AsSpan(0, at), .. insert, .. value.AsSpan(at)];
    }
}
