using System.Text;

namespace PSConvNet.Notebook.Tests.Headless;

public class CellLanguageTests
{
    [Theory]
    [InlineData("""{"polyglot_notebook":"pwsh"}""")]
    [InlineData("""{"polyglot_notebook":[1]}""")]
    [InlineData("""{"polyglot_notebook":{"kernelInfo":1}}""")]
    [InlineData("""{"polyglot_notebook":{"kernelInfo":{"defaultKernelName":{}}}}""")]
    [InlineData("""{"kernelspec":[],"language_info":2}""")]
    public void Metadata_of_another_type_than_they_should_be_name_no_language(string metadata)
    {
        var text = $$"""{"nbformat":4,"metadata":{{metadata}},"cells":[{"cell_type":"code","source":"1"}]}""";
        var notebook = NotebookFile.Parse(Encoding.UTF8.GetBytes(text), "n.ipynb");

        // Nothing says that it isn't PowerShell.
        CellLanguage.Check(notebook, "n.ipynb");

        Assert.Single(notebook.Cells);
    }

    [Fact]
    public void The_kernel_that_Polyglot_names_is_the_language()
    {
        const string metadata = """{"polyglot_notebook":{"kernelInfo":{"defaultKernelName":"csharp"}}}""";
        const string text = $$"""{"nbformat":4,"metadata":{{metadata}},"cells":[{"cell_type":"code","source":"1"}]}""";
        var notebook = NotebookFile.Parse(Encoding.UTF8.GetBytes(text), "n.ipynb");

        var error = Assert.Throws<ConvNetException>(() => CellLanguage.Check(notebook, "n.ipynb"));

        Assert.Equal("NotebookLanguageUnsupported", error.ErrorId);
    }
}
