namespace PSConvNet.Tests.Files.Onnx;

/// <summary>Every kind of layer and setting alone, against ONNX Runtime.</summary>
public class OnnxLayerTests
{
    private static readonly ConvLayer s_conv = new(4);

    /// <summary>Shows what the layers give as it is: what ends in no activation is given a softmax, which hides much.</summary>
    private static readonly ActivationLayer s_tanh = new(Activation.Tanh);

    // Makes negative values of pixels, so that there is something for an activation, or for padding, to get wrong.
    private static readonly BatchNormLayer s_norm = new();

    public static TheoryData<string> Cases => [.. LayerCases.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_layer_gives_what_it_gives_here(string name)
    {
        var (input, layers) = LayerCases.All[name];

        OnnxPeer.AssertAgrees([.. layers, s_tanh], LayerCases.Parse(input));
    }

    public static TheoryData<Activation, string> Activations
    {
        get
        {
            var data = new TheoryData<Activation, string>();
            foreach (var activation in Enum.GetValues<Activation>())
            {
                foreach (var input in (string[])["4,3,5", "9", "2,3,2,3"])
                    data.Add(activation, input);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void An_activation_gives_what_it_gives_here(Activation activation, string input) =>
        OnnxPeer.AssertAgrees([s_norm, new ActivationLayer(activation), s_tanh], LayerCases.Parse(input));

    [Theory]
    [InlineData(Activation.LeakyReLU, 0.0)]
    [InlineData(Activation.LeakyReLU, 0.7)]
    [InlineData(Activation.ELU, 0.0)]
    [InlineData(Activation.ELU, 0.6)]
    public void Its_alpha_is_kept(Activation activation, double alpha) =>
        OnnxPeer.AssertAgrees([s_norm, new ActivationLayer(activation) { Alpha = alpha }], new Shape(4, 3, 5));

    [Theory]
    [InlineData(Activation.Softmax)]
    [InlineData(Activation.LogSoftmax)]
    [InlineData(Activation.Sigmoid)]
    public void A_matrix_keeps_its_order(Activation activation) =>
        OnnxPeer.AssertAgrees([new ActivationLayer(activation), s_tanh], new Shape(4, 3));

    [Theory]
    [InlineData(Activation.GELU)]
    [InlineData(Activation.Softmax)]
    [InlineData(Activation.SiLU)]
    public void A_layers_own_activation_is_applied_to_its_result(Activation activation)
    {
        OnnxPeer.AssertAgrees([s_conv with { Activation = activation }, s_tanh], new Shape(5, 6, 3));
        OnnxPeer.AssertAgrees([new DenseLayer(6) { Activation = activation }, s_tanh], new Shape(7));
    }
}
