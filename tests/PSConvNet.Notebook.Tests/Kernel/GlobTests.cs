using System.Text.RegularExpressions;

namespace PSConvNet.Notebook.Tests.Kernel;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a*b")]
    [InlineData("?")]
    [InlineData("**?")]
    [InlineData("a?*b*")]
    [InlineData("*ab*ba*")]
    [InlineData("ab*ba")]
    [InlineData("*.+")]
    [InlineData("?*?\n*")]
    public void It_matches_what_the_same_regular_expression_does(string pattern)
    {
        var regex = new Regex(
            $@"\A{Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal)}\z",
            RegexOptions.Singleline
        );
        var glob = new Glob(pattern);
        var random = new Random(1);
        for (var i = 0; i < 5000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "ab.+\n"[random.Next(5)]));
            Assert.True(regex.IsMatch(text) == glob.IsMatch(text), $"'{text}'");
        }
    }

    [Fact]
    public void A_pattern_may_be_longer_than_any_regular_expression()
    {
        var code = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"line {i}\n"));

        Assert.True(new Glob(code).IsMatch(code));
        Assert.True(new Glob(code.Replace(' ', '*')).IsMatch(code));
        Assert.False(new Glob(code + "?").IsMatch(code));
    }
}
