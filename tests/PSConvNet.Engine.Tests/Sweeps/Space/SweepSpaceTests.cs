using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using static PSConvNet.Tests.Sweeps.SweepSpaces;

namespace PSConvNet.Tests.Sweeps.Space;

public class SweepSpaceTests
{
    [Fact]
    public void Parameters_go_by_name_whatever_order_they_were_given_in()
    {
        Assert.Equal(["LearningRate", "Momentum", "Optimizer", "Units"], Mixed.Parameters.Select(p => p.Name));
        Assert.True(
            new SweepSpace([new IntegerParameter("b", 1, 2), new IntegerParameter("A", 1, 2)]).IsSame(
                new SweepSpace([new IntegerParameter("A", 1, 2), new IntegerParameter("b", 1, 2)])
            )
        );
        Assert.Same(Mixed.Find("units"), Mixed.Find("UNITS"));
        Assert.Null(Mixed.Find("Filters"));
    }

    [Fact]
    public void Spaces_are_the_same_by_ranges_and_the_text_of_conditions()
    {
        SweepSpace Of(int high, string? when) =>
            new(
                [new IntegerParameter("A", 1, high), new ChoiceParameter("B", [1, 2])],
                when is null ? null : [When("A", when, _ => true)]
            );

        Assert.True(Of(3, "x").IsSame(Of(3, "x")));
        Assert.False(Of(3, "x").IsSame(Of(4, "x")));
        Assert.False(Of(3, "x").IsSame(Of(3, "y")));
        Assert.False(Of(3, "x").IsSame(Of(3, null)));
        Assert.False(Of(3, null).IsSame(Of(3, "x")));
    }

    [Fact]
    public void A_parameter_whose_condition_does_not_hold_is_left_out_but_asked_for()
    {
        foreach (var optimizer in new[] { "Adam", "SGD" })
        {
            var asked = new List<string>();
            var point = Mixed.Choose(p =>
            {
                asked.Add(p.Name);
                return p.Name == "Optimizer" ? optimizer : p.At(0.5);
            });

            Assert.Equal(Mixed.Parameters.Select(p => p.Name), asked);
            Assert.Equal(optimizer == "SGD", point.ContainsKey("Momentum"));
        }
    }

    [Fact]
    public void Conditions_see_the_parameters_that_are_always_there_and_no_others()
    {
        SweepPoint? seen = null;
        var space = new SweepSpace(
            [new IntegerParameter("A", 1, 1), new IntegerParameter("B", 2, 2), new IntegerParameter("C", 3, 3)],
            [
                When(
                    "b",
                    "",
                    point =>
                    {
                        seen = point;
                        return true;
                    }
                ),
                When("C", "", _ => true),
            ]
        );

        Assert.Equal(Point(("A", 1), ("B", 2), ("C", 3)), space.Choose(p => p.At(0)));
        Assert.Equal(Point(("A", 1)), seen);
    }

    [Fact]
    public void Spaces_that_can_not_be_swept_are_refused()
    {
        IntegerParameter A(string name) => new(name, 1, 2);

        Refuses(() => new SweepSpace([]), "ChoiceParameter");
        Refuses(() => new SweepSpace([A("a"), A("A")]), "two parameters");
        Refuses(() => new SweepSpace([A("A")], [When("B", "", _ => true)]), "B, which isn't a parameter");
        Refuses(() => new SweepSpace([A("A")], [When("A", "", _ => true)]), "Every parameter has a condition");

        static void Refuses(Func<SweepSpace> make, string words)
        {
            var error = Assert.Throws<ConvNetException>(make);
            Assert.Equal(("SweepSpaceInvalid", ErrorKind.InvalidArgument), (error.ErrorId, error.Kind));
            Assert.Contains(words, error.Message);
        }
    }

    [Fact]
    public void A_point_is_equal_by_value_without_regard_to_case_and_order()
    {
        var point = Point(("b", 2.0), ("A", "x"));

        Assert.Equal(Point(("a", "x"), ("B", 2)), point);
        Assert.Equal(Point(("a", "x"), ("B", 2)).GetHashCode(), point.GetHashCode());
        Assert.NotEqual(Point(("a", "X"), ("B", 2)), point);
        Assert.NotEqual(Point(("a", "x")), point);
        Assert.Equal(["A", "b"], point.Keys);
        Assert.Equal("x", point["a"]);
        Assert.Equal("A x, b 2", point.ToString());
        Assert.Empty(SweepPoint.Empty);
    }

    [Fact]
    public void A_point_comes_back_from_a_file_type_by_type()
    {
        var point = Point(
            ("Whole", 3),
            ("Real", 0.1),
            ("Tiny", 1.2345678901234567e-300),
            ("Large", 1e12),
            ("Round", 2.0),
            ("Text", "\"ä\n\u2028"),
            ("Yes", true),
            ("No", false)
        );

        var read = FileJson
            .Parse(FileJson.ToBytes(new JsonObject { ["p"] = FileJson.ToNode(point) }))
            .Get<SweepPoint>("p");

        Assert.Equal(point, read);
        Assert.Equal(
            point.Select(p => (p.Key, p.Value, p.Value.GetType())),
            read.Select(p => (p.Key, p.Value, p.Value.GetType()))
        );
        Assert.IsType<int>(read["Round"]);
    }

    [Fact]
    public void A_space_gives_values_the_types_of_its_parameters()
    {
        var space = new SweepSpace([new UniformParameter("Rate", 0, 2), new IntegerParameter("Units", 1, 3)]);

        var point = space.Read(Point(("rate", 1), ("Units", 2.0)));

        Assert.Equal(Point(("Rate", 1), ("Units", 2)), point);
        Assert.Equal("SweepValueInvalid", Id(() => space.Read(Point(("Rate", 3)))));
        Assert.Equal("SweepValueInvalid", Id(() => space.Read(Point(("Other", 1)))));
        Assert.Equal("SweepValueInvalid", Id(() => Point(("A", 1), ("a", 2))));
        Assert.Equal("SweepValueInvalid", Id(() => Point(("A", double.NaN))));
        Assert.Equal("SweepValueInvalid", Id(() => Point(("A", new int[1]))));

        static string Id(Func<object> act) => Assert.Throws<ConvNetException>(act).ErrorId;
    }

    [Theory]
    [InlineData("""{"p":[1]}""")]
    [InlineData("""{"p":{"a":{}}}""")]
    [InlineData("""{"p":{"a":null}}""")]
    [InlineData("""{"p":{"a":1e999}}""")]
    [InlineData("""{"p":{"a":1,"A":2}}""")]
    public void A_damaged_point_is_refused(string json)
    {
        var error = Record.Exception(() => FileJson.Parse(Encoding.UTF8.GetBytes(json)).Get<SweepPoint>("p"));

        Assert.True(error is JsonException or ConvNetException { ErrorId: "SweepValueInvalid" }, error?.ToString());
    }

    [Fact]
    public void A_space_reads_as_a_parameter_a_line() =>
        Assert.Equal(
            "LearningRate: 0.0001 to 0.1 (log)\nMomentum: 0 to 0.9 when $_.Optimizer -eq 'SGD'\nOptimizer: Adam, SGD\nUnits: 16 to 48 by 16",
            Mixed.ToString()
        );
}
