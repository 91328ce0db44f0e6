namespace PSConvNet.Notebook;

/// <summary>Shows things beside each other, and replaces them.</summary>
internal interface IDisplays
{
    /// <summary>An output of its own; with an id it can be replaced later.</summary>
    void Display(MimeBundle data, string? displayId = null);

    /// <summary>Replaces what was displayed under an id.</summary>
    void Update(string displayId, MimeBundle data);
}

/// <summary>Takes what a cell gives, as it comes. Calls come one at a time, from any thread.</summary>
internal interface ICellOutput : IDisplays
{
    /// <summary>Text of standard output, or of standard error.</summary>
    void Stream(bool isError, string text);

    /// <summary>The value of a cell that is one expression.</summary>
    void Result(MimeBundle data);

    /// <summary>What ended the cell.</summary>
    void Error(CellError error);

    /// <summary>Takes away all outputs so far.</summary>
    void Clear(bool wait);

    /// <summary>A text to be read beside the notebook, such as help.</summary>
    void Page(string text);
}

/// <summary>Asks the notebook's user.</summary>
internal interface ICellInput
{
    /// <summary>Asks, and waits for one line.</summary>
    /// <param name="prompt">The question.</param>
    /// <param name="secret">Whether the answer is not to be shown.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    /// <exception cref="ConvNetException"><c>InputUnavailable</c>: there is nobody to ask.</exception>
    string Ask(string prompt, bool secret, CancellationToken stop);
}
