using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace PSConvNet.Models;

/// <summary>Layers by their names: a list of names with PowerShell's wildcards (<c>*</c>, <c>?</c>, <c>[abc]</c>), equal by value.</summary>
public sealed class LayerPatterns : IEquatable<LayerPatterns>
{
    // Longer ones become expressions that .NET refuses.
    private const int LongestPattern = 1000;

    // Made when they are first wanted: a file may hold any patterns, and most are never asked.
    private readonly Lazy<ImmutableArray<Regex>> _expressions;

    private LayerPatterns(ImmutableArray<string> patterns)
    {
        Patterns = patterns;
        _expressions = new(() => [.. patterns.Select(Expression)]);
    }

    /// <summary>The patterns as they were given.</summary>
    public IReadOnlyList<string> Patterns { get; }

    /// <summary>Reads names and patterns; each text may hold several, with commas between them.</summary>
    /// <param name="texts">The texts; empty ones are left out.</param>
    /// <returns>Null where there is no pattern at all.</returns>
    public static LayerPatterns? Of(params IEnumerable<string?>? texts)
    {
        ImmutableArray<string> patterns =
        [
            .. (texts ?? []).SelectMany(text =>
                (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            ),
        ];
        return patterns.IsEmpty ? null : new LayerPatterns(patterns);
    }

    /// <summary>Reads what somebody gave a parameter; nothing at all is none, but a name has letters.</summary>
    /// <param name="option">The parameter's name.</param>
    /// <param name="texts">The names and patterns.</param>
    /// <exception cref="ConvNetException"><c>TrainingOptionInvalid</c>: one of the texts names no layer.</exception>
    public static LayerPatterns? Given(string option, IReadOnlyList<string?> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (Of(texts)?.Patterns.FirstOrDefault(pattern => pattern.Length > LongestPattern) is { } tooLong)
        {
            throw new ConvNetException(
                ErrorIds.TrainingOptionInvalid,
                ErrorKind.InvalidArgument,
                $"TrainingOptions.{option} has a name of {tooLong.Length} characters, and at most {LongestPattern} are allowed: name a layer (Model.Summary lists them).",
                option
            );
        }
        return texts.FirstOrDefault(text => Of(text) is null, "*") is "*"
            ? Of(texts)
            : throw new ConvNetException(
                ErrorIds.TrainingOptionInvalid,
                ErrorKind.InvalidArgument,
                $"TrainingOptions.{option} contains an empty name: name a layer (Model.Summary lists them), or leave TrainingOptions.{option} out.",
                option
            );
    }

    /// <inheritdoc />
    public bool Equals(LayerPatterns? other) => other is not null && Patterns.SequenceEqual(other.Patterns);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as LayerPatterns);

    /// <inheritdoc />
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    /// <summary>The patterns with commas between them.</summary>
    public override string ToString() => string.Join(", ", Patterns);

    /// <summary>Whether some pattern matches a name.</summary>
    internal bool Matches(string name) => _expressions.Value.Any(expression => expression.IsMatch(name));

    /// <summary>The patterns that match none of some names.</summary>
    internal IEnumerable<string> WithoutMatch(IReadOnlyCollection<string> names) =>
        Patterns.Where((_, i) => !names.Any(_expressions.Value[i].IsMatch));

    private static Regex Expression(string pattern)
    {
        var text = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var close = pattern[i] == '[' ? pattern.IndexOf(']', i + 1) : -1;
            if (close > i + 1)
            {
                // A range stays a range; nothing else in brackets has a meaning of its own.
                var set = pattern[(i + 1)..close].Replace("\\", "\\\\").Replace("^", "\\^").Replace("[", "\\[");
                text.Append('[').Append(set).Append(']');
                i = close;
                continue;
            }
            text.Append(
                pattern[i] switch
                {
                    '*' => ".*",
                    '?' => ".",
                    var letter => Regex.Escape(letter.ToString()),
                }
            );
        }
        const RegexOptions options =
            RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.Singleline
            | RegexOptions.NonBacktracking;
        try
        {
            return new Regex(text.Append("\\z").ToString(), options);
        }
        catch (ArgumentException)
        {
            // A range that runs backwards: the name as it is written.
            return new Regex($"^{Regex.Escape(pattern)}\\z", options);
        }
    }
}
