using PSConvNet.Runtime.Planning;
using Padding = PSConvNet.Layers.Padding;

namespace PSConvNet.Tests.Evaluation;

public class PredictorTests
{
    private static readonly Dataset s_bars = Networks.Bars(train: 64, test: 40);

    [Fact]
    public void A_softmax_before_a_last_dropout_is_applied_once()
    {
        LayerSpec[] layers = [new FlattenLayer(), new DenseLayer(3) { Activation = Activation.Softmax }];
        var data = Networks.Bars(test: 20).Test;

        var plain = Predictor.Predict(new Model(layers, data.Shape), data);
        var dropped = Predictor.Predict(new Model([.. layers, new DropoutLayer(0.5)], data.Shape), data);

        // In bf16 the one is rounded after its softmax, and the other is not.
        Assert.All(plain.Zip(dropped), pair => Assert.Equal(pair.First, pair.Second, 0.01f));
    }

    [Fact]
    public void A_kept_predictor_answers_as_the_static_method_does()
    {
        var model = new Model(Networks.SmallOfEverything, s_bars.Shape);
        var options = new PredictionOptions(Precision.Float32, Threads: 2);
        var expected = Predictor.Predict(model, s_bars.Test, options);

        using var predictor = new Predictor(model, options);

        Assert.Equal(expected, predictor.Predict(s_bars.Test));
        Assert.Equal(expected, predictor.Predict(s_bars.Test));
        var bytes = new float[expected.Length];
        predictor.Predict(s_bars.Test.Pixels, bytes);
        Assert.Equal(expected, bytes);
    }

    [Fact]
    public void Images_one_at_a_time_get_what_they_get_together()
    {
        var model = new Model(Networks.SmallOfEverything, s_bars.Shape);
        using var predictor = new Predictor(model, new PredictionOptions(Precision.Float32));
        var together = predictor.Predict(s_bars.Test);
        var classes = model.OutputShape.Size;

        var one = new float[classes];
        for (var i = 0; i < s_bars.Test.Count; i++)
        {
            predictor.Predict(s_bars.Test.GetImage(i), one);
            for (var j = 0; j < classes; j++)
                Assert.Equal(together[i * classes + j], one[j], 1e-5f);
        }
    }

    // Convolutions by Winograd with a pool and without, and by gathered windows in fp32; a large dense layer.
    private static LayerSpec[] WorthDividing =>
        [
            new ConvLayer(32) { Padding = Padding.Same, Activation = Activation.ReLU },
            new ConvLayer(32) { Padding = Padding.Same, Activation = Activation.ReLU },
            new ConvLayer(64) { Stride = new(2, 2), Activation = Activation.ReLU },
            new ConvLayer(64) { Padding = Padding.Same, UseBias = false },
            new MaxPoolLayer(new(2, 2)),
            new FlattenLayer(),
            new DenseLayer(200) { Activation = Activation.ReLU },
            new DenseLayer(3) { Activation = Activation.Softmax },
        ];

    [Theory]
    [InlineData(Precision.Float32, 2)]
    [InlineData(Precision.Float32, 3)]
    [InlineData(Precision.BFloat16, 2)]
    [InlineData(Precision.BFloat16, 3)]
    public void One_image_divided_among_workers_gets_its_answer_to_the_last_bit(Precision precision, int threads)
    {
        var data = Networks.Bars(test: 20, size: 28).Test;
        var model = new Model(WorthDividing, data.Shape);
        var plan = ExecutionPlan.Create(model.Kernels, new PlanRequest(precision, threads, Training: false, true));
        // In bf16 libtorch has some of the convolutions.
        var divided = plan.Network.Children.Count(kernel => kernel.DividesImages);
        Assert.True(divided >= (precision == Precision.Float32 ? 4 : 2), "the test divides too little");
        using var alone = new Predictor(model, new PredictionOptions(precision, Threads: 1));
        using var helped = new Predictor(model, new PredictionOptions(precision, threads));

        for (var i = 0; i < 200; i++)
        {
            var (expected, answer) = (new float[3], new float[3]);
            alone.Predict(data.GetImage(i % data.Count), expected);
            helped.Predict(data.GetImage(i % data.Count), answer);
            Assert.Equal(expected, answer);
            // Many images at a time, of which each worker has its own, in between.
            if (i % 50 == 0)
                Assert.Equal(alone.Predict(data), helped.Predict(data));
        }
    }

    [Fact]
    public void Waking_workers_for_an_image_of_a_small_network_does_not_pay()
    {
        var model = new Model(Networks.SmallOfEverything, s_bars.Shape);
        var request = new PlanRequest(Precision.Float32, Workers: 2, Training: false, ToLogits: true);

        Assert.False(ExecutionPlan.Create(model.Kernels, request).Network.DividesImages);
    }

    [Fact]
    public void The_model_can_be_read_but_not_trained_until_the_predictor_is_disposed()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        using (var predictor = new Predictor(model))
        {
            Predictor.Predict(model, s_bars.Test);
            var error = Assert.Throws<ConvNetException>(Train);
            Assert.Equal("ModelBusy", error.ErrorId);
        }

        Train();

        void Train() => new Trainer(model, s_bars, new TrainingOptions { Epochs = 1 }).Run();
    }

    [Fact]
    public void A_predictor_that_is_disposed_of_while_it_tells_its_progress_says_so()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        Predictor? predictor = null;
        using var ours = predictor = new Predictor(
            model,
            new PredictionOptions(Precision.Float32, Progress: _ => predictor!.Dispose())
        );
        var several = s_bars.Shape.Size * 3000;

        Assert.Throws<ObjectDisposedException>(() => predictor.Predict(new byte[several], new float[9000]));
    }

    [Fact]
    public async Task Calls_from_several_threads_wait_for_each_other()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape);
        using var predictor = new Predictor(model, new PredictionOptions(Precision.Float32, Threads: 2));
        var expected = predictor.Predict(s_bars.Test);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => predictor.Predict(s_bars.Test)))
        );

        Assert.All(answers, answer => Assert.Equal(expected, answer));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        var model = new Model(Networks.SmallDense, s_bars.Shape, "small");
        var predictor = new Predictor(model);

        var error = Assert.Throws<ConvNetException>(() =>
            predictor.Predict(new byte[s_bars.Shape.Size + 1], new float[9])
        );
        Assert.Equal("DataShapeMismatch", error.ErrorId);
        Assert.Contains("small", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => predictor.Predict(new byte[2 * s_bars.Shape.Size], new float[3]));

        predictor.Dispose();
        predictor.Dispose();
        Assert.Throws<ObjectDisposedException>(() => predictor.Predict(s_bars.Test));
    }
}
