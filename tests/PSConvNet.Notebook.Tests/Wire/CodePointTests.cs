using System.Text;

namespace PSConvNet.Notebook.Tests.Wire;

public class CodePointTests
{
    [Fact]
    public void Positions_count_runes()
    {
        var random = new Random(3);
        string[] letters = ["a", "é", "😀", "漢", "𝒳", "\n"];
        for (var i = 0; i < 500; i++)
        {
            var text = string.Concat(
                Enumerable.Range(0, random.Next(12)).Select(_ => letters[random.Next(letters.Length)])
            );
            var index = 0;
            var position = 0;
            foreach (var rune in text.EnumerateRunes())
            {
                Assert.Equal(index, CodePoints.ToIndex(text, position));
                Assert.Equal(position, CodePoints.ToPosition(text, index));
                index += rune.Utf16SequenceLength;
                position++;
            }
            Assert.Equal(text.Length, CodePoints.ToIndex(text, position));
            Assert.Equal(text.Length, CodePoints.ToIndex(text, int.MaxValue));
            Assert.Equal(position, CodePoints.ToPosition(text, text.Length));
            Assert.Equal(0, CodePoints.ToIndex(text, -1));
        }
    }

    [Fact]
    public void Half_a_character_counts_as_one()
    {
        Assert.Equal(1, CodePoints.ToPosition("\ud83d", 1));
        Assert.Equal(2, CodePoints.ToIndex("\ude00a", 2));
    }
}
