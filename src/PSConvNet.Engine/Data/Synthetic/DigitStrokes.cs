using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace PSConvNet.Data;

/// <summary>
/// How people write the ten digits: for each, several ways, each a few strokes, each the points a smooth pen passes. A point
/// given twice is a sharp corner.
/// </summary>
internal static class DigitStrokes
{
    /// <summary>Points are in percent of the digit's height, from the top left; digits are some 60 wide and centred at 50.</summary>
    private static readonly string[][] s_table =
    [
        [
            "52,2 28,12 18,45 22,80 48,98 72,84 82,50 74,16 50,2",
            "62,8 40,2 22,25 20,62 36,95 60,95 80,66 80,30 62,6 46,4 38,12",
            "50,4 33,25 29,60 40,95 60,93 71,60 67,22 50,4",
            "44,6 24,30 20,66 40,97 68,88 82,54 74,20 50,8",
        ],
        ["51,2 50,98", "34,22 54,4 54,4 52,98", "32,24 52,4 52,4 52,96 | 30,97 74,96", "56,2 50,40 46,98"],
        [
            "22,24 34,6 60,4 74,22 66,46 40,74 20,95 20,95 50,92 82,95",
            "24,22 40,4 66,8 72,30 54,60 30,88 20,92 23,80 36,79 54,93 82,90",
            "20,18 48,3 72,14 70,38 44,68 20,96 20,96 80,94",
            "28,16 50,2 70,16 64,44 46,70 26,94 36,86 60,92 84,86",
        ],
        [
            "24,14 48,2 70,14 66,36 42,46 42,46 70,54 78,76 58,96 32,96 18,84",
            "22,6 74,6 74,6 44,42 44,42 72,52 76,78 54,97 22,90",
            "26,10 56,4 68,22 54,42 38,46 62,50 76,70 64,92 36,98 20,88",
            "24,18 44,4 68,10 66,32 48,44 46,48 62,48 74,62 66,88 40,97 22,92",
        ],
        [
            "28,6 22,50 28,58 78,54 | 70,4 64,98",
            "62,98 64,3 64,3 18,66 18,66 84,64",
            "26,8 24,44 36,54 68,46 | 72,6 68,50 62,98",
            "34,4 20,54 20,54 76,50 | 62,28 56,97",
        ],
        [
            "74,4 34,5 34,5 28,44 28,44 54,38 76,54 74,82 50,97 22,90",
            "36,6 30,46 56,40 76,58 68,88 42,98 22,88 | 36,6 78,4",
            "76,6 42,8 32,24 36,42 62,52 74,72 60,94 32,96 20,84",
            "40,8 32,40 58,44 72,62 64,86 40,97 24,92 | 40,8 60,10 76,4",
        ],
        [
            "66,4 40,24 24,58 28,86 50,98 72,86 72,62 52,52 32,64 26,78",
            "58,2 32,36 24,74 42,97 68,90 72,68 54,56 32,68 28,82",
            "70,10 46,6 26,36 22,74 44,98 70,86 70,62 46,54 26,72",
            "50,2 34,40 28,80 48,98 66,82 60,62 44,64 32,82",
        ],
        [
            "18,8 80,6 80,6 44,98",
            "18,16 22,8 78,8 78,8 58,48 46,98",
            "18,8 80,6 80,6 46,98 | 34,52 74,50",
            "22,12 50,6 78,10 72,26 54,60 50,97",
        ],
        [
            "70,16 48,2 28,16 36,38 62,56 76,78 54,98 28,86 30,64 56,44 72,22 66,10",
            "50,3 30,14 32,36 50,46 68,34 68,14 50,3 | 50,46 26,60 24,86 50,98 76,86 74,60 50,46",
            "66,20 50,4 32,14 36,36 56,52 72,72 62,94 38,96 26,78 40,54 62,38 68,18",
            "74,8 48,4 34,20 46,42 62,62 62,88 46,98 34,84 46,58 66,32 76,10",
        ],
        [
            "72,26 54,4 30,12 24,36 42,50 64,40 74,20 74,20 70,60 60,98",
            "70,20 48,3 28,20 32,44 54,48 70,28 72,14 74,50 66,86 44,98 26,90",
            "68,8 40,4 24,26 34,48 58,44 70,12 70,12 66,98",
            "70,24 52,6 34,14 32,34 50,44 66,34 72,18 72,18 60,62 50,97",
        ],
    ];

    /// <summary>The ways to write each digit, in units of its height, centred on the origin.</summary>
    public static ImmutableArray<ImmutableArray<ImmutableArray<ImmutableArray<Vector2>>>> Digits { get; } =
    [.. s_table.Select(ways => ways.Select(Parse).ToImmutableArray())];

    private static ImmutableArray<ImmutableArray<Vector2>> Parse(string way) =>
        [
            .. way.Split('|', StringSplitOptions.TrimEntries)
                .Select(stroke => stroke.Split(' ').Select(ParsePoint).ToImmutableArray()),
        ];

    private static Vector2 ParsePoint(string point)
    {
        var comma = point.IndexOf(',', StringComparison.Ordinal);
        var x = int.Parse(point.AsSpan(0, comma), CultureInfo.InvariantCulture);
        var y = int.Parse(point.AsSpan(comma + 1), CultureInfo.InvariantCulture);
        return new Vector2(x - 50, y - 50) / 100;
    }
}
