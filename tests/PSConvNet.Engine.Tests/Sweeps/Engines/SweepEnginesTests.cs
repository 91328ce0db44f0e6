using System.Reflection;
using PSConvNet;
using PSConvNet.Tests.Sweeps;

[assembly: SweepEngine(typeof(OfficeEngine))]

namespace PSConvNet.Tests.Sweeps;

/// <summary>An engine as somebody would add it: a record that announces itself, and nothing else.</summary>
public sealed record OfficeEngine : SweepEngine
{
    public int Desks { get; init; } = 2;

    public int? Parallel { get; init; }

    public bool Overtime { get; init; }

    public double Coffee { get; init; }

    public TimeSpan? Closing { get; init; }

    public DirectoryInfo? Cabinet { get; init; }

    public string[] People { get; init; } = [];

    public override void Validate() => Require(Desks is > 0 and < 100, Desks, "1 to 99");

    public override EngineStart Start(Study study, Func<WorkerCommand> worker) => new(null, People);
}

/// <summary>How engines are found, and how their options are read.</summary>
public sealed class SweepEnginesTests
{
    private readonly SweepEngines _engines = new(typeof(SweepEngine).Assembly, Assembly.GetExecutingAssembly());

    [Fact]
    public void An_engine_is_found_because_it_announces_itself()
    {
        Assert.Equal(["Kubernetes", "Local", "Office", "Slurm"], _engines.Names);
        Assert.Equal(new OfficeEngine(), _engines.Find("office"));
        Assert.Equal(
            ["Desks", "Parallel", "Overtime", "Coffee", "Closing", "Cabinet", "People"],
            SweepEngines.OptionsOf(_engines.Find("Office"))
        );
        var error = Assert.Throws<ConvNetException>(() => _engines.Find("Moon"));
        Assert.Equal("EngineUnknown", error.ErrorId);
        Assert.Contains("Kubernetes, Local, Office, Slurm", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("23:59:59", 0, 23, 59, 59)]
    [InlineData("24:00:00", 1, 0, 0, 0)]
    [InlineData("48:30:00", 2, 0, 30, 0)]
    [InlineData("100:00:01", 4, 4, 0, 1)]
    [InlineData("1.00:00:00", 1, 0, 0, 0)]
    public void Hours_beyond_a_day_are_hours_as_schedulers_write_them(
        string typed,
        int days,
        int hours,
        int minutes,
        int seconds
    ) =>
        Assert.Equal(
            new TimeSpan(days, hours, minutes, seconds),
            ((OfficeEngine)With(_engines.Find("Office"), ("Closing", typed))).Closing
        );

    [Theory]
    [InlineData("4GB", 4L << 30)]
    [InlineData(" 1.5 mb", 3L << 19)]
    [InlineData("512", 512L)]
    [InlineData(2e9, 2_000_000_000L)]
    public void Bytes_may_be_a_text_with_a_unit(object typed, long bytes) =>
        Assert.Equal(bytes, ((SlurmEngine)With(_engines.Find("Slurm"), ("Memory", typed))).Memory);

    [Theory]
    [InlineData("Desks", 3.5)]
    [InlineData("Desks", "3.5")]
    [InlineData("Desks", true)]
    [InlineData("Desks", "")]
    [InlineData("Coffee", true)]
    [InlineData("Closing", "24:xx")]
    [InlineData("People", new[] { "one", null })]
    public void A_value_that_would_have_to_be_bent_is_refused(string option, object value)
    {
        var error = Assert.Throws<ConvNetException>(() => With(_engines.Find("Office"), (option, value)));

        Assert.Equal("EngineOptionInvalid", error.ErrorId);
    }

    [Fact]
    public void Options_take_what_people_write_and_leave_the_engine_they_came_from_alone()
    {
        var before = _engines.Find("Office");
        var after = (OfficeEngine)With(
            before,
            ("desks", "7"),
            ("Parallel", 3L),
            ("Overtime", true),
            ("Coffee", 2),
            ("Closing", "17:30:00"),
            ("Cabinet", "papers"),
            ("People", new object[] { "Ada", 5 })
        );
        Assert.Equal((7, 3, true, 2.0), (after.Desks, after.Parallel, after.Overtime, after.Coffee));
        Assert.Equal(TimeSpan.FromHours(17.5), after.Closing);
        Assert.Equal("/here/papers", after.Cabinet!.FullName);
        Assert.Equal(["Ada", "5"], after.People);
        Assert.Equal(["Ada"], ((OfficeEngine)With(after, ("People", "Ada"), ("Desks", null))).People);
        Assert.Equal(new OfficeEngine(), before);
    }

    [Theory]
    [InlineData("Desks", "many", "Desks of Office can't be many: give a whole number.")]
    [InlineData("Desks", 1e12, "Desks of Office can't be 1000000000000: give a whole number.")]
    [InlineData("Desks", new[] { 1, 2 }, "Desks of Office can't be 1, 2: give a whole number.")]
    [InlineData("Overtime", "never", "give true or false")]
    [InlineData("Coffee", "much", "give a number")]
    [InlineData("Closing", 60, "give a duration, a TimeSpan or hours, minutes and seconds, '1:30:00'")]
    // Minutes and seconds to schedulers, hours and minutes to .NET.
    [InlineData("Closing", "48:30", "give a duration")]
    [InlineData("Closing", "60", "give a duration")]
    [InlineData("Closing", "late:at:night", "give a duration")]
    [InlineData("Cabinet", 5, "give a folder's path")]
    public void A_wrong_value_is_an_error_with_option_value_and_what_is_expected(
        string option,
        object value,
        string says
    )
    {
        var error = Assert.Throws<ConvNetException>(() => With(new OfficeEngine(), (option, value)));
        Assert.Equal("EngineOptionInvalid", error.ErrorId);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_option_is_an_error_with_those_that_there_are()
    {
        var error = Assert.Throws<ConvNetException>(() => With(new OfficeEngine(), ("Window", null)));
        Assert.Equal("EngineOptionUnknown", error.ErrorId);
        Assert.Equal(
            "Office has no option Window; it takes Desks, Parallel, Overtime, Coffee, Closing, Cabinet, People.",
            error.Message
        );
    }

    [Fact]
    public void A_value_out_of_its_range_is_the_engine_s_to_refuse()
    {
        var error = Assert.Throws<ConvNetException>(With(new OfficeEngine(), ("Desks", 100)).Validate);
        Assert.Equal("EngineOptionInvalid", error.ErrorId);
        Assert.Equal("Desks of Office can't be 100: give 1 to 99.", error.Message);
    }

    private SweepEngine With(SweepEngine engine, params (string Name, object? Value)[] options) =>
        _engines.With(
            engine,
            options.Select(option => KeyValuePair.Create(option.Name, option.Value)),
            folder => "/here/" + folder
        );
}
