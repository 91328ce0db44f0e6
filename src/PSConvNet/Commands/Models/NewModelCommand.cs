using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Makes a model of the layers that come down the pipeline.</summary>
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
/// <para>A list of layers can be kept and built more than once.</para>
/// <code>$layers = New-FlattenLayer | New-DenseLayer 64 -Activation ReLU | New-DenseLayer 10 -Activation Softmax
/// $first = $layers | New-Model -Name first -InputShape 28,28,1
/// $second = $layers | New-Model -Name second -InputShape 28,28,1 -Seed 2</code>
/// </example>
[Cmdlet(VerbsCommon.New, "Model")]
[OutputType(typeof(Model))]
public sealed class NewModelCommand : ConvNetCmdlet
{
    private readonly List<LayerSpec> _layers = [];

    /// <summary>The layers, first to last.</summary>
    [Parameter(ValueFromPipeline = true)]
    public LayerSpec? InputObject { get; set; }

    /// <summary>The shape of one sample: height, width, channels (28,28,1), or one number for vectors.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public int[] InputShape { get; set; } = [];

    /// <summary>The model's name, by which comparisons and errors call it. Default: model.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "model";

    /// <summary>Names the initial weights: equal seeds give equal ones. Default: 1.</summary>
    [Parameter]
    public long Seed { get; set; } = 1;

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
            var model = new Model(_layers, new Shape(InputShape), Name, Seed);
            foreach (var warning in model.Warnings)
                WriteWarning(warning);
            WriteObject(model);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, Name);
        }
    }
}
