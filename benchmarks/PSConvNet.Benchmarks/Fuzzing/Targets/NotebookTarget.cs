using PSConvNet.Benchmarks.Fuzzing.Mutations;
using PSConvNet.Notebook;

namespace PSConvNet.Benchmarks.Fuzzing.Targets;

/// <summary>Notebook files, read as for a run; what is accepted is saved and read again as the same.</summary>
/// <param name="folder">A folder for what is written.</param>
internal sealed class NotebookTarget(string folder)
    : FuzzTarget("ipynb", new JsonMutation(), "NotebookInvalid", "NotebookLanguageUnsupported")
{
    private readonly string _again = Path.Combine(folder, "again.ipynb");

    /// <inheritdoc />
    public override IEnumerable<byte[]> Seeds() =>
        [
            """
            {"cells": [
              {"cell_type": "markdown", "id": "a1", "metadata": {}, "source": ["# Title\n", "text"]},
              {"cell_type": "code", "execution_count": 1, "metadata": {"tags": ["parameters"]}, "outputs": [
                {"name": "stdout", "output_type": "stream", "text": ["1\n"]}], "source": "$a = 1"},
              {"cell_type": "code", "execution_count": null, "metadata": {"polyglot_notebook": {"kernelName": "pwsh"},
                "dotnet_interactive": {"language": "pwsh"}, "vscode": {"languageId": "powershell"}}, "outputs": [], "source": ["#!pwsh\n", "Get-Date"]},
              {"cell_type": "code", "metadata": {"tags": ["injected-parameters"]}, "outputs": [], "source": []}],
             "metadata": {"kernelspec": {"display_name": ".NET (PowerShell)", "language": "PowerShell", "name": "psconvnet"},
              "polyglot_notebook": {"kernelInfo": {"defaultKernelName": "pwsh", "items": [{"name": "pwsh"}]}},
              "language_info": {"name": "PowerShell"}},
             "nbformat": 4, "nbformat_minor": 5}
            """u8.ToArray(),
            """{"cells": [{"cell_type": "code", "source": "1"}], "metadata": {"language_info": {"name": "pwsh"}}, "nbformat": 4, "nbformat_minor": 2}"""u8.ToArray(),
        ];

    /// <inheritdoc />
    public override object? Read(byte[] input, string path)
    {
        var notebook = NotebookFile.Read(path);
        CellLanguage.Check(notebook, path);
        return notebook;
    }

    /// <inheritdoc />
    public override void Check(object read)
    {
        var notebook = (NotebookFile)read;
        ParameterCell.Inject(notebook, new Dictionary<string, object> { ["a"] = 2 }, _ => { });
        foreach (var cell in notebook.Cells.Where(cell => cell.IsCode))
            Require(
                $"{cell.Clear()}{cell.FirstLine}{cell.Language}{cell.HasTag("x")}".Length > 0,
                "cells can be shown"
            );
        notebook.Save(_again);
        var first = File.ReadAllBytes(_again);
        var again = Again(() => NotebookFile.Read(_again));
        Require(
            notebook.Cells.Select(cell => cell.Source).SequenceEqual(again.Cells.Select(cell => cell.Source)),
            "a notebook that is saved and read has the same cells"
        );
        again.Save(_again);
        Require(
            first.AsSpan().SequenceEqual(File.ReadAllBytes(_again)),
            "a notebook that is saved, read and saved again gives the same bytes"
        );
    }
}
