using System.Text.RegularExpressions;

namespace PSConvNet.Module.Tests.Training;

/// <summary>examples/own-digits.ps1 from its first line to its last, with few pictures.</summary>
public sealed class FineTuningScriptTests
{
    [Fact]
    public void It_makes_up_a_person_learns_their_digits_and_tells_before_and_after()
    {
        var lines = ExampleScript.Run("own-digits.ps1", ("Quick", true), ("PerClass", 8), ("Epochs", 5)).Lines;
        var text = string.Join('\n', lines);

        Assert.Contains("makes up a person", text, StringComparison.Ordinal);
        Assert.Matches(@"80 pictures to learn from, \d+ held out\.", text);
        Assert.Matches(@"Learned them in \d+\.\d s\.", text);
        Assert.Matches(@"tuned beats base by \d+\.\d points? \(.*McNemar p", text);
        Assert.Equal(2, Regex.Count(text, @"^(base|tuned) on [\d,]+ other test digits of ", RegexOptions.Multiline));
    }
}
