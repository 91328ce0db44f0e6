using System.Text;

namespace PSConvNet.Tests.Evaluation;

/// <summary>A model with a weight that no answer can come from is refused by everything that would read its outputs.</summary>
public class FiniteAnswersTests
{
    private static readonly Dataset s_bars = Networks.Bars(train: 30, test: 30);
    private static readonly PredictionOptions s_exact = new(Precision.Float32, Threads: 1);

    // A hidden layer's fault does not reach the output by itself: a sigmoid makes 1 of infinity.
    private static readonly Dictionary<string, (Func<Model> Make, string Message)> s_faults = new()
    {
        ["one weight is not a number"] = (() => With("dense_1.kernel", 5, float.NaN), "dense_1.kernel has 1 of "),
        ["1e300 in a file of doubles"] = (FromDoubles, "dense_1.bias has 1 of "),
        ["a hidden bias is minus infinity"] = (
            () => With("conv2d_1.bias", 1, float.NegativeInfinity),
            "conv2d_1.bias has 1 of "
        ),
        ["a negative variance"] = (
            () => With("batch_normalization_1.moving_variance", 2, -1),
            "values that aren't finite or are below 0"
        ),
        ["weights whose products overflow"] = (
            () =>
            {
                var model = Network();
                model.Store.Span(model.Store.Slots.Single(slot => slot.Name == "dense_1.kernel")).Fill(3e38f);
                return model;
            },
            "its output 0 for image 0 is "
        ),
    };

    private static readonly Dictionary<string, Action<Model>> s_readers = new()
    {
        ["Predictor.Predict"] = model => Predictor.Predict(model, s_bars.Test, s_exact),
        ["a kept predictor"] = model =>
        {
            using var predictor = new Predictor(model, s_exact);
            predictor.Predict(s_bars.Test);
        },
        ["a kept predictor, bytes"] = model =>
        {
            using var predictor = new Predictor(model, s_exact);
            predictor.Predict(new byte[64], new float[3]);
        },
        ["Prediction.Of"] = model => Prediction.Of(model, s_bars.Test, options: s_exact).ToList(),
        ["Evaluator.Measure"] = model => Evaluator.Measure(model, s_bars.Test, s_exact),
        ["Ensemble.Predict"] = model => new Ensemble([Network(), model]).Predict(s_bars.Test, s_exact),
        ["Ensemble.Measure"] = model => new Ensemble([Network(), model]).Measure(s_bars.Test, s_exact),
        ["ActivationGrid"] = model => ActivationGrid.Of(model, new ImageSample(s_bars.Test.GetImage(0), s_bars.Shape)),
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_not_a_number_is_no_answer(string fault, string reader)
    {
        var (make, message) = s_faults[fault];
        var model = make();

        var error = Assert.Throws<ConvNetException>(() => s_readers[reader](model));

        Assert.Equal(("PredictionsInvalid", ErrorKind.InvalidData), (error.ErrorId, error.Kind));
        Assert.StartsWith("net can't answer: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal("net", Assert.IsType<Model>(error.Target).Name);
    }

    [Fact]
    public void A_sound_model_answers_everyone()
    {
        foreach (var read in s_readers.Values)
            read(Network());
    }

    [Fact]
    public void Weights_that_are_loaded_after_an_answer_are_looked_at_too()
    {
        var model = Network();
        Predictor.Predict(model, s_bars.Test, s_exact);
        Load(model);

        Assert.Throws<ConvNetException>(() => Predictor.Predict(model, s_bars.Test, s_exact));
    }

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var fault in s_faults.Keys)
            {
                foreach (var reader in s_readers.Keys)
                    cases.Add(fault, reader);
            }
            return cases;
        }
    }

    private static Model Network() =>
        new(
            [
                new ConvLayer(4) { Activation = Activation.Sigmoid },
                new BatchNormLayer(),
                new ActivationLayer(Activation.ReLU),
                new FlattenLayer(),
                new DenseLayer(3) { Activation = Activation.Softmax },
            ],
            s_bars.Shape,
            "net"
        );

    private static Model With(string parameter, int place, float value)
    {
        var model = Network();
        model.Store.Span(model.Store.Slots.Single(slot => slot.Name == parameter))[place] = value;
        return model;
    }

    private static Model FromDoubles()
    {
        var model = Network();
        Load(model);
        return model;
    }

    /// <summary>Loads a file of doubles, all 0 or 1 but for a bias of 1e300.</summary>
    private static void Load(Model model)
    {
        (string Name, string Shape, double[] Values)[] tensors =
        [
            ("conv2d_1.weight", "4,1,3,3", new double[36]),
            ("conv2d_1.bias", "4", new double[4]),
            ("batch_normalization_1.weight", "4", [1, 1, 1, 1]),
            ("batch_normalization_1.bias", "4", new double[4]),
            ("batch_normalization_1.running_mean", "4", new double[4]),
            ("batch_normalization_1.running_var", "4", [1, 1, 1, 1]),
            ("dense_1.weight", "3,144", new double[432]),
            ("dense_1.bias", "3", [0, 1e300, 0]),
        ];
        var (entries, offset) = (new List<string>(), 0);
        foreach (var (name, shape, values) in tensors)
        {
            entries.Add(
                $"\"{name}\":{{\"dtype\":\"F64\",\"shape\":[{shape}],\"data_offsets\":[{offset},{offset + 8 * values.Length}]}}"
            );
            offset += 8 * values.Length;
        }
        var header = Encoding.ASCII.GetBytes($"{{{string.Join(',', entries)}}}");
        byte[] file =
        [
            .. BitConverter.GetBytes((long)header.Length),
            .. header,
            .. tensors.SelectMany(tensor => tensor.Values).SelectMany(BitConverter.GetBytes),
        ];
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, file);
            WeightsFile.Load(model, path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
