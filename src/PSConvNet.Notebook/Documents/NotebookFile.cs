using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>
/// A notebook file (.ipynb, nbformat 4). All that is not understood is kept. It is written as format 4.5, whose cells have ids.
/// </summary>
internal sealed class NotebookFile
{
    private const int Format = 4;
    private const int FormatMinor = 5;
    private readonly JsonObject _json;
    private readonly List<NotebookCell> _cells;

    private NotebookFile(JsonObject json, List<NotebookCell> cells)
    {
        _json = json;
        _cells = cells;
    }

    /// <summary>The cells in their order.</summary>
    public IReadOnlyList<NotebookCell> Cells => _cells;

    /// <summary>The notebook's metadata.</summary>
    public JsonObject Metadata => (JsonObject)_json["metadata"]!;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ConvNetException"><c>NotebookNotFound</c>, <c>FileNotReadable</c>, <c>NotebookInvalid</c>.</exception>
    public static NotebookFile Read(string path)
    {
        byte[] bytes;
        try
        {
            RegularFile.RequireToRead(path);
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConvNetException(
                ErrorIds.NotebookNotFound,
                ErrorKind.NotFound,
                $"There is no notebook {path}; check the path.",
                path,
                e
            );
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.NotReadable(path, e);
        }
        return Parse(bytes, path);
    }

    /// <summary>Reads a notebook's bytes.</summary>
    /// <param name="bytes">The file's contents.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="ConvNetException"><c>NotebookInvalid</c>.</exception>
    public static NotebookFile Parse(byte[] bytes, string path)
    {
        JsonObject json;
        try
        {
            json = NotebookJson.Parse(bytes);
        }
        catch (JsonException e)
        {
            throw NotebookFault.Invalid(path, $"it is not JSON ({e.Message.TrimEnd('.')})", e);
        }
        var format = Number(json, "nbformat") ?? throw NotebookFault.Invalid(path, "it names no format (nbformat)");
        if (format != Format)
            throw NotebookFault.Invalid(path, $"it is of format {format}; open it in Jupyter and save it");
        if (json["cells"] is not JsonArray list)
            throw NotebookFault.Invalid(path, "it has no list of cells");
        if (json["metadata"] is not JsonObject)
            json["metadata"] = new JsonObject();
        var cells = new List<NotebookCell>(list.Count);
        foreach (var item in list)
        {
            var number = cells.Count + 1;
            if (item is not JsonObject cell || WireMessage.Text(cell, "cell_type") is null)
                throw NotebookFault.Invalid(path, $"cell {number} has no type");
            if (NotebookText.Read(cell["source"]) is null)
                throw NotebookFault.Invalid(path, $"cell {number} has no text (source)");
            cells.Add(new NotebookCell(cell, number));
        }
        return new(json, cells);
    }

    /// <summary>Puts a cell at an index.</summary>
    public void Insert(int index, NotebookCell cell)
    {
        ((JsonArray)_json["cells"]!).Insert(index, cell.Json);
        _cells.Insert(index, cell);
        Count();
    }

    /// <summary>Takes a cell away.</summary>
    public void Remove(NotebookCell cell)
    {
        ((JsonArray)_json["cells"]!).Remove(cell.Json);
        _cells.Remove(cell);
        Count();
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public void Save(string path)
    {
        if ((Number(_json, "nbformat_minor") ?? 0) < FormatMinor)
            _json["nbformat_minor"] = FormatMinor;
        AddIds();
        WholeFile.Write(path, stream => NotebookJson.Write(stream, _json));
    }

    /// <summary>Ids from what the cells hold: a notebook that is run twice has the same ones.</summary>
    private void AddIds()
    {
        var ids = new CellIds(_cells.Select(cell => WireMessage.Text(cell.Json, "id")).OfType<string>());
        foreach (var cell in _cells.Where(cell => WireMessage.Text(cell.Json, "id") is null))
            cell.Json["id"] = ids.Next(cell.Source);
    }

    private void Count()
    {
        for (var i = 0; i < _cells.Count; i++)
            _cells[i].Number = i + 1;
    }

    private static int? Number(JsonObject json, string field) =>
        json[field] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;
}
