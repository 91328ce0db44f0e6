using System.Text;
using System.Text.Json;

namespace PSConvNet.Tests.Files;

/// <summary>What is said of a field that can't be read: where it is, what is there, and what belongs there.</summary>
public sealed class FieldFaultTests
{
    [Theory]
    [InlineData(
        """{"kind": "Dense", "units": "many"}""",
        "layer.units is 'many', but must be a whole number within its range"
    )]
    [InlineData(
        """{"kind": "Dense", "units": 1.5}""",
        "layer.units is 1.5, but must be a whole number within its range"
    )]
    [InlineData(
        """{"kind": "Dense", "units": 3, "useBias": "yes"}""",
        "layer.useBias is 'yes', but must be true or false"
    )]
    [InlineData("""{"kind": "Dense", "units": 3, "activation": 7}""", "layer.activation is 7, but must be one of ")]
    [InlineData(
        """{"kind": "Dense", "units": 3, "colour": 1}""",
        "layer.colour is a field that this version doesn't know"
    )]
    [InlineData("""{"kind": "De\r\n\u202Ense"}""", "layer.kind is 'De\u240d\u240a\ufffdnse', but must be one of ")]
    [InlineData("[]", "layer is a list, but must be an object")]
    public void It_is_named_in_this_program_s_words(string text, string expected)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(text)!;

        var error = Assert.Throws<JsonException>(() => FileJson.Read<LayerSpec>(node, "layer", FileJson.Strict));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PSConvNet.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Theory]
    [InlineData("{\n  \"a\": nul }", "at line 2, byte ")]
    [InlineData("{", "at line 1")]
    [InlineData("", "at line 1")]
    public void What_is_no_json_is_named_by_its_place(string text, string expected)
    {
        var error = Assert.Throws<JsonException>(() => FileJson.Parse(Encoding.UTF8.GetBytes(text)));

        Assert.StartsWith("It isn't JSON", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
