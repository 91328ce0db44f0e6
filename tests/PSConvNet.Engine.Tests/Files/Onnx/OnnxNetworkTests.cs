using FsCheck;
using FsCheck.Fluent;
using PSConvNet.Module.Tests;

namespace PSConvNet.Tests.Files.Onnx;

/// <summary>Whole networks against ONNX Runtime, and how they end.</summary>
public class OnnxNetworkTests
{
    [Theory]
    [InlineData(ModelPreset.TutorialConv)]
    [InlineData(ModelPreset.TutorialDense)]
    [InlineData(ModelPreset.FastConv)]
    [InlineData(ModelPreset.DeepConv)]
    public void The_presets_give_what_they_give_here(ModelPreset preset)
    {
        // With the weights they start with: those that the peer makes up would saturate networks as deep.
        var model = new Model(ModelPresets.Layers(preset), new Shape(28, 28, 1));
        var images = SyntheticDigits.Generate(1, 20).Test.Reshape(model.InputShape);
        using var peer = new OnnxPeer(model);

        var ours = Predictor.Predict(model, images, new PredictionOptions(Precision.Float32));

        Assert.All(ours.Zip(peer.Run(images)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Random_networks_give_what_they_give_here() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(200),
            Prop.ForAll(
                Gen.Choose(0, int.MaxValue - 1).ToArbitrary(),
                seed =>
                {
                    var network = new RandomNetwork(seed);
                    OnnxPeer.AssertAgrees(network.Layers, network.Input);
                }
            )
        );

    public static TheoryData<string> Endings =>
        ["softmax", "log softmax", "nothing", "sigmoid", "dropout", "block", "image", "image softmax", "no activation"];

    [Theory]
    [MemberData(nameof(Endings))]
    public void What_a_network_ends_in_is_applied_as_often_as_here(string ending)
    {
        var dense = new DenseLayer(4);
        var softmax = dense with { Activation = Activation.Softmax };
        LayerSpec[] layers = ending switch
        {
            "softmax" => [softmax],
            "log softmax" => [dense with { Activation = Activation.LogSoftmax }],
            "nothing" => [dense],
            "sigmoid" => [dense with { Activation = Activation.Sigmoid }],
            "dropout" => [softmax, new DropoutLayer(0.5)],
            "block" => [new ResidualBlock([softmax]) { Activation = Activation.Softmax }],
            "no activation" => [softmax, new ActivationLayer(Activation.None)],
            "image" => [new ConvLayer(3)],
            "image softmax" => [new ConvLayer(3) { Activation = Activation.Softmax }],
            _ => throw new ArgumentException(ending),
        };

        OnnxPeer.AssertAgrees(
            layers,
            ending.StartsWith("image", StringComparison.Ordinal) ? new Shape(4, 5, 2) : new Shape(9)
        );
    }

    [SkippableFact]
    public void Ten_thousand_real_digits_get_the_same_classes()
    {
        Skip.If(Repository.SharedMnist is null, "no MNIST beside the checkout or in PSCONVNET_DATA");
        var source = new MnistSource(MnistName.Digits, MnistLocations.FromEnvironment());
        var digits = source.Read(source.FindIn(Repository.SharedMnist!)).ExpandDimension();
        var data = new Dataset(digits.Name, digits.Train.Take(2000), digits.Test, digits.ClassNames, digits.Source);
        var model = new Model(
            [
                new ConvLayer(8) { Padding = Padding.Same, UseBias = false },
                new BatchNormLayer { Momentum = 0.8 },
                new ActivationLayer(Activation.ReLU),
                new MaxPoolLayer(new(2, 2)),
                new ResidualBlock([new ConvLayer(16) { Padding = Padding.Same, Activation = Activation.SiLU }]),
                new MaxPoolLayer(new(2, 2)),
                new DropoutLayer(0.2),
                new FlattenLayer(),
                new DenseLayer(10) { Activation = Activation.Softmax },
            ],
            data.Shape
        );
        new Trainer(model, data, new TrainingOptions { Epochs = 3, BatchSize = 32 }).Run();
        using var peer = new OnnxPeer(model);

        var ours = Classes(Predictor.Predict(model, data.Test, new PredictionOptions(Precision.Float32)));
        var theirs = Classes(peer.Run(data.Test));

        Assert.Equal(10_000, ours.Zip(theirs).Count(pair => pair.First == pair.Second));
        // A network that learned nothing could agree by giving everything one class.
        Assert.InRange(ours.Zip(data.Test.Labels.ToArray()).Count(pair => pair.First == pair.Second), 9_000, 10_000);
    }

    private static int[] Classes(float[] probabilities) =>
        [.. probabilities.Chunk(10).Select(row => Array.IndexOf(row, row.Max()))];
}
