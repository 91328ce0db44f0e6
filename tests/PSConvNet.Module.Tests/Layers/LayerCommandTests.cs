using System.Globalization;
using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Layers;

/// <summary>What the layer cmdlets have in common: the pipeline, the parameters, the errors, the completions.</summary>
public sealed class LayerCommandTests(SharedSession shared) : IClassFixture<SharedSession>
{
    private readonly PowerShellSession _session = shared.Session;

    /// <summary>A call of every layer cmdlet, with the kind of layer it adds.</summary>
    public static TheoryData<string, string> Cmdlets { get; } =
        new()
        {
            { "New-ConvLayer 8", "Conv" },
            { "New-MaxPoolLayer", "MaxPool" },
            { "New-AveragePoolLayer", "AveragePool" },
            { "New-GlobalPoolLayer", "GlobalPool" },
            { "New-DenseLayer 4", "Dense" },
            { "New-DropoutLayer 0.5", "Dropout" },
            { "New-FlattenLayer", "Flatten" },
            { "New-BatchNormLayer", "BatchNorm" },
            { "New-LayerNormLayer", "LayerNorm" },
            { "New-SeparableConvLayer 8", "SeparableConv" },
            { "New-ActivationLayer ReLU", "Activation" },
            { "New-ResidualBlock { New-ConvLayer 3 }", "Residual" },
        };

    [Fact]
    public void No_layer_cmdlet_is_missing_from_these_tests()
    {
        var exported = _session.Run(
            """
            Get-Command -Module PSConvNet -CommandType Cmdlet |
                Where-Object { $_.ImplementingType.BaseType.FullName -match 'LayerCommand$' } | ForEach-Object Name
            """
        );

        Assert.Equal(
            Cmdlets.Select(row => ((string)row[0]).Split(' ')[0]).Order(StringComparer.Ordinal),
            exported.Output.Select(name => name.ToString()).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Layers_that_come_in_go_on_unchanged_and_the_own_one_follows(string call, string kind)
    {
        var result = _session.Run(
            $$"""
            $before = @(New-ConvLayer 3 -Name first | New-ActivationLayer ReLU -Name second)
            $after = @($before | {{call}} -Name mine)
            $after.Name -join ' '
            $after[-1].Kind
            [object]::ReferenceEquals($before[0], $after[0]) -and [object]::ReferenceEquals($before[1], $after[1])
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(["first second mine", kind, true], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Alone_a_cmdlet_gives_one_layer_without_a_name(string call, string kind)
    {
        var layer = Assert.Single(_session.Run(call).Output);

        Assert.Equal(kind, layer.Properties["Kind"].Value);
        Assert.Null(layer.Properties["Name"].Value);
        Assert.Contains("PSConvNet.Layers.LayerSpec", layer.TypeNames);
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Equal_settings_give_equal_layers(string call, string kind)
    {
        var result = _session.Run($"({call}) -eq ({call}); ({call}) -eq ({call} -Name other)");

        Assert.Equal([kind, true, false], [kind, .. result.Output.Select(o => o.BaseObject)]);
    }

    [Fact]
    public void A_saved_list_can_be_used_again_and_again()
    {
        var result = _session.Run(
            """
            $trunk = New-ConvLayer 4 -Activation ReLU | New-GlobalPoolLayer
            $ten = $trunk | New-DenseLayer 10 | New-Model 8,8,1
            $two = $trunk | New-DenseLayer 2 | New-Model 28,28,1
            $trunk.Count, $ten.Layers.Length, $two.Layers.Length
            $ten.OutputShape.ToString(), $two.OutputShape.ToString()
            [object]::ReferenceEquals($ten.Layers[0], $two.Layers[0])
            """
        );

        Assert.Equal([2, 3, 3, "10", "2", true], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    // What Keras takes where nothing is said, the 3 x 3 window aside.
    [InlineData("New-ConvLayer 8", "Filters=8 KernelSize=3 x 3 Stride=1 x 1 Padding=Valid Dilation=1 x 1 Groups=1")]
    [InlineData("New-ConvLayer 8", "Activation=None UseBias=True Initializer=GlorotUniform L2=0")]
    [InlineData("New-DenseLayer 8", "Units=8 Activation=None UseBias=True Initializer=GlorotUniform L2=0")]
    [InlineData("New-MaxPoolLayer", "PoolSize=2 x 2 Stride=2 x 2 Padding=Valid")]
    [InlineData("New-AveragePoolLayer", "PoolSize=2 x 2 Stride=2 x 2 Padding=Valid")]
    [InlineData("New-GlobalPoolLayer", "Pool=Average")]
    [InlineData("New-BatchNormLayer", "Momentum=0.99 Epsilon=0.001")]
    [InlineData("New-LayerNormLayer", "Epsilon=0.001")]
    [InlineData("New-SeparableConvLayer 8", "Filters=8 KernelSize=3 x 3 Stride=1 x 1 Padding=Valid Dilation=1 x 1")]
    [InlineData("New-SeparableConvLayer 8", "DepthMultiplier=1 Activation=None UseBias=True Initializer=GlorotUniform")]
    [InlineData("New-ActivationLayer ELU", "Activation=ELU Alpha=")]
    // Every parameter.
    [InlineData("New-ConvLayer -Filters 6 -KernelSize 5", "Filters=6 KernelSize=5 x 5")]
    [InlineData("New-ConvLayer 6 7", "KernelSize=7 x 7")]
    [InlineData("New-ConvLayer 6 -KernelSize 5,3 -Stride 2,1 -Dilation 1,2", "KernelSize=5 x 3 Stride=2 x 1")]
    [InlineData("New-ConvLayer 6 -Stride 3 -Dilation 1,2", "Stride=3 x 3 Dilation=1 x 2")]
    [InlineData("New-ConvLayer 6 -Padding Same", "Padding=Same")]
    [InlineData("New-ConvLayer 6 -Padding valid", "Padding=Valid")]
    [InlineData("New-ConvLayer 6 -Padding 2", "Padding=2")]
    [InlineData("New-ConvLayer 6 -Padding 0", "Padding=Valid")]
    [InlineData("New-ConvLayer 6 -Groups 3 -NoBias -L2 1e-4", "Groups=3 UseBias=False L2=0.0001")]
    [InlineData("New-ConvLayer 6 -Activation gelu -Initializer HeNormal", "Activation=GELU Initializer=HeNormal")]
    [InlineData("New-SeparableConvLayer 6 5,3 -Stride 2 -Dilation 1,2", "KernelSize=5 x 3 Stride=2 x 2 Dilation=1 x 2")]
    [InlineData("New-SeparableConvLayer 6 -DepthMultiplier 2 -NoBias -L2 1", "DepthMultiplier=2 UseBias=False L2=1")]
    [InlineData("New-LayerNormLayer -Epsilon 1e-5", "Epsilon=1E-05")]
    [InlineData("New-DenseLayer -Units 6 -Activation Softmax -NoBias", "Units=6 Activation=Softmax UseBias=False")]
    [InlineData("New-DenseLayer 6 -Initializer LeCunUniform -L2 0.01", "Initializer=LeCunUniform L2=0.01")]
    [InlineData("New-MaxPoolLayer 3,2", "PoolSize=3 x 2 Stride=3 x 2")]
    [InlineData("New-MaxPoolLayer -PoolSize 3 -Stride 2,1 -Padding 1", "PoolSize=3 x 3 Stride=2 x 1 Padding=1")]
    [InlineData("New-AveragePoolLayer 4 -Stride 2 -Padding Same", "PoolSize=4 x 4 Stride=2 x 2 Padding=Same")]
    [InlineData("New-GlobalPoolLayer Maximum", "Pool=Maximum")]
    [InlineData("New-DropoutLayer -Rate 0.25", "Rate=0.25")]
    [InlineData("New-DropoutLayer 0", "Rate=0")]
    [InlineData("New-BatchNormLayer -Momentum 0.9 -Epsilon 1e-5", "Momentum=0.9 Epsilon=1E-05")]
    [InlineData("New-ActivationLayer -Activation LeakyReLU -Alpha 0.01", "Activation=LeakyReLU Alpha=0.01")]
    public void Every_parameter_reaches_the_layer(string call, string expected)
    {
        var layer = _session.Run(call).Output.Single();

        // Names are the text before each '='; a value may hold spaces ("3 x 3").
        var names = expected.Split('=').SkipLast(1).Select(part => part.Split(' ')[^1]);
        Assert.Equal(expected, string.Join(' ', names.Select(name => $"{name}={Text(layer, name)}")));
    }

    [Theory]
    [InlineData("New-ConvLayer 0", "-Filters must be from 1 to 1000000, not ")]
    [InlineData("New-ConvLayer -3", "-Filters must be from 1 to 1000000, not ")]
    [InlineData("New-ConvLayer 8 -KernelSize 3,3,3", "-KernelSize takes one number, or height and width, not 3")]
    [InlineData("New-ConvLayer 8 -KernelSize 0", "-KernelSize must be from 1 to ")]
    [InlineData("New-ConvLayer 8 -Stride 1,0", "-Stride must be from 1 to ")]
    [InlineData("New-ConvLayer 8 -Stride 1,1,1", "-Stride takes one number")]
    [InlineData("New-ConvLayer 8 -Dilation 0", "-Dilation must be from 1 to ")]
    [InlineData("New-ConvLayer 8 -Dilation @()", "-Dilation takes one number, or height and width, not 0")]
    [InlineData(
        "New-ConvLayer 8 -Padding Sam",
        "-Padding must be Valid, Same, or a number of pixels from 0 to 10000, not 'Sam'"
    )]
    [InlineData("New-ConvLayer 8 -Padding -1", "not '-1'")]
    [InlineData("New-ConvLayer 8 -Padding ''", "not ''")]
    [InlineData("New-ConvLayer 8 -Groups 0", "-Groups must be at least 1, not 0")]
    [InlineData("New-ConvLayer 8 -Groups 3", "-Filters must be a multiple of -Groups 3, not 8")]
    [InlineData("New-ConvLayer 8 -L2 -1", "L2 must be a finite number of at least 0, not -1")]
    [InlineData("New-ConvLayer 8 -L2 ([double]::PositiveInfinity)", "L2 must be a finite number")]
    [InlineData("New-DenseLayer 0", "-Units must be from 1 to 1000000, not 0")]
    [InlineData("New-DenseLayer 8 -L2 ([double]::NaN)", "L2 must be a finite number")]
    [InlineData("New-MaxPoolLayer 0", "-PoolSize must be from 1 to ")]
    [InlineData("New-MaxPoolLayer 2,2,1", "-PoolSize takes one number")]
    [InlineData("New-AveragePoolLayer 2 -Stride 0", "-Stride must be from 1 to ")]
    [InlineData("New-AveragePoolLayer 2 -Padding half", "not 'half'")]
    [InlineData("New-DropoutLayer 1", "-Rate must be from 0 to below 1, not 1")]
    [InlineData("New-DropoutLayer -0.1", "from 0 to below 1")]
    [InlineData("New-DropoutLayer ([double]::NaN)", "from 0 to below 1")]
    [InlineData("New-LayerNormLayer -Epsilon 0", "-Epsilon must be a finite number above 0, not 0")]
    [InlineData("New-SeparableConvLayer 0", "-Filters must be from 1 to 1000000, not 0")]
    [InlineData("New-SeparableConvLayer 8 -DepthMultiplier 1025", "-DepthMultiplier must be from 1 to 1024, not 1025")]
    [InlineData("New-BatchNormLayer -Momentum 1", "-Momentum must be from 0 to below 1, not 1")]
    [InlineData("New-BatchNormLayer -Epsilon 0", "-Epsilon must be a finite number above 0, not 0")]
    [InlineData("New-ActivationLayer LeakyReLU -Alpha -1", "-Alpha must be a finite number of at least 0, not -1")]
    [InlineData("New-ActivationLayer ReLU -Alpha 0.1", "-Alpha belongs to LeakyReLU and ELU; ReLU has none")]
    [InlineData("New-ResidualBlock { }", "New-ResidualBlock needs at least one layer")]
    [InlineData("New-ResidualBlock { 'conv' }", "must return only layers, but it returned 'conv'")]
    [InlineData("New-ResidualBlock { New-ConvLayer 3; 42 }", "but it returned '42'")]
    [InlineData("New-ResidualBlock { $null }", "must return only layers")]
    public void Settings_that_can_never_work_end_the_pipeline(string call, string message)
    {
        // The layer before must not come out alone: half a network is worse than none.
        var result = _session.Run(
            $$"""
            $out = $failure = $null
            try { $out = @(New-ConvLayer 1 | {{call}}) } catch { $failure = $_ }
            $failure, $out
            """
        );

        var error = Assert.IsType<ErrorRecord>(result.Output[0].BaseObject);
        Assert.Null(result.Output[1]);
        Assert.Empty(result.Errors);
        Assert.Equal(
            $"LayerSettingInvalid,PSConvNet.Commands.{call.Split(' ')[0].Replace("-", "", StringComparison.Ordinal)}Command",
            error.FullyQualifiedErrorId
        );
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Contains(message, error.Exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-DenseLayer many", "ParameterArgumentTransformationError")]
    [InlineData("New-DenseLayer 8 -Activation Relu7", "ParameterArgumentTransformationError")]
    [InlineData("New-ConvLayer 8 -Initializer Random", "ParameterArgumentTransformationError")]
    [InlineData("New-GlobalPoolLayer Median", "ParameterArgumentTransformationError")]
    [InlineData("New-ConvLayer", "MissingMandatoryParameter")]
    [InlineData("New-DropoutLayer", "MissingMandatoryParameter")]
    [InlineData("New-FlattenLayer -Name ''", "ParameterArgumentValidationError")]
    [InlineData("'text' | New-DenseLayer 8", "InputObjectNotBound")]
    [InlineData("42 | New-ConvLayer 8", "InputObjectNotBound")]
    [InlineData("New-FlattenLayer | New-DenseLayer 2 | New-Model 4 | New-DenseLayer 8", "InputObjectNotBound")]
    public void PowerShells_own_binding_refuses_the_rest(string call, string errorId) =>
        Assert.StartsWith(errorId + ",", _session.RunForError(call).FullyQualifiedErrorId, StringComparison.Ordinal);

    [Theory]
    [InlineData("New-ConvLayer 8 -Padding ", "Valid, Same")]
    [InlineData("New-MaxPoolLayer 2 -Padding s", "Same")]
    [InlineData("New-AveragePoolLayer 2 -Padding 'V", "Valid")]
    [InlineData(
        "New-DenseLayer 8 -Activation ",
        "ELU, GELU, LeakyReLU, LogSoftmax, None, ReLU, SiLU, Sigmoid, Softmax, Tanh"
    )]
    [InlineData("New-ConvLayer 8 -Activation s", "SiLU, Sigmoid, Softmax")]
    [InlineData("New-ActivationLayer le", "LeakyReLU")]
    [InlineData("New-ResidualBlock { New-ConvLayer 3 } -Activation t", "Tanh")]
    [InlineData("New-ConvLayer 8 -Initializer He", "HeNormal, HeUniform")]
    [InlineData("New-DenseLayer 8 -Initializer g", "GlorotNormal, GlorotUniform")]
    [InlineData("New-GlobalPoolLayer ", "Average, Maximum")]
    public void Closed_sets_are_completed(string input, string expected)
    {
        var offered = Training.Completions.Of(_session, input).Select(c => c.CompletionText.Trim('\''));

        // PowerShell sorts an enumeration's names by itself; the completer of -Padding keeps its order.
        Assert.Equal(
            expected,
            string.Join(", ", expected == "Valid, Same" ? offered : offered.Order(StringComparer.Ordinal))
        );
    }

    [Fact]
    public void Tab_tells_what_each_padding_does()
    {
        var same = Training.Completions.Of(_session, "New-ConvLayer 8 -Padding Sa").Single();

        Assert.Contains("keeps the image's size", same.ToolTip, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_print_as_a_table_of_kind_name_and_settings()
    {
        var lines = Screen.Show(
            "New-ConvLayer 32 -KernelSize 5,3 -Padding Same -Activation ReLU -Name edges | New-MaxPoolLayer | New-FlattenLayer"
        );

        Assert.Equal(["Kind", "Name", "Settings"], Screen.Words(lines[0]));
        Assert.Matches(@"^Conv +edges +32 filters 5 x 3, padding Same, ReLU$", lines[2]);
        Assert.Matches(@"^MaxPool +2 x 2$", lines[3]);
        Assert.Equal("Flatten", lines[4]);
        Assert.Equal(5, lines.Count);
    }

    private static string? Text(PSObject layer, string property) =>
        Convert.ToString(layer.Properties[property].Value, CultureInfo.InvariantCulture);
}
