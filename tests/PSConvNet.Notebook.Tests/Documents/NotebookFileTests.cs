using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PSConvNet.Tests;

namespace PSConvNet.Notebook.Tests.Documents;

public sealed partial class NotebookFileTests : IDisposable
{
    private const string Small = """
        {"cells":[{"cell_type":"code","execution_count":3,"metadata":{"x":{"deep":[1,2.50,null]}},"outputs":[{"output_type":"odd"}],
        "source":["$a = 1\n","$a"]},{"cell_type":"markdown","metadata":{},"source":"# Häding 😀","attachments":{"p":{"image/png":"AA=="}}}],
        "metadata":{"kernelspec":{"name":"psconvnet","language":"powershell"},"mine":true},"nbformat":4,"nbformat_minor":2,"more":"kept"}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("psconvnet-notebook-");

    [Fact]
    public void What_is_not_understood_is_kept()
    {
        var before = JsonNode.Parse(Small)!.AsObject();

        var after = SaveAndRead(Parse(Small));

        // Ids come with format 4.5; nothing else changes.
        before["nbformat_minor"] = 5;
        foreach (var cell in after["cells"]!.AsArray())
            Assert.True(cell!.AsObject().Remove("id"));
        Assert.True(JsonNode.DeepEquals(before, after), after.ToJsonString());
    }

    [Fact]
    public void A_file_is_written_as_Jupyter_writes_it()
    {
        var notebook = Parse("""{"cells":[],"metadata":{"a":"é"},"nbformat":4,"nbformat_minor":5}""");
        var path = Path.Combine(_folder.FullName, "a.ipynb");

        notebook.Save(path);

        // json.dumps(..., indent=1, ensure_ascii=False) + "\n"
        Assert.Equal(
            "{\n \"cells\": [],\n \"metadata\": {\n  \"a\": \"é\"\n },\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}\n",
            File.ReadAllText(path)
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Every_format_from_4_0_on_is_read_and_gets_ids(int minor)
    {
        var ids = SaveAndRead(Parse(Small.Replace("\"nbformat_minor\":2", $"\"nbformat_minor\":{minor}")))["cells"]!
            .AsArray()
            .Select(cell => cell!["id"]!.GetValue<string>())
            .ToList();

        Assert.Equal(2, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches(IdPattern(), id));
    }

    [Fact]
    public void A_mark_of_UTF8_and_line_ends_of_Windows_are_read()
    {
        var text = Small.ReplaceLineEndings("\r\n").Replace("$a = 1\\n", "$a = 1\\r\\n", StringComparison.Ordinal);

        var notebook = NotebookFile.Parse([0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes(text)], "x.ipynb");

        Assert.Equal("$a = 1\r\n$a", notebook.Cells[0].Source);
    }

    [Fact]
    public void Equal_cells_cost_one_hash_each_however_many_there_are()
    {
        const int cells = 5000;
        var hashes = 0;
        var ids = new CellIds(
            ["0:a", "1:a"],
            text =>
            {
                hashes++;
                return text;
            }
        );

        var given = Enumerable.Range(0, cells).Select(_ => ids.Next("a")).ToList();

        // The two that were taken cost an attempt each.
        Assert.Equal(cells + 2, hashes);
        Assert.Equal(["2:a", "3:a", "4:a"], given[..3]);
        Assert.Equal(cells, given.Distinct().Count());
    }

    [Fact]
    public void A_notebook_of_thousands_of_equal_cells_gets_an_id_for_each()
    {
        var cells = string.Join(
            ",",
            Enumerable.Repeat(
                """{"cell_type":"code","source":"1","outputs":[],"metadata":{},"execution_count":null}""",
                5000
            )
        );

        var saved = SaveAndRead(Parse($$"""{"cells":[{{cells}}],"metadata":{},"nbformat":4,"nbformat_minor":4}"""));

        Assert.Equal(
            5000,
            saved["cells"]!.AsArray().Select(cell => cell!["id"]!.GetValue<string>()).Distinct().Count()
        );
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("hello", "not JSON")]
    [InlineData("[1,2]", "not JSON")]
    [InlineData("{}", "no format")]
    [InlineData("""{"nbformat":3,"worksheets":[]}""", "format 3")]
    [InlineData("""{"nbformat":5,"cells":[]}""", "format 5")]
    [InlineData("""{"nbformat":4}""", "list of cells")]
    [InlineData("""{"nbformat":4,"cells":[{"source":"1"}]}""", "cell 1 has no type")]
    [InlineData("""{"nbformat":4,"cells":[{"cell_type":"code","source":[1]}]}""", "cell 1 has no text")]
    [InlineData("""{"nbformat":4,"nbformat":4,"cells":[]}""", "not JSON")]
    public void What_is_no_notebook_is_refused_and_told_why(string text, string why)
    {
        var error = Assert.Throws<ConvNetException>(() => Parse(text));

        Assert.Equal("NotebookInvalid", error.ErrorId);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_notebooks_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(5);
        var whole = Encoding.UTF8.GetBytes(Small);
        var refused = 0;
        for (var i = 0; i < 10_000; i++)
        {
            try
            {
                var notebook = NotebookFile.Parse(Mutation.Of(whole, random), "x.ipynb");
                using var memory = new MemoryStream();
                foreach (var cell in notebook.Cells)
                    Assert.NotNull(cell.Source + cell.FirstLine + cell.Language + cell.HasTag("parameters"));
            }
            catch (ConvNetException e)
            {
                Assert.Equal("NotebookInvalid", e.ErrorId);
                refused++;
            }
        }
        Assert.InRange(refused, 5_000, 9_999);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static NotebookFile Parse(string text) => NotebookFile.Parse(Encoding.UTF8.GetBytes(text), "x.ipynb");

    private JsonObject SaveAndRead(NotebookFile notebook)
    {
        var path = Path.Combine(_folder.FullName, "saved.ipynb");
        notebook.Save(path);
        return JsonNode.Parse(File.ReadAllText(path))!.AsObject();
    }

    // nbformat.v4.5.schema.json
    [GeneratedRegex("^[a-zA-Z0-9-_]{1,64}$")]
    private static partial Regex IdPattern();
}
