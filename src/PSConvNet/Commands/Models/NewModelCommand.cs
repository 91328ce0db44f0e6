using System.Management.Automation;
using PSConvNet.Completion;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Creates a model from the layers in the pipeline.</summary>
/// <seealso cref="GetModelSummaryCommand" />
/// <seealso cref="ShowModelCommand" />
/// <seealso cref="InvokeTrainingCommand" />
/// <remarks>
/// <para>
/// Works out the shape after every layer, refuses a network that can't work (the error names the layer, the shape it got and what
/// to do), and draws the initial weights. Equal layers and equal seeds give equal models.
/// </para>
/// <para>
/// Errors: ModelEmpty, LayerShapeMismatch, LayerSettingInvalid, LayerNameDuplicate, ShapeInvalid. A softmax before the last layer
/// is a warning.
/// </para>
/// </remarks>
/// <example>
/// <para>The tutorial's convolutional network.</para>
/// <code>New-ConvLayer 32 -Activation ReLU | New-ConvLayer 64 -Activation ReLU | New-MaxPoolLayer 2 | New-DropoutLayer 0.25 | New-FlattenLayer | New-DenseLayer 128 -Activation ReLU | New-DropoutLayer 0.5 | New-DenseLayer 10 -Activation Softmax | New-Model -Name conv -InputShape 28,28,1</code>
/// </example>
/// <example>
/// <para>Keeps a list of layers and builds it more than once.</para>
/// <code>$layers = New-FlattenLayer | New-DenseLayer 64 -Activation ReLU | New-DenseLayer 10 -Activation Softmax
/// $first = $layers | New-Model -Name first -InputShape 28,28,1
/// $second = $layers | New-Model -Name second -InputShape 28,28,1 -Seed 2</code>
/// </example>
/// <example>
/// <para>Makes a small, quick network from a preset.</para>
/// <code>$fast = New-Model -Preset FastConv -Name fast
/// $fast | Get-ModelSummary</code>
/// </example>
[Cmdlet(VerbsCommon.New, "Model", DefaultParameterSetName = LayersSet, HelpUri = HelpPages.Address + "New-Model.md")]
[OutputType(typeof(Model))]
public sealed class NewModelCommand : ConvNetCmdlet
{
    private const string LayersSet = "Layers";
    private const string PresetSet = "Preset";
    private readonly List<LayerSpec> _layers = [];

    /// <summary>The layers, first to last.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = LayersSet)]
    [LayerTransform]
    [ArgumentCompleter(typeof(VariableCompleter<LayerSpec>))]
    public LayerSpec? InputObject { get; set; }

    /// <summary>
    /// A predefined network. TutorialConv and TutorialDense: the two networks of the tutorial. FastConv: a small network that is the fastest to reach 99 % on
    /// the digits. DeepConv: six convolutions with batch normalisation and a residual block.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = PresetSet)]
    [ReadAs<ModelPreset>]
    public ModelPreset Preset { get; set; }

    /// <summary>The number of units in a preset's last layer, one per class. Default: 10.</summary>
    [Parameter(ParameterSetName = PresetSet)]
    [ReadAs<int>(Least = 1)]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int Classes { get; set; } = ModelPresets.DefaultClasses;

    /// <summary>
    /// The shape of one sample: height, width, channels (28,28,1), or one number for vectors. With -Preset it may be left out. Default: 28,28,1.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = LayersSet)]
    [Parameter(Position = 0, ParameterSetName = PresetSet)]
    [ReadAs<int[]>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public int[] InputShape { get; set; } = [28, 28, 1];

    /// <summary>The model's name in comparisons and errors. Default: model, or the preset's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public string? Name { get; set; }

    /// <summary>The seed for the initial weights: equal seeds give equal weights. Default: 1.</summary>
    [Parameter]
    [ReadAs<long>]
    [ArgumentCompleter(typeof(NothingCompleter))]
    public long Seed { get; set; } = Model.DefaultSeed;

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        if (InputObject is not null)
            _layers.Add(InputObject);
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        try
        {
            var preset = ParameterSetName == PresetSet;
            var layers = preset ? ModelPresets.Layers(Preset, Classes) : _layers;
            var model = new Model(
                layers,
                new Shape(InputShape),
                Name ?? (preset ? $"{Preset}" : Model.DefaultName),
                Seed
            );
            foreach (var warning in model.Warnings)
                WriteWarning(warning);
            WriteObject(model);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Name ?? Model.DefaultName);
        }
    }
}
