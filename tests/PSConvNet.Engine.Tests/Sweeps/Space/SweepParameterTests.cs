using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace PSConvNet.Tests.Sweeps.Space;

public class SweepParameterTests
{
    public static TheoryData<SweepParameter> Kinds =>
        [
            new ChoiceParameter("Mixed", ["relu", 1, 2.5, true, false]),
            new IntegerParameter("Units", -3, 17, 4),
            new UniformParameter("Dropout", 0, 0.5),
            new UniformParameter("Narrow", -1e-300, 1e-300),
            new LogUniformParameter("Rate", 1e-4, 1e-2),
            new LogUniformParameter("Wide", 1e-300, 1e300),
        ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_comes_back_from_a_file_as_it_was(SweepParameter parameter)
    {
        var file = FileJson.ToBytes(new JsonObject { ["p"] = FileJson.ToNode(parameter) });

        foreach (var options in new[] { FileJson.Lenient, FileJson.Strict })
        {
            var read = FileJson.Parse(file).Get<SweepParameter>("p", options);

            Assert.Equal(parameter, read);
            Assert.Equal(parameter.GetHashCode(), read.GetHashCode());
            Assert.Equal(parameter.ToString(), read.ToString());
            Assert.Equal(parameter.Grid(7), read.Grid(7));
        }
    }

    [Theory]
    [InlineData("""{"kind":"Choice","name":"A","values":[]}""")]
    [InlineData("""{"kind":"Choice","name":"A"}""")]
    [InlineData("""{"kind":"Choice","name":"A","values":[1,[2]]}""")]
    [InlineData("""{"kind":"Choice","name":"A","values":[1,null]}""")]
    [InlineData("""{"kind":"Integer","name":"A","low":3,"high":1,"step":1}""")]
    [InlineData("""{"kind":"Integer","name":"A","low":1,"high":3,"step":0}""")]
    [InlineData("""{"kind":"Integer","name":" ","low":1,"high":3,"step":1}""")]
    [InlineData("""{"kind":"LogUniform","name":"A","low":0,"high":3}""")]
    [InlineData("""{"kind":"Uniform","name":"A"}""")]
    [InlineData("""{"kind":"Other","name":"A"}""")]
    public void A_file_can_not_make_what_a_person_can_not(string json)
    {
        var file = Encoding.UTF8.GetBytes($$"""{"p":{{json}}}""");

        var error = Record.Exception(() => FileJson.Parse(file).Get<SweepParameter>("p"));

        Assert.True(error is JsonException or ConvNetException { ErrorId: "SweepSpaceInvalid" }, error?.ToString());
    }

    [Fact]
    public void A_place_gives_a_value_and_the_value_lies_at_that_place() =>
        Prop.ForAll(
                (
                    from parameter in AnyParameter
                    from place in Gen.Choose(0, 1_000_000)
                    select (parameter, place / 1_000_001.0)
                ).ToArbitrary(),
                pair =>
                {
                    var (parameter, unit) = pair;
                    var value = parameter.At(unit);
                    var back = parameter.UnitOf(value);
                    // A continuum gives the place back, one of several values the middle of the stretch the place is in.
                    var near = parameter.Count is { } count
                        ? Math.Abs(back - (Math.Floor(unit * count) + 0.5) / count) < 1e-9
                        : Math.Abs(back - unit) < 1e-6;
                    return near && back is >= 0 and <= 1 && parameter.Read(value).Equals(value);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void A_value_lies_where_it_is_found_again_even_after_a_file_has_had_it() =>
        Prop.ForAll(
                (
                    from parameter in AnyParameter
                    from most in Gen.Choose(1, 9)
                    select (parameter, parameter.Grid(most))
                ).ToArbitrary(),
                pair =>
                {
                    var (parameter, grid) = pair;
                    return grid.Distinct().Count() == grid.Count
                        && grid.All(value =>
                        {
                            var point = SweepSpaces.Point((parameter.Name, value));
                            var json = FileJson.ToBytes(new JsonObject { ["p"] = FileJson.ToNode(point) });
                            var read = FileJson.Parse(json).Get<SweepPoint>("p");
                            return read.Equals(point) && parameter.Read(read[parameter.Name]).Equals(value);
                        });
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Both_ends_are_met_exactly(SweepParameter parameter)
    {
        var (low, high) = parameter switch
        {
            ChoiceParameter choice => (choice.Values[0], choice.Values[^1]),
            IntegerParameter whole => (whole.Low, (object)whole.High),
            UniformParameter number => (number.Low, (object)number.High),
            LogUniformParameter number => (number.Low, (object)number.High),
            _ => throw new ArgumentException(parameter.ToString()),
        };

        Assert.Equal(low, parameter.At(0));
        Assert.Equal(high, parameter.At(1));
        Assert.Equal((low, high), (parameter.Grid(5)[0], parameter.Grid(5)[^1]));
    }

    [Fact]
    public void A_step_that_does_not_meet_the_end_stops_before_it()
    {
        var parameter = new IntegerParameter("A", 1, 10, 4);

        Assert.Equal([1, 5, 9], parameter.Grid(10));
        Assert.Equal([1, 9], parameter.Grid(2));
        Assert.Equal(9, parameter.At(1));
        Assert.Equal("1 to 10 by 4", parameter.Range);
    }

    [Fact]
    public void The_widest_range_of_whole_numbers_does_not_overflow()
    {
        var parameter = new IntegerParameter("A", -1_000_000_000, 1_000_000_000);

        Assert.Equal(2_000_000_001, parameter.Count);
        Assert.Equal(1_000_000_000, parameter.At(1));
        Assert.Equal([-1_000_000_000, 0, 1_000_000_000], parameter.Grid(3));
        Assert.Equal(0.5, parameter.UnitOf(0), 1e-12);
    }

    [Fact]
    public void Half_of_the_logarithmic_places_lie_below_the_geometric_mean()
    {
        var parameter = new LogUniformParameter("Rate", 1e-4, 1e-2);

        Assert.Equal(1e-3, (double)parameter.At(0.5), 1e-12);
        Assert.Equal(0.5, parameter.UnitOf(1e-3), 1e-9);
    }

    public static TheoryData<Func<SweepParameter>> Refused =>
        [
            () => new ChoiceParameter("A", []),
            () => new ChoiceParameter("A", null!),
            () => new ChoiceParameter("A", ["x", "x"]),
            () => new ChoiceParameter("A", [1, 1.0]),
            () => new ChoiceParameter("A", [null!]),
            () => new ChoiceParameter("A", [new object()]),
            () => new ChoiceParameter("A", [double.NaN]),
            () => new ChoiceParameter("", [1]),
            () => new ChoiceParameter(null!, [1]),
            () => new IntegerParameter("A", 2, 1),
            () => new IntegerParameter("A", 1, 2, 0),
            () => new IntegerParameter("A", int.MinValue, 0),
            () => new IntegerParameter("A", 0, int.MaxValue),
            () => new UniformParameter("A", 1, 1),
            () => new UniformParameter("A", 2, 1),
            () => new UniformParameter("A", double.NaN, 1),
            () => new UniformParameter("A", 0, double.PositiveInfinity),
            () => new UniformParameter("A", -double.MaxValue, double.MaxValue),
            () => new LogUniformParameter("A", 0, 1),
            () => new LogUniformParameter("A", -1, 1),
            () => new LogUniformParameter("A", 1, 1),
            () => new LogUniformParameter("A", 1, double.NaN),
        ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_can_not_be_swept_is_refused(Func<SweepParameter> make)
    {
        var error = Assert.Throws<ConvNetException>(make);

        Assert.Equal(("SweepSpaceInvalid", ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
        Assert.Contains("can't be swept", error.Message);
    }

    [Theory]
    [InlineData("choice", "tanh")]
    [InlineData("choice", 3)]
    [InlineData("choice", null)]
    [InlineData("integer", 4)]
    [InlineData("integer", 0)]
    [InlineData("integer", 2.5)]
    [InlineData("integer", "3")]
    [InlineData("uniform", 1.01)]
    [InlineData("uniform", double.NaN)]
    [InlineData("log", 0)]
    [InlineData("log", true)]
    public void A_value_that_it_can_not_be_is_refused(string kind, object? value)
    {
        SweepParameter parameter = kind switch
        {
            "choice" => new ChoiceParameter("A", ["relu", 1]),
            "integer" => new IntegerParameter("A", 1, 9, 2),
            "uniform" => new UniformParameter("A", 0, 1),
            _ => new LogUniformParameter("A", 0.1, 1),
        };

        var error = Assert.Throws<ConvNetException>(() => parameter.Read(value!));

        Assert.Equal("SweepValueInvalid", error.ErrorId);
        Assert.Contains(parameter.Range, error.Message);
        Assert.Equal("SweepValueInvalid", Assert.Throws<ConvNetException>(() => parameter.UnitOf(value!)).ErrorId);
    }

    [Fact]
    public void Parameters_are_equal_by_what_they_say_and_names_have_no_case()
    {
        Assert.Equal(new ChoiceParameter("A", [1, "x"]), new ChoiceParameter("A", [1.0, "x"]));
        Assert.NotEqual(new ChoiceParameter("A", [1, 2]), new ChoiceParameter("A", [2, 1]));
        Assert.NotEqual<SweepParameter>(new UniformParameter("A", 1, 2), new LogUniformParameter("A", 1, 2));
        Assert.NotEqual(new IntegerParameter("A", 1, 9), new IntegerParameter("A", 1, 9, 2));
        Assert.Equal(new ChoiceParameter("a", [1]), new ChoiceParameter("A", [1]));
        Assert.Equal(new IntegerParameter("a", 1, 9), new IntegerParameter("A", 1, 9));
    }

    private static Gen<SweepParameter> AnyParameter =>
        Gen.OneOf(
            from count in Gen.Choose(1, 12)
            select (SweepParameter)
                new ChoiceParameter("P", Enumerable.Range(0, count).Select(i => (object)$"v{i}").ToArray()),
            from low in Gen.Choose(-1000, 1000)
            from width in Gen.Choose(0, 1000)
            from step in Gen.Choose(1, 7)
            select (SweepParameter)new IntegerParameter("P", low, low + width, step),
            from low in Gen.Choose(-1000, 1000)
            from width in Gen.Choose(1, 1000)
            select (SweepParameter)new UniformParameter("P", low / 7.0, low / 7.0 + width / 3.0),
            from low in Gen.Choose(-8, 3)
            from width in Gen.Choose(1, 60)
            select (SweepParameter)
                new LogUniformParameter("P", Math.Pow(10, low), Math.Pow(10, low) * Math.Exp(width / 4.0))
        );
}
