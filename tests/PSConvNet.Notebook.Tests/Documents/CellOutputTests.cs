using System.Text.Json.Nodes;

namespace PSConvNet.Notebook.Tests.Documents;

public class CellOutputTests
{
    private readonly JsonArray _outputs = [];
    private readonly CellOutputs _cell;

    public CellOutputTests() => _cell = new CellOutputs(_outputs, [], 3, new object());

    [Fact]
    public void Text_of_one_stream_becomes_one_output_of_whole_lines()
    {
        foreach (var piece in (string[])["a", "b\nc", "\n", "d"])
            _cell.Stream(isError: false, piece);
        _cell.Stream(isError: true, "e");

        Assert.Equal(
            """[{"name":"stdout","output_type":"stream","text":["ab\n","c\n","d"]},{"name":"stderr","output_type":"stream","text":["e"]}]""",
            _outputs.ToJsonString()
        );
    }

    [Fact]
    public void An_update_replaces_the_display_in_its_place()
    {
        _cell.Display(new MimeBundle("first"), "id");
        _cell.Stream(isError: false, "between");
        _cell.Update("id", new MimeBundle("second"));
        _cell.Update("unknown", new MimeBundle("never"));

        Assert.Equal("""["second"]""", _outputs[0]!["data"]!["text/plain"]!.ToJsonString());
        Assert.Equal(2, _outputs.Count);
    }

    [Fact]
    public void To_clear_and_wait_clears_when_the_next_output_comes()
    {
        _cell.Stream(isError: false, "a");
        _cell.Clear(wait: true);
        Assert.Single(_outputs);

        _cell.Result(new MimeBundle("b"));

        Assert.Equal("execute_result", Assert.Single(_outputs)!["output_type"]!.GetValue<string>());
        Assert.Equal(3, _outputs[0]!["execution_count"]!.GetValue<int>());
    }

    [Fact]
    public void A_picture_keeps_its_size_and_its_words()
    {
        var view = new RichView(new Dictionary<string, string> { ["image/png"] = "AAAA" }, 30, 20, "a dot");

        _cell.Display(new MimeBundle("text", view), null);

        Assert.Equal("AAAA", _outputs[0]!["data"]!["image/png"]!.GetValue<string>());
        Assert.Equal(
            """{"image/png":{"width":30,"height":20,"alt":"a dot"}}""",
            _outputs[0]!["metadata"]!.ToJsonString()
        );
    }
}
