namespace PSConvNet;

/// <summary>A notebook kernel as Jupyter's frontends find it.</summary>
/// <param name="Name">What frontends call it by.</param>
/// <param name="DisplayName">What people choose it by.</param>
/// <param name="Program">The program that runs cells: a pwsh.</param>
/// <param name="Path">The folder of its files.</param>
public sealed record NotebookKernel(string Name, string DisplayName, string Program, string Path)
{
    /// <summary>The name that people see, as a terminal may be given it.</summary>
    public string DisplayName { get; init; } = PrintableText.Of(DisplayName);

    /// <summary>The program's path, as a terminal may be given it.</summary>
    public string Program { get; init; } = PrintableText.Of(Program);

    /// <summary>The folder's path, as a terminal may be given it.</summary>
    public string Path { get; init; } = PrintableText.Of(Path);
}
