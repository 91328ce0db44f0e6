using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace PSConvNet.Files;

/// <summary>
/// Holds every field of every document to what its type promises. The serializer gives null where the type has no null, 1e400 as infinity, and
/// whole numbers of any sign. Every value that it reads is walked here, so that no field is forgotten.
/// </summary>
internal static class DocumentCheck
{
    private const int LongestText = 100_000;
    private static readonly ConcurrentDictionary<Type, Member[]> s_members = [];

    /// <summary>Refuses a value with a part that its type rules out.</summary>
    /// <param name="value">The value that was read.</param>
    /// <param name="place">Its name, for the message.</param>
    /// <param name="options">As it was read.</param>
    /// <param name="signed">Whether it is a number that may be below 0.</param>
    /// <exception cref="JsonException">A part is out of its range; so does a <see cref="ConvNetException"/> say.</exception>
    public static void Require(object value, string place, JsonSerializerOptions options, bool signed = false)
    {
        switch (value)
        {
            case JsonNode:
                break;
            case string text when text.Length > LongestText:
                throw new JsonException($"{place} is {text.Length} characters long; {LongestText} are the most");
            case double number when !double.IsFinite(number):
                throw new JsonException($"{place} isn't a finite number");
            case int or long when !signed && Convert.ToInt64(value, null) < 0:
                throw new JsonException($"{place} is {value}, and a count can't be below 0");
            default:
                RequireContents(value, place, options, signed);
                break;
        }
        if (value is IReadFromFile own)
            own.Require();
    }

    private static void RequireContents(object value, string place, JsonSerializerOptions options, bool signed)
    {
        var type = options.GetTypeInfo(value.GetType());
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                foreach (var member in s_members.GetOrAdd(value.GetType(), _ => Members(type)))
                {
                    var at = $"{place}.{member.Name}";
                    if (member.Get(value) is { } inner && !IsUnset(inner))
                        Require(inner, at, options, member.IsSigned);
                    else if (!member.MayBeNull)
                        throw new JsonException($"{at} is missing or null");
                }
                break;
            case JsonTypeInfoKind.Dictionary:
                foreach (var inner in ((IDictionary)value).Values)
                    Require(inner ?? throw new JsonException($"{place} contains a null"), place, options, signed);
                break;
            case JsonTypeInfoKind.Enumerable:
                var number = 0;
                foreach (var inner in (IEnumerable)value)
                {
                    var at = $"{place}[{number++}]";
                    Require(inner ?? throw new JsonException($"{at} is null"), at, options, signed);
                }
                break;
        }
    }

    /// <summary>Whether it is an immutable array that nobody filled: a struct, which null becomes.</summary>
    private static bool IsUnset(object value) =>
        value.GetType() is { IsGenericType: true } type
        && type.GetGenericTypeDefinition() == typeof(System.Collections.Immutable.ImmutableArray<>)
        && value.Equals(Activator.CreateInstance(type));

    private static Member[] Members(JsonTypeInfo type)
    {
        var nullability = new NullabilityInfoContext();
        return
        [
            .. type
                .Properties.Where(property => property is { Get: not null, AttributeProvider: PropertyInfo })
                .Select(property =>
                {
                    var declared = (PropertyInfo)property.AttributeProvider!;
                    return new Member(
                        property.Name,
                        property.Get!,
                        nullability.Create(declared).ReadState != NullabilityState.NotNull,
                        declared.IsDefined(typeof(SignedAttribute), inherit: true)
                    );
                }),
        ];
    }

    private sealed record Member(string Name, Func<object, object?> Get, bool MayBeNull, bool IsSigned);
}
