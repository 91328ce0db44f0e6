using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Draws a model's network: in the terminal, or as a PNG, SVG, HTML or Mermaid picture.</summary>
/// <seealso cref="GetModelSummaryCommand" />
/// <seealso cref="NewModelCommand" />
/// <remarks>
/// <para>
/// The layers are listed with their settings, the shape after each, and their numbers of parameters. A residual block shows the layers inside and the
/// shortcut around them.
/// </para>
/// <para>
/// Without -Path and -Format it gives a picture: a terminal shows it as text of 80 columns, a notebook as pixels. With -Format it returns a string.
/// With -Path it writes a file and returns it; the extension .png, .svg, .html, .mmd (or .mermaid) or .txt says which
/// format, unless -Format does. An existing file is replaced only with -Force.
/// </para>
/// <para>
/// An SVG file is self-contained and has colours for light and dark pages and a description for screen readers. Mermaid is drawn by GitHub and
/// many editors in a code block named mermaid.
/// </para>
/// <para>
/// Errors (the other models continue): PictureFormatUnknown (neither -Format nor the extension says it), PictureFormatUnsupported (a PNG
/// without -Path), FileExists, PathInvalid (a folder), PathNotFound (no such drive), PathNotOfFileSystem, FileNotWritten,
/// NativeLibraryMissing.
/// </para>
/// </remarks>
/// <example>
/// <para>Shows a network with a residual block at the prompt.</para>
/// <code>New-Model -Preset DeepConv | Show-Model</code>
/// </example>
/// <example>
/// <para>Writes a picture of each of two networks, named after them.</para>
/// <code>$conv, $dense = (New-Model -Preset TutorialConv -Name conv), (New-Model -Preset TutorialDense -Name dense)
/// $conv, $dense | Show-Model -Path { "$($_.Name).svg" }</code>
/// </example>
/// <example>
/// <para>Gives text to paste into a Markdown page.</para>
/// <code>Show-Model $conv -Format Mermaid</code>
/// </example>
[Cmdlet(VerbsCommon.Show, "Model", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Show-Model.md")]
[OutputType(typeof(ModelDiagram))]
[OutputType(typeof(string))]
[OutputType(typeof(FileInfo))]
public sealed class ShowModelCommand : ShowCommand
{
    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [ModelTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model Model { get; set; } = null!;

    /// <summary>Text, Svg, Png, Html or Mermaid, whatever the extension of -Path is. Default: the format of the extension.</summary>
    [Parameter]
    [ReadAs<PictureFormat?>]
    public PictureFormat? Format { get; set; }

    /// <summary>
    /// The file to write; for several models from the pipeline, a script block: { "$($_.Name).svg" }. Without it the diagram is returned. Default:
    /// none.
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public override string? Path { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        try
        {
            Show(new ModelDiagram(Model), Format);
        }
        catch (ConvNetException e)
        {
            WriteError(e, Path ?? (object)Model);
        }
    }
}
