namespace PSConvNet.Tests;

public class PrintableTextTests
{
    [Theory]
    [InlineData("plain, \u00e9\u732b\U0001f408", "plain, \u00e9\u732b\U0001f408")]
    [InlineData("\u001b[2J\u0007\u007f\u009b", "\u241b[2J\u2407\u2421\ufffd")]
    [InlineData("a\u202Egnp.exe\u2066\u2028", "a\ufffdgnp.exe\ufffd\ufffd")]
    [InlineData("a\nb\tc\r\n", "a\u240ab\u2409c\u240d\u240a")]
    [InlineData("a\u200f\u200e\u061c\u200b\ufeff\u00ad\U000e0041b", "a\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdb")]
    [InlineData(
        "\u0645\u06cc\u200c\u062e \U0001f468\u200d\U0001f469",
        "\u0645\u06cc\u200c\u062e \U0001f468\u200d\U0001f469"
    )]
    [InlineData("\u200da \u200c b\u200d", "\ufffda \ufffd b\ufffd")]
    [InlineData("a\ud83db", "a\ud83db")]
    public void A_sign_takes_the_place_of_each_control_character(string text, string expected) =>
        Assert.Equal(expected, PrintableText.Of(text));

    [Fact]
    public void Of_lines_their_ends_and_tabs_stay_and_a_carriage_return_that_would_write_over_one_does_not() =>
        Assert.Equal("a\n\tb\r\nc\u240dd", PrintableText.Of("a\n\tb\r\nc\rd", lines: true));

    [Fact]
    public void A_long_text_keeps_its_beginning_and_its_end_and_no_half_of_a_character()
    {
        var text = "begin" + string.Concat(Enumerable.Repeat("\U0001f408", 500)) + "end";

        for (var most = 30; most < 40; most++)
        {
            var cut = PrintableText.Cut(text, most);
            Assert.InRange(cut.Length, most, most + 7);
            Assert.StartsWith("begin", cut, StringComparison.Ordinal);
            Assert.EndsWith("end", cut, StringComparison.Ordinal);
            Assert.True(cut.IsNormalized());
        }
    }

    [Fact]
    public void A_list_of_names_shows_the_first_ten_and_counts_the_others()
    {
        var names = Enumerable.Range(1, 33).Select(i => $"n{i}").ToList();

        Assert.Equal("n1, n2", PrintableText.Names(names.Take(2)));
        Assert.Equal("'n1', 'n2'", PrintableText.Names(names.Take(2), quoted: true));
        Assert.EndsWith(", n9, n10 and 23 more", PrintableText.Names(names), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_takes_names_in_on_one_line_and_short_and_sentences_as_they_are()
    {
        var name = new string('n', 5000) + "\nINJECTED";
        var sentence = string.Join(" ", Enumerable.Repeat("It is so.", 60));
        string[] names = [.. Enumerable.Repeat(name, 33)];

        var error = new ConvNetException("X", ErrorKind.NotFound, $"No '{name}' ({1234.5:N1}). {sentence:text}");
        var list = MessageText.Of($"It has {names}.");

        Assert.InRange(error.Message.Length, sentence.Length, sentence.Length + 250);
        Assert.Contains("\u240aINJECTED' (1,234.5). ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(sentence, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" and 23 more.", list, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', list);
    }

    [Fact]
    public void A_message_of_an_error_shows_names_of_strangers_and_ends_somewhere()
    {
        var error = new ConvNetException(
            "X",
            ErrorKind.InvalidData,
            $"There is no {new string('n', 1_000_000)}\u001b; check it." + ""
        );

        Assert.InRange(error.Message.Length, 1000, 2100);
        Assert.EndsWith("\u241b; check it.", error.Message, StringComparison.Ordinal);
    }
}
