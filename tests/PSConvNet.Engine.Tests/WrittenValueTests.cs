using System.Globalization;

namespace PSConvNet.Tests;

/// <summary>What people write and what it becomes.</summary>
public sealed class WrittenValueTests
{
    public static TheoryData<object, Type, object> Read { get; } =
        new()
        {
            { "12", typeof(int), 12 },
            { " 3.0 ", typeof(int), 3 },
            { 64.0, typeof(int), 64 },
            { 64m, typeof(int), 64 },
            { '7', typeof(int), 7 },
            { "0x1F", typeof(int), 31 },
            { "1e3", typeof(int), 1000 },
            { "4GB", typeof(long), 4L << 30 },
            { "9223372036854775807", typeof(long), long.MaxValue },
            { 9007199254740992.0, typeof(long), 1L << 53 },
            { "-0.5", typeof(double), -0.5 },
            { "1E-4", typeof(double), 1e-4 },
            { 3, typeof(double), 3.0 },
            { "5,3", typeof(int[]), new[] { 5, 3 } },
            { "5 , 3", typeof(int[]), new[] { 5, 3 } },
            { "28x28x1", typeof(int[]), new[] { 28, 28, 1 } },
            { "28 \u00d7 28", typeof(int[]), new[] { 28, 28 } },
            { "28 28 1", typeof(int[]), new[] { 28, 28, 1 } },
            { 5, typeof(int[]), new[] { 5 } },
            { new object[] { "5", 3L }, typeof(int[]), new[] { 5, 3 } },
            { new[] { "5x3" }, typeof(int[]), new[] { 5, 3 } },
            { new Shape(28, 28, 1), typeof(int[]), new[] { 28, 28, 1 } },
            { "0.9,1.1", typeof(double[]), new[] { 0.9, 1.1 } },
            { "0, 5", typeof(double[]), new[] { 0.0, 5.0 } },
            { "1e-4,1e-2", typeof(double[]), new[] { 1e-4, 1e-2 } },
            { "0..5", typeof(NumberRange), new NumberRange(0, 5) },
            { "64,256", typeof(int[]), new[] { 64, 256 } },
            { "48:00:00", typeof(TimeSpan), TimeSpan.FromHours(48) },
            { "gelu", typeof(Activation), Activation.GELU },
            { "Soft", typeof(PoolKindOrSoft), PoolKindOrSoft.Softest },
            { "Test, Train", typeof(DatasetPart[]), new[] { DatasetPart.Test, DatasetPart.Train } },
            { "0.9..1.1", typeof(NumberRange), new NumberRange(0.9, 1.1) },
            { new[] { 0.9, 1.1 }, typeof(NumberRange), new NumberRange(0.9, 1.1) },
            { "a,b", typeof(string[]), new[] { "a,b" } },
        };

    [Theory]
    [MemberData(nameof(Read))]
    public void It_is_read_as_it_looks_in_every_culture(object value, Type type, object expected)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            foreach (var culture in (string[])["", "de-DE", "tr-TR"])
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                Assert.Equal(expected, WrittenValue.Convert(value, type));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    public static TheoryData<object, Type> Refused { get; } =
        new()
        {
            { "5,3", typeof(int) },
            { "1,5", typeof(double) },
            { "1.5", typeof(int) },
            { 2.5, typeof(int) },
            { 2.5m, typeof(long) },
            { "60.000", typeof(int) },
            { "1.000.000", typeof(int) },
            { "", typeof(int) },
            { " ", typeof(double) },
            { "", typeof(int[]) },
            { "5,,3", typeof(int[]) },
            { "5;3", typeof(int[]) },
            { "5,3x2", typeof(int[]) },
            { new[] { "5,3", "2" }, typeof(int[]) },
            { true, typeof(int) },
            { false, typeof(double) },
            { DateTime.MinValue, typeof(double) },
            { DayOfWeek.Friday, typeof(int) },
            { 1e12, typeof(int) },
            { double.NaN, typeof(int) },
            { 9223372036854775808m, typeof(long) },
            { "99999999999999999999999999999999", typeof(long) },
            { new[] { 1, 2 }, typeof(int) },
            { "ReLU,GELU", typeof(Activation) },
            { new[] { "ReLU", "GELU" }, typeof(Activation) },
            { 1, typeof(Activation) },
            { "1", typeof(Activation) },
            { (Activation)99, typeof(Activation) },
            { DayOfWeek.Monday, typeof(Activation) },
            { "S", typeof(Activation) },
            { "", typeof(Activation) },
            { "0,9..1,1", typeof(NumberRange) },
            // One number with a decimal comma, or two.
            { "0,5", typeof(NumberRange) },
            { "0,1", typeof(double[]) },
            { new[] { "1,5" }, typeof(double[]) },
            { ",5", typeof(double[]) },
            { "1,5e3", typeof(double[]) },
            // Thousands.
            { "1,024", typeof(int[]) },
            // Hours and minutes, or minutes and seconds.
            { "90:00", typeof(TimeSpan) },
            { "0:20", typeof(TimeSpan) },
            { "0.9", typeof(NumberRange) },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_would_become_something_else_is_refused(object value, Type type)
    {
        var error = Record.Exception(() => WrittenValue.Convert(value, type));

        Assert.True(
            error is FormatException or InvalidCastException or OverflowException or ArgumentException,
            $"{error}"
        );
    }

    private enum PoolKindOrSoft
    {
        Hard,
        Softest,
    }
}
