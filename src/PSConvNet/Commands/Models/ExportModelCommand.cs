using System.Management.Automation;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Saves a model to a file.</summary>
/// <remarks>
/// <para>
/// By default to one file with everything: layers, weights, class names, how it was trained and how that went. Import-Model reads it.
/// With -Format Safetensors to a file of the weights alone, under the names and in the layouts PyTorch wants; with -Format Onnx to a
/// network that ONNX Runtime and others run (operator set 17), from pixels divided by 255 to probabilities. Without -Format the file's
/// extension decides: .safetensors is weights, .onnx a network, all else a model.
/// </para>
/// <para>
/// A file is written whole or not at all: a crash leaves what was there before. Equal models give equal bytes. A folder as -Path takes
/// a file named after the model.
/// </para>
/// <para>
/// Errors: FileExists (give -Force to replace it), FileNotWritten (the disk is full, or the folder can't be written to), ModelBusy,
/// ExportUnsupported, PathNotFound, PathNotOfFileSystem.
/// </para>
/// </remarks>
/// <example>
/// <para>Saves a network and reads it back.</para>
/// <code>$model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name linear
/// $model | Export-Model linear.psconvnet -Force
/// Import-Model linear.psconvnet</code>
/// </example>
/// <example>
/// <para>Weights for a Python program, which torch.nn.Module.load_state_dict takes as they are, and a network for ONNX Runtime.</para>
/// <code>New-Model -Preset FastConv -Name fast | ForEach-Object { $_ | Export-Model fast.safetensors -Force; $_ | Export-Model fast.onnx -Force }</code>
/// </example>
[Cmdlet(VerbsData.Export, "Model", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportModelCommand : ConvNetCmdlet
{
    /// <summary>The model, or the training run whose model it is.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ModelTransform]
    public Model Model { get; set; } = null!;

    /// <summary>Where the file goes: its path, or a folder that takes a file named after the model.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string Path { get; set; } = "";

    /// <summary>
    /// Model: the whole model. Safetensors: its weights alone. Onnx: the network for other programs; whatever the extension says. Default: by the file's extension.
    /// </summary>
    [Parameter]
    [ReadAs<ModelFormat?>]
    public ModelFormat? Format { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        try
        {
            var path = File();
            var format = Format ?? ByExtension(path);
            FilePaths.RequireFree(path, Force);
            if (!ShouldProcess(path, $"Export {Model.Name} ({format})"))
                return;
            Write(format, path);
            WriteObject(new FileInfo(path));
        }
        catch (ConvNetException e)
        {
            WriteError(e, Path);
        }
    }

    private static ModelFormat ByExtension(string path) =>
        System.IO.Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".SAFETENSORS" => ModelFormat.Safetensors,
            ".ONNX" => ModelFormat.Onnx,
            _ => ModelFormat.Model,
        };

    private static string ExtensionOf(ModelFormat? format) =>
        format switch
        {
            ModelFormat.Safetensors => WeightsFile.Extension,
            ModelFormat.Onnx => OnnxFile.Extension,
            _ => ModelFile.Extension,
        };

    private string File()
    {
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
