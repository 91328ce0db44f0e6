using System.Management.Automation;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>A cmdlet that makes pictures: returns them to be shown, or writes them to files.</summary>
public abstract class ShowCommand : LongCommand
{
    private readonly HashSet<string> _written = new(
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase
    );

    /// <summary>
    /// The file to write; its extension determines the format: .png, .svg, .html or .txt. Without it the picture is returned, and shown by the
    /// terminal or the notebook. Several inputs need different files, which a script block can name. Default: none.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public virtual string? Path { get; set; }

    /// <summary>Replaces an existing file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gives the picture, or writes it where <see cref="Path"/> says and gives the file.</summary>
    /// <exception cref="ConvNetException">It can't be written there.</exception>
    private protected void Show(Picture picture, PictureFormat? format = null)
    {
        if (Path is null)
        {
            if (Force)
                throw NotApplicable(nameof(Force), "for a file that -Path names");
            if (format is { } text)
                WriteObject(picture.ToString(text));
            else
                WriteObject(picture);
            return;
        }
        format ??= picture.FormatOf(Path);
        var file = Resolve(Path);
        if (!ShouldProcess(file, $"Write {picture.Title}"))
            return;
        picture.Save(file, format);
        _written.Add(file);
        this.WriteFile(file);
    }

    /// <summary>The file's full path, where it can be written.</summary>
    private string Resolve(string path)
    {
        var file = this.TargetFile(path);
        // Not even with -Force: the second of two pictures would take the place of the first.
        if (_written.Contains(file))
        {
            throw FilePaths.Exists(
                file,
                $"{file} has just been written for another input; give each its own file: -Path {{ \"$($_.Name).svg\" }}."
            );
        }
        FilePaths.RequireFree(file, Force);
        return file;
    }
}
