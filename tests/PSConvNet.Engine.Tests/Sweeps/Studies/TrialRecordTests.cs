using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace PSConvNet.Tests.Sweeps;

public class TrialRecordTests
{
    [Fact]
    public void What_a_record_says_of_parameters_does_nothing_to_a_terminal()
    {
        var folder = new StudyFolder("study");
        var written = TrialDocument.Of(
            Studies.Trial(0, SweepSpaces.Point(("Bias", "VALUE"), ("NAME", 1.0)), TrialState.Completed, 0.5),
            folder
        );
        var json = FileJson.ToNode(written with { Turn = 1 })!.ToJsonString();
        json = json.Replace("VALUE", "\\u001b[2J", StringComparison.Ordinal)
            .Replace("NAME", "a\\u0007\\n", StringComparison.Ordinal);
        // By somebody who knows how the checksum is made.
        var record = JsonNode.Parse(json)!.AsObject();
        record["sha256"] = Convert.ToHexString(SHA256.HashData(FileJson.ToBytes(record)));

        var trial = TrialDocument.Read(FileJson.ToBytes(record), new TrialId(0), folder);

        Assert.DoesNotContain($"{trial}{trial.ParametersText}{string.Concat(trial.Parameters.Keys)}", char.IsControl);
        // A space refuses such a value, so that the script block is never given it.
        Assert.Equal("\u241b[2J", trial.Parameters["Bias"]);
    }

    [Theory]
    [InlineData("kind")]
    [InlineData("sha256")]
    [InlineData("number")]
    public void A_parameter_may_have_any_name(string name)
    {
        var folder = new StudyFolder("study");
        var point = SweepSpaces.Point(("Bias", true), (name, "a"), ("Zero", 0));
        var written = TrialDocument.Of(Studies.Trial(0, point, TrialState.Completed, 0.5) with { Turn = 1 }, folder);

        var trial = TrialDocument.Read(written.ToBytes(), new TrialId(0), folder);

        Assert.Equal(point, trial.Parameters);
    }
}
