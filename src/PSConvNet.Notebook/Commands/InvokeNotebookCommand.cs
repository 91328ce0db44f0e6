using System.Collections;
using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Notebook;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Runs a notebook's cells, without Jupyter, and saves it with its outputs.</summary>
/// <remarks>
/// <para>
/// The cells run one after another in a session of their own, with this module imported, in the notebook's folder. The run ends at the first cell
/// that fails: with a terminating error, with text that can't be parsed, or with an exit code other than 0. Non-terminating errors are outputs like
/// any other. The notebook is saved once a second while it runs, and at the end, however it ends.
/// </para>
/// <para>
/// Parameters become variables: a cell that sets them, tagged injected-parameters, is put after the cell tagged parameters. It replaces an earlier
/// one, and comes first if no cell has the tag. The output of the last code cell is in the result's Output, as objects, so a notebook can be one run
/// in a search over settings.
/// </para>
/// <para>
/// Notebooks are .ipynb files of format 4, with PowerShell in their code cells, those of Polyglot Notebooks included. Cells of other
/// languages are refused before anything is run.
/// </para>
/// <para>
/// Errors: NotebookCellFailed (it names the cell and the place in it), NotebookNotFound, NotebookInvalid, NotebookLanguageUnsupported,
/// ParameterNameInvalid, FileExists (give -Force to replace it), FileNotReadable, FileNotWritten, PathNotFound, PathInvalid, PathNotOfFileSystem.
/// </para>
/// </remarks>
/// <example>
/// <para>Creates a notebook, runs it with one epoch instead of its own number, and shows what it returns.</para>
/// <code>$parameters = '{ "cell_type": "code", "metadata": { "tags": ["parameters"] }, "source": "$epochs = 12", "outputs": [] }'
/// $last = '{ "cell_type": "code", "metadata": {}, "source": "\"trained for $epochs epochs\"", "outputs": [] }'
/// $notebook = '{ "nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [' + "$parameters, $last" + '] }'
/// [System.IO.File]::WriteAllText("$PWD/train.ipynb", $notebook)
/// $run = Invoke-Notebook train.ipynb -OutputPath trained.ipynb -Parameter @{ epochs = 1 } -Force
/// $run.Output</code>
/// </example>
/// <example>
/// <para>Runs the same notebook with three settings, without writing files, and shows the result of each.</para>
/// <code>1, 2, 3 | ForEach-Object { (Invoke-Notebook train.ipynb -Parameter @{ epochs = $_ }).Output }</code>
/// </example>
/// <seealso cref="RegisterNotebookKernelCommand" />
[Cmdlet(
    VerbsLifecycle.Invoke,
    "Notebook",
    SupportsShouldProcess = true,
    DefaultParameterSetName = PathSet,
    HelpUri = HelpPages.Address + "Invoke-Notebook.md"
)]
[OutputType(typeof(NotebookRun))]
public sealed class InvokeNotebookCommand : LongCommand
{
    private const string PathSet = "Path";
    private const string LiteralSet = "LiteralPath";

    /// <summary>The notebook; a wildcard that means one is resolved.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>(IsPath = true)]
    public string Path { get; set; } = "";

    /// <summary>The notebook, under a name that is taken literally; files from Get-ChildItem come in through the pipeline.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralSet)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string LiteralPath { get; set; } = "";

    /// <summary>The file for the notebook with its outputs; with -Force it can be the notebook itself. Default: nowhere.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string? OutputPath { get; set; }

    /// <summary>Variables for the notebook, by name: @{ epochs = 2 }. Values keep their types. Default: none.</summary>
    [Parameter]
    [ValidateNotNull]
    [ReadAs<IDictionary>(IsOptional = true)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public IDictionary? Parameter { get; set; }

    /// <summary>Replaces a file at -OutputPath.</summary>
    [Parameter]
    [Needs(nameof(OutputPath))]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        try
        {
            var path = this.One(GivenPath, IsLiteral);
            var output = OutputPath is null ? null : this.TargetFile(OutputPath);
            if (output is not null)
                FilePaths.RequireFree(output, Force);
            var runner = NotebookRunner.Open(path);
            if (Parameter is not null)
                runner.SetParameters(Parameter, WarnOf);
            if (!ShouldProcess(path, output is null ? "Run the notebook" : $"Run the notebook and write {output}"))
                return;
            runner.Beginning = Report;
            var run = runner.Run(output, StopToken);
            Progress.Complete();
            WriteObject(run);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, GivenPath);
        }
    }

    private bool IsLiteral => ParameterSetName == LiteralSet;

    private string GivenPath => IsLiteral ? LiteralPath : Path;

    private void WarnOf(string name) =>
        WriteWarning($"The notebook's cell tagged parameters does not set ${name}; check the name.");

    private void Report(NotebookCell cell, int done, int cells) =>
        Progress.Show(
            $"Running {System.IO.Path.GetFileName(GivenPath)}",
            $"cell {done + 1} of {cells}: {cell.FirstLine}",
            (double)done / cells
        );
}
