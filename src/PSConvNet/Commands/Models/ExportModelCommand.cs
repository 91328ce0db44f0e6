using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Saves a model to a file.</summary>
/// <seealso cref="ImportModelCommand" />
/// <remarks>
/// <para>
/// By default the file has everything: layers, weights, class names, how the model was trained and how that went. Import-Model reads it. With -Format
/// Safetensors the file has only the weights, with the names and layouts of PyTorch. With -Format Onnx it has a network that ONNX Runtime and other
/// programs run (operator set 17), from pixels divided by 255 to probabilities. Without -Format the file extension decides: .psconvnet is a model,
/// .safetensors weights, .onnx a network; others are refused.
/// </para>
/// <para>
/// A file is written completely or not at all: a crash leaves the previous file unchanged. Equal models give equal bytes. If -Path is a folder, the
/// file in it is named after the model. With -Force a link stays a link and a file keeps its permissions; pipes and devices are never replaced.
/// A model with weights that aren't finite is exported, and a warning names their parameters.
/// </para>
/// <para>
/// Errors: FileExists (give -Force to replace it; or it was just written for another model), FileNotWritten (the disk is full, or the folder can't be written to), ModelBusy,
/// ExportUnsupported, ModelFormatUnknown (the file's extension says nothing), ModelFormatContradicted (it says another format than -Format), PathInvalid (a pattern), PathNotFound, PathNotOfFileSystem.
/// </para>
/// </remarks>
/// <example>
/// <para>Saves a network and reads it back.</para>
/// <code>$model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear
/// $model | Export-Model linear.psconvnet -Force
/// Import-Model linear.psconvnet</code>
/// </example>
/// <example>
/// <para>Saves weights for a Python program, which torch.nn.Module.load_state_dict can load, and a network for ONNX Runtime.</para>
/// <code>New-Model -Preset FastConv -Name fast | ForEach-Object { $_ | Export-Model fast.safetensors -Force; $_ | Export-Model fast.onnx -Force }</code>
/// </example>
[Cmdlet(
    VerbsData.Export,
    "Model",
    SupportsShouldProcess = true,
    DefaultParameterSetName = PipelineSet,
    HelpUri = HelpPages.Address + "Export-Model.md"
)]
[OutputType(typeof(FileInfo))]
public sealed class ExportModelCommand : ConvNetCmdlet
{
    private const string PipelineSet = "Pipeline";
    private const string ModelSet = "Model";

    private readonly HashSet<string> _written = new(
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase
    );

    /// <summary>The model, or the training run whose model it is.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ModelSet)]
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PipelineSet)]
    [ModelTransform]
    [ArgumentCompleter(typeof(VariableCompleter<Model>))]
    public Model Model { get; set; } = null!;

    /// <summary>
    /// The path of the file, or a folder for a file named after the model. Several models need different files, which a script block can name: -Path
    /// { "$($_.Name).psconvnet" }.
    /// </summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ModelSet)]
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = PipelineSet)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string Path { get; set; } = "";

    /// <summary>
    /// Model: the whole model. Safetensors: its weights alone. Onnx: the network for other programs. Needed only if the file's extension names no format; an extension that names another format is refused. Default: the format of the file's extension.
    /// </summary>
    [Parameter]
    [ReadAs<ModelFormat?>]
    public ModelFormat? Format { get; set; }

    /// <summary>Replaces an existing file.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        try
        {
            var path = File();
            var format = FormatOf(path);
            RequireOwn(path);
            FilePaths.RequireFree(path, Force);
            if (!ShouldProcess(path, $"Export {Model.Name} ({format})"))
                return;
            Write(format, path);
            if (UsableWeights.Warning(Model) is { } warning)
                WriteWarning(warning);
            _written.Add(path);
            this.WriteFile(path);
        }
        catch (ConvNetException e)
        {
            WriteError(e, Path);
        }
    }

    /// <summary>Not even with -Force: the second of two models would take the place of the first.</summary>
    private void RequireOwn(string path)
    {
        if (_written.Contains(path))
        {
            throw FilePaths.Exists(
                path,
                $"{path} has just been written for another model; give each its own file: -Path {{ \"$($_.Name){ExtensionOf(Format)}\" }}."
            );
        }
    }

    /// <summary>What to write: as the ending says, or -Format where the ending says nothing. Both must not contradict each other.</summary>
    private ModelFormat FormatOf(string path)
    {
        var ending = System.IO.Path.GetExtension(path);
        ModelFormat? said = ending.ToUpperInvariant() switch
        {
            ".SAFETENSORS" => ModelFormat.Safetensors,
            ".ONNX" => ModelFormat.Onnx,
            ".PSCONVNET" => ModelFormat.Model,
            _ => null,
        };
        if (said is { } one && Format is { } other && one != other)
        {
            throw new ConvNetException(
                ErrorIds.ModelFormatContradicted,
                ErrorKind.InvalidArgument,
                $"{path} ends in {ending}, which is -Format {one}, and -Format is {other}; leave -Format out, or give a name that ends in {ExtensionOf(other)}.",
                path
            );
        }
        return Format
            ?? said
            ?? throw new ConvNetException(
                ErrorIds.ModelFormatUnknown,
                ErrorKind.InvalidArgument,
                $"The extension of {path} doesn't say what to write; use .psconvnet for the whole model, .safetensors for its weights or .onnx for a network that other programs run, or give -Format.",
                path
            );
    }

    private static string ExtensionOf(ModelFormat? format) =>
        format switch
        {
            ModelFormat.Safetensors => WeightsFile.Extension,
            ModelFormat.Onnx => OnnxFile.Extension,
            _ => ModelFile.Extension,
        };

    private string File()
    {
        FilePaths.RequireNoPattern(Path);
        var target = this.Target(Path);
        if (!Directory.Exists(target))
            return target;
        var name = string.Concat(
            Model.Name.Select(c => System.IO.Path.GetInvalidFileNameChars().Contains(c) ? '_' : c)
        );
        return System.IO.Path.Combine(target, name + ExtensionOf(Format));
    }

    private void Write(ModelFormat format, string path)
    {
        switch (format)
        {
            case ModelFormat.Safetensors:
                WeightsFile.Save(Model, path);
                break;
            case ModelFormat.Onnx:
                OnnxFile.Save(Model, path);
                break;
            default:
                ModelFile.Save(Model, path);
                break;
        }
    }
}
