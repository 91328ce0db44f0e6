using System.Text.RegularExpressions;
using PSConvNet.Module.Tests.Data;

namespace PSConvNet.Module.Tests.Training;

/// <summary>examples/own-digits.ps1 from its first line to its last, with few pictures.</summary>
[Collection(EnvironmentTests.Name)]
public sealed class FineTuningScriptTests
{
    [Fact]
    public void It_makes_up_a_person_learns_their_digits_and_tells_before_and_after()
    {
        var lines = ExampleScript
            .Run("own-digits.ps1", ("Quick", true), ("PerClass", 8), ("HeldOut", 20), ("Epochs", 8))
            .Lines;
        var text = string.Join('\n', lines);

        Assert.Contains("makes up a person", text, StringComparison.Ordinal);
        Assert.Matches(@"80 pictures to learn from, 200 held out\.", text);
        Assert.Matches(@"Learned them in \d+\.\d s\.", text);
        Assert.Matches(@"(tuned|base) (beats|and) .*McNemar p", text);
        Assert.Equal(2, Regex.Count(text, @"^(base|tuned) on [\d,]+ other test digits of ", RegexOptions.Multiline));
    }
}
