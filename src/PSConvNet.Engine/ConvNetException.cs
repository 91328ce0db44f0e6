namespace PSConvNet;

/// <summary>What went wrong, in the terms a caller can act on; the module maps each to a PowerShell error category.</summary>
public enum ErrorKind
{
    /// <summary>A setting is out of its range, or two settings exclude each other.</summary>
    InvalidArgument,

    /// <summary>A file or an array does not hold what it should.</summary>
    InvalidData,

    /// <summary>A file, a data set or a name does not exist.</summary>
    NotFound,

    /// <summary>Something outside this process is missing: a native library, a device, the network.</summary>
    Unavailable,

    /// <summary>The object is in use by another operation.</summary>
    Busy,

    /// <summary>The arithmetic went wrong: a loss that is not a number.</summary>
    InvalidResult,
}

/// <summary>
/// The one exception type the engine throws on purpose. Its message is one sentence that says what is wrong and what to do;
/// <see cref="ErrorId"/> is stable, so that scripts can catch by it.
/// </summary>
public class ConvNetException : Exception
{
    // Longer than any that is meant, whatever names are in it.
    private const int LongestMessage = 2000;

    /// <summary>Creates the exception.</summary>
    /// <param name="errorId">One of <see cref="ErrorIds"/>.</param>
    /// <param name="kind">The kind of fault.</param>
    /// <param name="message">
    /// What is wrong and what to do about it. Names in it may come from strangers: a sign takes the place of each control character, and a
    /// message that is too long loses its middle.
    /// </param>
    /// <param name="target">The object at fault: a path, a layer, a parameter's value.</param>
    /// <param name="innerException">The cause, with its detail.</param>
    public ConvNetException(
        string errorId,
        ErrorKind kind,
        string message,
        object? target = null,
        Exception? innerException = null
    )
        : base(Printable(message), innerException)
    {
        ErrorId = errorId;
        Kind = kind;
        Target = target;
    }

    /// <summary>Creates the exception with a message whose names come from outside.</summary>
    /// <param name="errorId">One of <see cref="ErrorIds"/>.</param>
    /// <param name="kind">The kind of fault.</param>
    /// <param name="message">What is wrong and what to do about it.</param>
    /// <param name="target">The object at fault: a path, a layer, a parameter's value.</param>
    /// <param name="innerException">The cause, with its detail.</param>
    public ConvNetException(
        string errorId,
        ErrorKind kind,
        MessageText message,
        object? target = null,
        Exception? innerException = null
    )
        : this(errorId, kind, message.ToString(), target, innerException)
    {
        Names = message.Names;
    }

    /// <summary>One of <see cref="ErrorIds"/>, such as <c>DataShapeMismatch</c>.</summary>
    public string ErrorId { get; }

    /// <summary>The kind of fault.</summary>
    public ErrorKind Kind { get; }

    /// <summary>The object at fault, or null.</summary>
    public object? Target { get; }

    /// <summary>The names in the message, of models, layers, files and so on.</summary>
    internal IReadOnlyList<string> Names { get; } = [];

    /// <summary>The error in full, with its causes, as a terminal may be given it.</summary>
    public override string ToString() => PrintableText.Of(base.ToString(), lines: true);

    /// <summary>A message as a terminal may be given it: without control characters, and no longer than anybody reads.</summary>
    public static string Printable(string message) =>
        PrintableText.Cut(PrintableText.Of(message, lines: true), LongestMessage);
}
