using System.Management.Automation;

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
/// Errors (the other models go on): DiagramFormatUnknown (neither -Format nor the ending says it), FileExists, PathInvalid
/// (a folder), PathNotFound (no such drive), PathNotOfFileSystem, FileNotWritten.
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
            if (!ShouldProcess(path, $"Write a diagram of {Model.Name}"))
                return;
            new ModelDiagram(Model).Save(path, format);
            _written.Add(path);
            WriteObject(new FileInfo(path));
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
        var file = this.Target(path);
        if (Directory.Exists(file))
        {
            throw new ConvNetException(
                "PathInvalid",
                ErrorKind.InvalidArgument,
                $"{file} is a folder; give the path of a file in it.",
                path
            );
        }
        // Not even with -Force: the second of two models would take the place of the first.
        if (_written.Contains(file))
        {
            throw FilePaths.Exists(
                file,
                $"{file} has just been written for another model; name a file for each: -Path {{ \"$($_.Name).svg\" }}."
            );
        }
        FilePaths.RequireFree(file, Force);
        return file;
    }
}
