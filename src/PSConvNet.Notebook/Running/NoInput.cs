namespace PSConvNet.Notebook;

/// <summary>Nobody to ask.</summary>
/// <param name="remedy">What to do about it.</param>
internal sealed class NoInput(string remedy) : ICellInput
{
    /// <inheritdoc />
    public string Ask(string prompt, bool secret, CancellationToken stop) =>
        throw new ConvNetException(
            ErrorIds.InputUnavailable,
            ErrorKind.Unavailable,
            $"The cell asks \"{prompt.Trim()}\", and nobody can answer here; {remedy:text}."
        );
}
