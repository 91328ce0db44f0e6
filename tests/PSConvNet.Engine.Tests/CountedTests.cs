namespace PSConvNet.Tests;

public class CountedTests
{
    [Theory]
    [InlineData(0, "0 epochs")]
    [InlineData(1, "1 epoch")]
    [InlineData(2, "2 epochs")]
    [InlineData(60000, "60,000 epochs")]
    public void A_noun_is_in_the_singular_for_exactly_one(long number, string words) =>
        Assert.Equal(words, Counted.Of(number, "epoch"));

    [Fact]
    public void A_noun_that_ends_in_s_and_words_that_follow_have_a_plural_of_their_own()
    {
        Assert.Equal("1 class", Counted.Of(1, "class"));
        Assert.Equal("10 classes", Counted.Of(10, "class"));
        Assert.Equal("1 batch is", Counted.Of(1, "batch is", "batches are"));
        Assert.Equal("2 batches are", Counted.Of(2, "batch is", "batches are"));
    }

    [Theory]
    [InlineData(1, "1 epoch")]
    [InlineData(1.5, "1.5 epochs")]
    [InlineData(0.1, "0.1 epochs")]
    public void Epochs_can_have_a_fraction(double number, string words) => Assert.Equal(words, Counted.Epochs(number));

    [Fact]
    public void What_a_model_says_of_itself_has_no_plural_of_one()
    {
        var model = new Model([new DenseLayer(1) { UseBias = false }], new Shape(1), "least");

        Assert.Equal("least: 1 -> 1, 1 layer, 1 parameter", model.ToString());
        Assert.Equal("least: 1 -> 1, 1 parameter", model.Summary.ToString());
        Assert.Equal("Dense (1 unit, no bias)", model.Layers[0].ToString());
        Assert.Equal("Conv (1 filter 3 x 3)", new ConvLayer(1).ToString());
    }
}
