using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace PSConvNet.Notebook.Tests.Headless;

public class ParameterLiteralTests
{
    public static TheoryData<object> Values { get; } =
    [
        1,
        -1,
        int.MinValue,
        2.0,
        0.1,
        1e300,
        -1e-300,
        double.NaN,
        double.NegativeInfinity,
        0.1f,
        1.10m,
        5L,
        (byte)7,
        ulong.MaxValue,
        'x',
        true,
        false,
        "",
        "it's",
        "two\nlines $not `n ‘curly’ \"double\"",
        new DateTime(2026, 11, 24, 1, 2, 3, DateTimeKind.Utc),
        TimeSpan.FromSeconds(1.5),
        DayOfWeek.Friday,
        new Version(1, 2),
        Guid.Parse("7d0f3c52-5c1f-4f0e-9f3e-2b8f7c1f5a60"),
        new[] { 1, 2, 3 },
        Array.Empty<string>(),
        new[] { "a", "it's" },
        new object[] { 1, "a", 2.5 },
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_comes_back_from_PowerShell_as_it_was(object value)
    {
        var back = Evaluate(ParameterCell.Literal(value)!);

        Assert.Equal(value, back);
        Assert.Equal(value.GetType(), back!.GetType());
    }

    [Fact]
    public void Tables_come_back_with_their_order_where_they_have_one()
    {
        var ordered = new OrderedDictionary
        {
            ["z"] = 1,
            ["a"] = new[] { 1.5 },
            ["it's"] = "x",
        };
        var table = new Hashtable { ["one"] = 1 };

        var back = Assert.IsType<OrderedDictionary>(Evaluate(ParameterCell.Literal(ordered)!));

        Assert.Equal(["z", "a", "it's"], back.Keys.Cast<string>());
        Assert.Equal([1.5], (double[])back["a"]!);
        Assert.Equal(1, Assert.IsType<Hashtable>(Evaluate(ParameterCell.Literal(table)!))["one"]);
    }

    [Fact]
    public void Null_is_null() => Assert.Null(Evaluate(ParameterCell.Literal(null)!));

    [Fact]
    public void What_has_no_text_gives_none()
    {
        Assert.Null(ParameterCell.Literal(new MemoryStream()));
        Assert.Null(ParameterCell.Literal(new[] { "a", null }));
        Assert.Null(ParameterCell.Literal(new object[] { new MemoryStream() }));
        Assert.Null(ParameterCell.Literal(new SortedList { ["a"] = 1 }));
    }

    [Fact]
    public void A_literal_does_not_depend_on_the_machine_s_language()
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Assert.Equal("0.5", ParameterCell.Literal(0.5));
            Assert.Equal(1.5f, Evaluate(ParameterCell.Literal(1.5f)!));
            Assert.Equal(2.5m, Evaluate(ParameterCell.Literal(2.5m)!));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static object? Evaluate(string literal)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        // The comma keeps a list one value.
        var value = shell.AddScript($"$x = {literal}; , $x").Invoke().Single();
        return value?.BaseObject;
    }
}
