using System.Collections;
using System.Text.RegularExpressions;

namespace PSConvNet.Module.Tests.Views;

/// <summary>How everything that the module emits looks, wherever it is printed.</summary>
public sealed partial class ViewTests(ViewFixture printed) : IClassFixture<ViewFixture>
{
    private const int Width = 80;

    // What people write, or see drawn, is the same in every culture, and so are versions.
    private static readonly string[] s_written =
    [
        "PSConvNet.Training.OptimizerSpec",
        "PSConvNet.Training.LearningRateSchedule",
        "PSConvNet.Data.Augmentation",
        "PSConvNet.Data.ImagePreparation",
        "PSConvNet.Sweeps.SweepSpace",
        "PSConvNet.Layers.LayerSpec",
        "PSConvNet.Drawing.Picture",
        "PSConvNet.Runtime.ConvNetEnvironment",
    ];

    // Rows that go into a spreadsheet.
    private static readonly string[] s_results =
    [
        "PSConvNet.Evaluation.Prediction",
        "PSConvNet.Evaluation.Prediction#Split",
        "PSConvNet.Evaluation.Prediction#WithoutTruth",
        "PSConvNet.Evaluation.ModelComparisonRow",
        "PSConvNet.Evaluation.ClassMetrics",
        "PSConvNet.Data.ClassCount",
        "PSConvNet.Training.EpochRecord",
        "PSConvNet.Training.LearningRatePoint",
    ];

    [Fact]
    public void Every_type_that_is_emitted_has_an_example_here()
    {
        var shown = printed.All.Select(one => one.TypeName).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(printed.EmittedTypes().Except(shown));
        Assert.True(shown.Count > 40, string.Join(", ", shown));
    }

    [Fact]
    public void Nothing_prints_blank_and_every_column_with_a_value_says_it() =>
        None(one =>
        {
            var lines = Printed.Lines(one.Alone);
            if (lines.Count == 0)
                return "nothing";
            if (one.Labels is null)
                return null;
            var header = lines.ToList().FindIndex(line => line.TrimStart().StartsWith("--", StringComparison.Ordinal));
            if (header < 1)
                return "no table";
            var values = one.Labels.Count(label =>
                one.Item.Properties[label]?.Value is not (null or "" or ICollection { Count: 0 })
            );
            var said = string.Join(' ', lines.Skip(header + 1)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return said.Length >= values ? null : $"{said.Length} words for {values} values";
        });

    [Fact]
    public void No_line_is_wider_than_a_terminal() =>
        None(one =>
            new[] { one.Alone, one.AfterText, one.AfterTable, one.Deserialized, one.Constrained, one.German }
                .SelectMany(Printed.Lines)
                .FirstOrDefault(line => line.Length > Width)
        );

    [Fact]
    public void After_a_text_each_prints_as_it_does_alone() =>
        None(one => Missing(Printed.Lines(one.Alone), Printed.Lines(one.AfterText)));

    [Fact]
    public void After_a_table_of_another_type_what_is_no_table_prints_as_it_does_alone() =>
        None(one => one.Labels is null ? Missing(Printed.Lines(one.Alone), Printed.Lines(one.AfterTable)) : null);

    [Fact]
    public void After_a_table_of_another_type_a_table_s_row_is_a_short_list_of_what_can_be_read() =>
        None(one =>
        {
            if (one.Labels is null || one.TypeName == "PSConvNet.Training.LearningRatePoint")
                return null;
            var fields = Printed.Lines(one.AfterTable).Where(line => Field().IsMatch(line)).ToList();
            return fields.Count < 2 ? "no list"
                : fields.Count > 10 ? $"a list of {fields.Count}"
                : fields.Find(line =>
                    Unreadable().IsMatch(line)
                    || (
                        Field().Match(line).Length == line.Length
                        && one.Item.Properties[Field().Match(line).Groups[1].Value]?.Value is not (null or "")
                    )
                );
        });

    [Fact]
    public void What_comes_from_a_job_prints_as_it_did() => None(one => Difference(one.Alone, one.Deserialized));

    [Fact]
    public void In_ConstrainedLanguage_each_prints_as_elsewhere() =>
        None(one => Difference(one.Alone, one.Constrained));

    [Fact]
    public void Numbers_follow_the_culture_and_what_is_typed_does_not() =>
        None(one =>
        {
            var typed = one.Item.TypeNames.Intersect(s_written).Any();
            var sentences = one
                .Item.Properties.Where(p => p is { Name: not "Table", TypeNameOfValue: "System.String" })
                .Select(p => p.Value as string ?? "")
                .ToList();
            var expected = Printed
                .Lines(one.Alone)
                .Select(line =>
                    typed || sentences.Exists(said => said.Contains(line.Trim(), StringComparison.Ordinal))
                        ? line
                        : Number().Replace(line, number => Swapped(number.Value))
                );
            return Difference(
                string.Join('\n', expected.Select(Squeezed)),
                string.Join('\n', Printed.Lines(one.German).Select(Squeezed))
            );
        });

    [Fact]
    public void Headings_of_tables_are_properties_that_can_be_sorted_by_and_selected() =>
        None(one =>
            one.Labels?.FirstOrDefault(label =>
                !one.Item.Properties.Any(property => property.Name.Equals(label, StringComparison.Ordinal))
            )
        );

    [Fact]
    public void ConvertTo_Json_leaves_no_stubs() => None(one => JsonStubs.First(one.Json, one.Item.BaseObject));

    [Fact]
    public void Export_Csv_of_results_has_values_in_its_columns_and_no_names_of_types() =>
        None(one =>
            !s_results.Contains(one.TypeName) ? null
            : TypeName().Match(one.Csv) is { Success: true } name ? $"{name}\n{one.Csv}"
            : null
        );

    [Fact]
    public void Each_has_a_view_of_its_own() => Assert.Empty(printed.WithoutView());

    /// <summary>Asserts that a fault is found with none of the examples; all that have it are named.</summary>
    private void None(Func<Printed, string?> fault)
    {
        var faults = printed
            .All.Select(one => (one.TypeName, Fault: fault(one)))
            .Where(found => found.Fault is not null)
            .Select(found => $"{found.TypeName}: {found.Fault}")
            .ToList();
        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    private static string? Missing(IReadOnlyList<string> wanted, IReadOnlyList<string> found) =>
        wanted.FirstOrDefault(line => !found.Contains(line)) is { } line
            ? $"no line '{line}' in\n{string.Join('\n', found)}"
            : null;

    private static string? Difference(string expected, string found) =>
        Printed.Lines(expected).SequenceEqual(Printed.Lines(found)) ? null : $"{expected}\nbecame\n{found}";

    private static string Squeezed(string line) => Spaces().Replace(line.Trim(), " ");

    private static string Swapped(string number) =>
        string.Concat(
            number.Select(letter =>
                letter switch
                {
                    '.' => ',',
                    ',' => '.',
                    _ => letter,
                }
            )
        );

    [GeneratedRegex(@"^(\S+) +:( |$)")]
    private static partial Regex Field();

    [GeneratedRegex(@"PSConvNet\.|System\.|: \{\}")]
    private static partial Regex Unreadable();

    // By itself: what a bracket, a comma or a full stop belongs to is a setting or a sentence.
    [GeneratedRegex(@"(?<=^|[\s(])-?\d{1,3}(,?\d{3})*(\.\d+)?(E[-+]?\d+)?(-\d+(\.\d+)?)?(?=\s|$|, not )")]
    private static partial Regex Number();

    [GeneratedRegex(@"[A-Za-z.]*(PSConvNet|System)\.[^"",]*")]
    private static partial Regex TypeName();

    [GeneratedRegex("[ \\u00A0]+|-{2,}")]
    private static partial Regex Spaces();
}
