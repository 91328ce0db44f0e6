using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PSConvNet.Benchmarks.Measurements;

/// <summary>The networks as a TorchSharp user writes them.</summary>
internal static class PlainNetworks
{
    /// <summary>The tutorial's convolutional network; logits, as cross_entropy wants them.</summary>
    public static Module<Tensor, Tensor> TutorialConv() =>
        Sequential(
            ("conv1", Conv2d(1, 32, 3)),
            ("relu1", ReLU()),
            ("conv2", Conv2d(32, 64, 3)),
            ("relu2", ReLU()),
            ("pool", MaxPool2d(2)),
            ("drop1", Dropout(0.25)),
            ("flatten", Flatten()),
            ("dense1", Linear(9216, 128)),
            ("relu3", ReLU()),
            ("drop2", Dropout(0.5)),
            ("dense2", Linear(128, 10))
        );

    /// <summary>The twin of <see cref="Networks.DeepConv"/>.</summary>
    public static Module<Tensor, Tensor> Deep() =>
        Sequential(
            ("block1", ConvNormReLU(1, 32)),
            ("block2", ConvNormReLU(32, 32)),
            ("pool1", MaxPool2d(2)),
            ("block3", ConvNormReLU(32, 64)),
            ("residual", new Residual(Sequential(("a", ConvNormReLU(64, 64)), ("b", ConvNorm(64, 64))))),
            ("relu", ReLU()),
            ("pool2", MaxPool2d(2)),
            ("block4", ConvNormReLU(64, 128)),
            ("mean", AdaptiveAvgPool2d(1)),
            ("flatten", Flatten()),
            ("dense", Linear(128, 10))
        );

    private static TorchSharp.Modules.Sequential ConvNormReLU(int channels, int filters) =>
        Sequential(("conv", ConvNorm(channels, filters)), ("relu", ReLU()));

    private static TorchSharp.Modules.Sequential ConvNorm(int channels, int filters) =>
        Sequential(("conv", Conv2d(channels, filters, 3, padding: 1, bias: false)), ("norm", BatchNorm2d(filters)));

    private sealed class Residual : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _body;

        public Residual(Module<Tensor, Tensor> body)
            : base(nameof(Residual))
        {
            _body = body;
            register_module("body", body);
        }

        public override Tensor forward(Tensor input) => _body.call(input).add(input);
    }
}
