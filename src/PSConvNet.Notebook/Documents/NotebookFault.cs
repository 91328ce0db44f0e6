namespace PSConvNet.Notebook;

/// <summary>The errors of notebook files.</summary>
internal static class NotebookFault
{
    /// <summary><c>NotebookInvalid</c>: the file is no notebook, or not one of format 4.</summary>
    public static ConvNetException Invalid(string file, string problem, Exception? cause = null) =>
        new(
            ErrorIds.NotebookInvalid,
            ErrorKind.InvalidData,
            $"{file} can't be run as a notebook: {problem:text}. Give an .ipynb file of format 4, as Jupyter and VS Code write them.",
            file,
            cause
        );
}
