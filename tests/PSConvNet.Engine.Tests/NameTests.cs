namespace PSConvNet.Tests;

/// <summary>Names in messages: the ones that were meant, the ones that look like words, and the ones in lines of code.</summary>
public class NameTests
{
    [Theory]
    [InlineData("Unit", "Units", "Filters", "Rate")]
    [InlineData("rates", "Rate", "Units", "Filters")]
    [InlineData("filter", "Filters", "Rate", "Units")]
    public void Of_several_names_the_one_most_like_what_was_typed_is_first(string typed, params string[] nearest) =>
        Assert.Equal(nearest[0], AlikeNames.Nearest(["Filters", "Rate", "Units"], typed)[0]);

    [Fact]
    public void A_model_without_a_name_is_not_read_as_a_noun()
    {
        Assert.Equal("'model' has no layer 'x'.", MessageText.Of($"{Model.DefaultName} has no layer '{"x"}'."));
        Assert.Equal("There is no 'model'.", MessageText.Of($"There is no '{Model.DefaultName}'."));
        Assert.Equal("small has no layer.", MessageText.Of($"{"small"} has no layer."));
    }

    [Theory]
    [InlineData("net.pt", "\"net.pt\"", "'net.pt'")]
    [InlineData("it's \"mine\".pt", "\"it's \\\"mine\\\".pt\"", "'it\\'s \"mine\".pt'")]
    [InlineData("a\\b", "\"a\\\\b\"", "'a\\\\b'")]
    public void A_name_in_a_line_of_code_has_the_quotes_of_its_language(string name, string sharp, string python)
    {
        Assert.Equal(sharp, CodeText.CSharp(name));
        Assert.Equal(python, CodeText.Python(name));
    }
}
