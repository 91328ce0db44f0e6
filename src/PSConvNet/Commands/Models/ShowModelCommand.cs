using System.Management.Automation;
using System.Text;
using Microsoft.PowerShell.Commands;

namespace PSConvNet.Commands;

/// <summary>Draws a model's network: as text, as an SVG picture, or as a Mermaid flowchart.</summary>
/// <remarks>
/// <para>
/// The layers stand below each other with their settings, the shape after each, and their numbers of parameters. A residual block
/// shows the layers within and the way around them.
/// </para>
/// <para>
/// Without -Path it gives the diagram as one string. With -Path it writes a file in UTF-8 and gives the file; the ending .svg, .mmd
/// (or .mermaid) or .txt says which format, unless -Format does. A file that exists is left alone without -Force.
/// </para>
/// <para>
/// Text fits a terminal of 80 columns. SVG needs nothing but itself, has colours for light and dark, and a description for screen
/// readers. Mermaid is drawn by GitHub and many editors in a code block named mermaid.
/// </para>
/// <para>
/// Errors (the other models go on): DiagramFormatUnknown (neither -Format nor the ending says it), FileExists, FolderNotFound,
/// PathInvalid (no path of a file), FileNotWritten.
/// </para>
/// </remarks>
/// <example>
/// <para>A network with a residual block, at the prompt.</para>
/// <code>New-Model -Preset DeepConv | Show-Model</code>
/// </example>
/// <example>
/// <para>A picture of each of two networks, named after them.</para>
/// <code>$conv, $dense = (New-Model -Preset TutorialConv -Name conv), (New-Model -Preset TutorialDense -Name dense)
/// $conv, $dense | Show-Model -Path { "$($_.Name).svg" }</code>
/// </example>
/// <example>
/// <para>Text to paste into a Markdown page.</para>
/// <code>Show-Model $conv -Format Mermaid</code>
/// </example>
[Cmdlet(VerbsCommon.Show, "Model", SupportsShouldProcess = true)]
[OutputType(typeof(string))]
[OutputType(typeof(FileInfo))]
public sealed class ShowModelCommand : ConvNetCmdlet
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly HashSet<string> _written = new(
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase
    );

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public Model Model { get; set; } = null!;

    /// <summary>Text, Svg or Mermaid. Default: what the ending of -Path says, or Text without -Path.</summary>
    [Parameter]
    public DiagramFormat? Format { get; set; }

    /// <summary>
    /// The file to write; for each of several models from the pipeline a script block: { "$($_.Name).svg" }. Without it the diagram is
    /// given as a string. Default: none.
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Writes over a file that exists.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (Path is null)
        {
            WriteObject(new ModelDiagram(Model).ToString(Format ?? DiagramFormat.Text));
            return;
        }
        try
        {
            var format = Format ?? FormatOf(Path);
            var path = Resolve(Path);
            if (ShouldProcess(path, $"Write a diagram of {Model.Name}"))
                WriteObject(Write(path, new ModelDiagram(Model).ToString(format) + "\n"));
        }
        catch (ConvNetException e)
        {
            WriteError(e, Path);
        }
    }

    private static DiagramFormat FormatOf(string path) =>
        System.IO.Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".SVG" => DiagramFormat.Svg,
            ".MMD" or ".MERMAID" => DiagramFormat.Mermaid,
            ".TXT" => DiagramFormat.Text,
            _ => throw new ConvNetException(
                "DiagramFormatUnknown",
                ErrorKind.InvalidArgument,
                $"The ending of {path} does not say what to draw; use .svg, .mmd or .txt, or give -Format Svg, Mermaid or Text.",
                path
            ),
        };

    /// <summary>The file's full path, where it can be written.</summary>
    private string Resolve(string path)
    {
        string file;
        try
        {
            file = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            if (provider.ImplementingType != typeof(FileSystemProvider))
                throw Invalid($"{path} is no path of a file; give one in a folder.", path);
        }
        catch (SessionStateException e)
        {
            throw Invalid($"{path} is no path of a file: {e.Message}", path, e);
        }
        if (Directory.Exists(file))
            throw Invalid($"{file} is a folder; give the path of a file in it.", path);
        if (System.IO.Path.GetDirectoryName(file) is { } folder && !Directory.Exists(folder))
        {
            throw new ConvNetException(
                "FolderNotFound",
                ErrorKind.NotFound,
                $"There is no folder {folder} to write {System.IO.Path.GetFileName(file)} into; make it first.",
                path
            );
        }
        // Not even with -Force: the second of two models would take the place of the first.
        if (_written.Contains(file))
        {
            throw Exists(
                $"{file} has just been written for another model; name a file for each: -Path {{ \"$($_.Name).svg\" }}.",
                path
            );
        }
        if (File.Exists(file) && !Force)
            throw Exists($"{file} exists; give -Force to write over it, or another -Path.", path);
        return file;
    }

    private FileInfo Write(string path, string text)
    {
        try
        {
            // CreateNew: what came to be between the check and now is not written over either.
            using var file = new FileStream(path, Force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write);
            file.Write(s_utf8.GetBytes(text));
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new ConvNetException(
                "FileNotWritten",
                ErrorKind.Unavailable,
                $"{path} can't be written: {e.Message}",
                path,
                e
            );
        }
        _written.Add(path);
        return new FileInfo(path);
    }

    private static ConvNetException Invalid(string message, string path, Exception? cause = null) =>
        new("PathInvalid", ErrorKind.InvalidArgument, message, path, cause);

    private static ConvNetException Exists(string message, string path) =>
        new("FileExists", ErrorKind.InvalidArgument, message, path);
}
