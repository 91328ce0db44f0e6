using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace PSConvNet.Transforms;

/// <summary>
/// Reads an argument as it looks or refuses it, in place of PowerShell's own conversion, which makes 53 of '5,3', 15 of '1,5', 2 of 1.5, 0 of
/// $null and GELU of ReLU,GELU. Every parameter that is a number or an enumeration, or a list of these, has it; a test looks.
/// </summary>
/// <typeparam name="T">The parameter's own type.</typeparam>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ReadAsAttribute<T> : ArgumentTransformationAttribute
{
    /// <summary>Whether $null means what the parameter is by default.</summary>
    public bool IsOptional { get; init; } = Nullable.GetUnderlyingType(typeof(T)) is not null;

    /// <inheritdoc />
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = Argument.Plain(inputData);
        if (value is null && IsOptional)
            return null!;
        try
        {
            return WrittenValue.Convert(value ?? throw new FormatException("It is nothing."), typeof(T));
        }
        catch (Exception e)
            when (e is FormatException or InvalidCastException or OverflowException or ArgumentException)
        {
            var reason = new ConvNetException(
                "ArgumentInvalid",
                ErrorKind.InvalidArgument,
                $"It can't be {Text(value)}: give {Expected(typeof(T))}.",
                value
            );
            throw new ArgumentTransformationMetadataException(reason.Message, reason);
        }
    }

    private static string Expected(Type type) =>
        (Nullable.GetUnderlyingType(type) ?? type) switch
        {
            var plain when plain == typeof(int) => Whole(int.MinValue, int.MaxValue),
            var plain when plain == typeof(long) => Whole(long.MinValue, long.MaxValue),
            var plain when plain == typeof(double) => "one number, with a point before its decimals",
            var plain when plain.GetElementType() is { IsEnum: false } item =>
                $"{(item == typeof(double) ? "numbers" : "whole numbers")} with commas or crosses between, such as 5,3 or '5x3'",
            var plain when plain.GetElementType() is { } name => $"names of {string.Join(", ", Enum.GetNames(name))}",
            var plain => WrittenValue.Expected(plain),
        };

    private static string Whole(long least, long most) =>
        string.Create(CultureInfo.InvariantCulture, $"one whole number from {least} to {most}");

    private static string Text(object? value) =>
        value switch
        {
            null => "nothing",
            string text => $"'{text}'",
            IEnumerable several => string.Join(", ", several.Cast<object?>().Select(Text)),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}
