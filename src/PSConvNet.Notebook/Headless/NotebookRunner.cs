using System.Collections;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>Runs a notebook from its first cell to its last, in a session of its own.</summary>
internal sealed class NotebookRunner
{
    private readonly string _path;
    private readonly NotebookFile _notebook;
    private readonly Dictionary<string, JsonObject> _displays = [];
    private ParameterCell? _parameters;

    private NotebookRunner(string path, NotebookFile notebook)
    {
        _path = path;
        _notebook = notebook;
    }

    /// <summary>Called before each cell, with its place among those to be run, and their number.</summary>
    public Action<NotebookCell, int, int>? Beginning { get; set; }

    /// <summary>Reads a notebook and makes sure that all of it can be run.</summary>
    /// <exception cref="ConvNetException">
    /// <c>NotebookNotFound</c>, <c>FileNotReadable</c>, <c>NotebookInvalid</c>, <c>NotebookLanguageUnsupported</c>.
    /// </exception>
    public static NotebookRunner Open(string path)
    {
        var notebook = NotebookFile.Read(path);
        CellLanguage.Check(notebook, path);
        return new(path, notebook);
    }

    /// <summary>Gives the notebook parameters.</summary>
    /// <param name="parameters">Names and values.</param>
    /// <param name="unknown">Called with each name that the cell tagged <c>parameters</c> does not set.</param>
    /// <exception cref="ConvNetException"><c>ParameterNameInvalid</c>.</exception>
    public void SetParameters(IDictionary parameters, Action<string> unknown) =>
        _parameters = ParameterCell.Inject(_notebook, parameters, unknown);

    /// <summary>Runs all code cells; the first that fails ends it, with the outputs so far saved.</summary>
    /// <param name="outputPath">Where the notebook with its outputs goes; null writes nothing.</param>
    /// <param name="stop">Stops the running cell.</param>
    /// <exception cref="ConvNetException"><c>NotebookCellFailed</c>, <c>FileNotWritten</c>.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; the outputs so far are saved.</exception>
    public NotebookRun Run(string? outputPath, CancellationToken stop)
    {
        // All at once: an output that is there afterwards is of this run.
        var cells = _notebook.Cells.Where(cell => cell.IsCode).ToList();
        var outputs = cells.ToDictionary(cell => cell, cell => cell.Clear());
        using var session = CellRunner.Open(Path.GetDirectoryName(_path) is { Length: > 0 } folder ? folder : ".");
        using var saver = new NotebookSaver(_notebook, outputPath);
        // Before anything is run: a path that can't be written to should not cost an hour's training.
        saver.Save();
        var given = new List<object?>();
        var clock = Stopwatch.StartNew();
        var done = 0;
        using (stop.Register(() => session.Stop()))
        {
            foreach (var cell in cells)
            {
                stop.ThrowIfCancellationRequested();
                Beginning?.Invoke(cell, done, cells.Count);
                given.Clear();
                // Not before: the cell tagged parameters would set them to its own.
                if (cell == _parameters?.Cell)
                    _parameters.SetValues(session);
                var outcome = Run(session, cell, outputs[cell], ++done, saver.Gate, given);
                if (outcome.Error is not null || outcome.ExitCode is not null)
                    saver.Save();
                stop.ThrowIfCancellationRequested();
                if (outcome.Error is { } error)
                    throw Failed(cell, error, outputPath);
                if (outcome.ExitCode is not null)
                    break;
            }
        }
        saver.Save();
        return new NotebookRun(_path, outputPath, done, clock.Elapsed.TotalSeconds, given.ToArray());
    }

    private CellOutcome Run(
        CellRunner session,
        NotebookCell cell,
        JsonArray outputs,
        int count,
        object gate,
        List<object?> given
    )
    {
        lock (gate)
            cell.Json["execution_count"] = count;
        return session.Run(
            cell.Source,
            new CellOutputs(outputs, _displays, count, gate),
            new NoInput("give the value as a parameter, or run the notebook in Jupyter"),
            remember: true,
            observer: given.Add
        );
    }

    private ConvNetException Failed(NotebookCell cell, CellError error, string? outputPath)
    {
        var place = error.Line is { } line ? $" at line {line}, column {error.Column}" : "";
        var saved = outputPath is null ? "" : $" Its output so far is in {outputPath}.";
        return new ConvNetException(
            ErrorIds.NotebookCellFailed,
            ErrorKind.InvalidResult,
            $"Cell {cell.Number} of {_path} (\"{cell.FirstLine}\") failed{place}: {error.Message.TrimEnd():lines}{saved:text}",
            _path,
            error.Record?.Exception
        );
    }
}
