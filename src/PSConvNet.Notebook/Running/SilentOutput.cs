namespace PSConvNet.Notebook;

/// <summary>Takes outputs and shows nothing.</summary>
internal sealed class SilentOutput : ICellOutput
{
    /// <inheritdoc />
    public void Stream(bool isError, string text) { }

    /// <inheritdoc />
    public void Display(MimeBundle data, string? displayId) { }

    /// <inheritdoc />
    public void Update(string displayId, MimeBundle data) { }

    /// <inheritdoc />
    public void Result(MimeBundle data) { }

    /// <inheritdoc />
    public void Error(CellError error) { }

    /// <inheritdoc />
    public void Clear(bool wait) { }

    /// <inheritdoc />
    public void Page(string text) { }
}
