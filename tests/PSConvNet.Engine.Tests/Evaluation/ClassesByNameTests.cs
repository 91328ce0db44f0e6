using FsCheck;
using FsCheck.Fluent;

namespace PSConvNet.Tests.Evaluation;

/// <summary>
/// Models and data sets that have the same classes in other orders, or some of them: whatever compares the two has to come to what a
/// comparison of names comes to.
/// </summary>
public class ClassesByNameTests
{
    private static readonly PredictionOptions s_exact = new(Precision.Float32, Threads: 1);
    private static readonly Shape s_shape = new(2, 2, 1);

    [Fact]
    public void No_number_depends_on_which_classes_a_data_set_has_and_in_which_order() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                seed =>
                {
                    var scene = new Scene(new Random(seed));
                    scene.CheckMeasure();
                    scene.CheckPredictions();
                    scene.CheckTraining();
                    scene.CheckTwin();
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void A_class_that_the_model_does_not_know_is_refused_by_all_that_compare()
    {
        var data = Bars("top", "bottom", "left");
        var model = Named(new Model(Networks.SmallDense, data.Shape, "m"), "bottom", "middle", "top");
        var other = new Model(Networks.SmallDense, data.Shape, "new", 2);
        Action[] consumers =
        [
            () => Evaluator.Measure(model, data.Test),
            () => _ = Prediction.Of(model, data.Test),
            () => new Ensemble([model, model]).Measure(data.Test),
            () => _ = Prediction.Of(new Ensemble([model, other]), data.Test),
            () => _ = new Trainer(model, data, new TrainingOptions()),
            () => _ = new Trainer(other, Bars("top", "middle", "bottom"), new() { ValidationData = data.Test }),
            () => LearningRateFinder.Find(model, data, new LearningRateRange(), new TrainingOptions()),
            () => ModelReport.Create([(model, [])], data, new ModelReportOptions()),
        ];
        foreach (var consumer in consumers)
        {
            var error = Assert.Throws<ConvNetException>(consumer);
            Assert.Equal(("ClassUnknown", ErrorKind.InvalidData), (error.ErrorId, error.Kind));
            Assert.Contains("'left'", error.Message, StringComparison.Ordinal);
            Assert.Contains("'top', 'bottom', 'left'", error.Message, StringComparison.Ordinal);
            Assert.Contains("'middle'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_model_trained_further_keeps_its_names_and_takes_others_only_where_that_is_asked()
    {
        var model = new Model(Networks.SmallDense, new Shape(8, 8, 1), "m");
        var once = new TrainingOptions { Epochs = 1, BatchSize = 64 };
        new Trainer(model, Bars("top", "middle", "bottom"), once).Run();
        new Trainer(model, Bars("bottom", "top", "middle"), once).Run();
        Assert.Equal(["top", "middle", "bottom"], model.ClassNames);

        var others = Bars("one", "two", "three");
        Assert.Throws<ConvNetException>(() => new Trainer(model, others, once));
        new Trainer(model, others, once with { RenameClasses = true }).Run();
        Assert.Equal(["one", "two", "three"], model.ClassNames);
        Assert.Contains("-RenameClass", TrainingScript.Write(model.Runs[^1], "$m", "$d"), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "-RenameClass",
            TrainingScript.Write(model.Runs[0], "$m", "$d"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Classes_without_names_are_those_of_what_they_meet()
    {
        var data = Bars("top", "middle", "bottom");
        var model = Named(new Model(Networks.SmallDense, data.Shape), "bottom", "top", "middle");
        var byOutputs = new ImageSet(
            "raw",
            data.Test.Pixels.ToArray(),
            Labels(data.Test, l => (l + 1) % 3),
            data.Shape
        );
        var byData = new ImageSet("raw", data.Test.Pixels.ToArray(), data.Test.Labels.ToArray(), data.Shape);
        var expected = Evaluator.Measure(model, data.Test, s_exact);

        // By themselves they are numbers of outputs; beside a data set, numbers of its classes.
        Assert.Equal(expected.Loss, Evaluator.Measure(model, byOutputs, s_exact).Loss);
        Assert.Equal(expected.Loss, Untrained(model, data, byData).ValidationLoss!.Value, 1e-5);
        Assert.Equal("0", Evaluator.Measure(new Model(Networks.SmallDense, data.Shape), byData).Classes[0].Name);
        var beyond = new ImageSet("raw", new byte[64], [3], data.Shape);
        Assert.Equal(
            "ClassCountMismatch",
            Assert.Throws<ConvNetException>(() => Evaluator.Measure(model, beyond)).ErrorId
        );
    }

    [Fact]
    public void Outputs_without_a_name_have_numbers_that_no_class_has()
    {
        var data = Bars("1", "2", "0");
        var model = new Model([new FlattenLayer(), new DenseLayer(5)], data.Shape);

        // Which of the five the three classes are can't be told, as of weights from elsewhere, until the outputs have names.
        var error = Assert.Throws<ConvNetException>(() => Evaluator.Measure(model, data.Test));
        Assert.Equal("ClassCountMismatch", error.ErrorId);
        Assert.Contains("'1', '2', '0'", error.Message, StringComparison.Ordinal);
        var metrics = Evaluator.Measure(Named(model, "1", "2", "0"), data.Test);

        Assert.Equal(["1", "2", "0", "3", "4"], metrics.Classes.Select(c => c.Name));
        Assert.Equal(["1", "0", "2", "3"], ClassName.Complete(["1", "0"], 4));
        Assert.Equal(["2", "1", "2 (2)"], ClassName.Complete(["2", "1"], 3));
        // A number that names an output is no class that the model knows.
        Assert.Throws<ConvNetException>(() => Evaluator.Measure(Named(model, "1", "2"), Bars("1", "2", "3").Test));
    }

    [Fact]
    public void A_copy_can_be_named_otherwise_with_a_name_for_every_output()
    {
        var model = Named(new Model(Networks.SmallDense, s_shape), "a", "b", "c");
        Assert.Equal(["x", "caf\u00e9", "y"], model.Copy(classNames: ["x", "cafe\u0301", "y"]).ClassNames);
        // Those left out would stand for other outputs than before.
        Assert.Equal("ClassCountMismatch", Error(["b", "c"]));
        Assert.Equal(["a", "b", "c"], model.Copy().ClassNames);
        Assert.Equal("ClassCountMismatch", Error(["a", "b", "c", "d"]));
        Assert.Equal("ClassNameDuplicate", Error(["a", "b", "a"]));

        string Error(string[] names) => Assert.Throws<ConvNetException>(() => model.Copy(classNames: names)).ErrorId;
    }

    [Fact]
    public void Models_of_other_classes_are_no_ensemble()
    {
        var model = Named(new Model(Networks.SmallDense, s_shape, "one"), "a", "b", "c");
        var other = Named(new Model(Networks.SmallDense, s_shape, "two"), "a", "b", "d");
        var error = Assert.Throws<ConvNetException>(() => new Ensemble([model, other]));
        Assert.Equal("EnsembleMismatch", error.ErrorId);
        Assert.Contains("'a', 'b', 'c' and two on 'a', 'b', 'd'", error.Message, StringComparison.Ordinal);
    }

    private static Dataset Bars(params string[] names) => Networks.Bars(90, 30).RenameClasses(names);

    private static int[] Labels(ImageSet images, Func<int, int> map) =>
        Array.ConvertAll(images.Labels.ToArray(), l => map(l));

    /// <summary>The model as if it had been trained on these classes, which may be fewer than its outputs.</summary>
    private static Model Named(Model model, params string[] names)
    {
        var named = model.Copy();
        named.ClassNames = names;
        return named;
    }

    /// <summary>What an epoch records that changes no weight.</summary>
    private static EpochRecord Untrained(Model model, Dataset data, ImageSet validation) => new Trainer(
            model,
            data,
            new TrainingOptions
            {
                Epochs = 1,
                Optimizer = new SgdOptimizer { LearningRate = 1e-30 },
                ValidationData = validation,
                Precision = Precision.Float32,
                Threads = 1,
            }
        ).Run().History[0];

    /// <summary>A model with classes in some order, and a data set with some of them in another.</summary>
    private sealed class Scene
    {
        private readonly Model _model;
        private readonly Dataset _data;
        private readonly string[] _truth;
        private readonly float[] _probabilities;
        private readonly Random _random;

        public Scene(Random random)
        {
            _random = random;
            string[] names = ["0", "9", "café", "tea", "Tea", "a, b", ""];
            var classes = random.Next(2, names.Length + 1);
            var spare = random.Next(2);
            string[] known = [.. Shuffled(names).Take(classes)];
            _model = Named(Make(random.Next(), classes + spare), known);

            string[] had = [.. Shuffled(known).Take(random.Next(1, classes + 1))];
            // Names without images are no matter, whatever they are.
            string[] listed = Shuffled([.. had, "unused"]);
            _truth = [.. Enumerable.Range(0, 12).Select(_ => had[random.Next(had.Length)])];
            var part = Part(_truth, listed);
            _data = new Dataset("Some", part, part, listed, "made by the tests");
            _probabilities = Predictor.Predict(_model, _data.Test, s_exact);
        }

        private int Outputs => _model.OutputShape.Size;

        private double Loss => _truth.Select((name, i) => -Math.Log(Row(i)[OutputOf(name)])).Average();

        private int Right => _truth.Where((name, i) => Answer(i) == OutputOf(name)).Count();

        public void CheckMeasure()
        {
            var metrics = Evaluator.Measure(_model, _data.Test, s_exact);

            Assert.Equal(Loss, metrics.Loss, 1e-5);
            Assert.Equal(_truth.Length - Right, metrics.Errors);
            Assert.Equal(_model.ClassNames, metrics.Classes.Take(_model.ClassNames.Count).Select(c => c.Name));
            foreach (var measured in metrics.Classes)
            {
                var its = Enumerable.Range(0, _truth.Length).Where(i => _truth[i] == measured.Name).ToArray();
                Assert.Equal(its.Length, measured.Support);
                Assert.Equal(its.Count(i => Answer(i) == measured.Label), measured.Correct);
                foreach (var answer in metrics.Classes)
                {
                    var taken = its.Count(i => Answer(i) == answer.Label);
                    Assert.Equal(taken, metrics.ConfusionMatrix[measured.Label, answer.Label]);
                }
            }
        }

        public void CheckPredictions()
        {
            var answers = Prediction.Of(_model, _data.Test, options: s_exact).ToArray();
            Assert.Equal(_truth, answers.Select(answer => answer.TruthName));
            Assert.Equal(Right, answers.Count(answer => answer.IsCorrect == true));
            Assert.Equal(Enumerable.Range(0, _truth.Length).Select(Answer), answers.Select(answer => answer.Label));
            Assert.All(
                answers.Where(answer => answer.Label < _model.ClassNames.Count),
                answer => Assert.Equal(_model.ClassNames[answer.Label], answer.ClassName)
            );
        }

        /// <summary>Training data in one order, validation data in another, the model in a third.</summary>
        public void CheckTraining()
        {
            var others = Shuffled([.. _data.ClassNames]);
            var validation = Part(_truth, others);

            var epoch = Untrained(_model.Copy(), _data, validation);

            Assert.Equal(Loss, epoch.Loss, 1e-5);
            Assert.Equal(Loss, epoch.ValidationLoss!.Value, 1e-5);
            Assert.Equal((double)Right / _truth.Length, epoch.Accuracy, 1e-9);
            Assert.Equal((double)Right / _truth.Length, epoch.ValidationAccuracy!.Value, 1e-9);

            // A model that takes its names from the training data has its outputs in their order: as if it had had them.
            var fresh = Make(1, _data.ClassNames.Count);
            var named = Untrained(Named(fresh, [.. _data.ClassNames]), _data, validation);
            var unnamed = Untrained(fresh, _data, validation);
            Assert.Equal((named.Loss, named.ValidationLoss), (unnamed.Loss, unnamed.ValidationLoss));
            Assert.Equal(unnamed.Loss, unnamed.ValidationLoss!.Value, 1e-5);
        }

        /// <summary>The same network with its outputs in another order is the same model to all.</summary>
        public void CheckTwin()
        {
            var order = Shuffled(Enumerable.Range(0, _model.ClassNames.Count).ToArray());
            var twin = Named(_model, [.. order.Select(place => _model.ClassNames[place])]);
            foreach (var slot in twin.Store.Slots)
            {
                var from = _model.Store.Span(slot);
                var into = twin.Store.Span(slot);
                var row = slot.Length / Outputs;
                for (var place = 0; place < order.Length; place++)
                    from.Slice(order[place] * row, row).CopyTo(into.Slice(place * row, row));
            }

            var test = McNemarTest.Compare(
                Evaluator.Measure(_model, _data.Test, s_exact),
                Evaluator.Measure(twin, _data.Test, s_exact)
            );
            Assert.Equal((0, 0), (test.OnlyFirstRight, test.OnlySecondRight));

            var ensemble = new Ensemble([_model, twin]);
            var both = ensemble.Predict(_data.Test, s_exact);
            for (var i = 0; i < both.Length; i++)
                Assert.Equal(_probabilities[i], both[i], 1e-5f);
            Assert.Equal(Loss, ensemble.Measure(_data.Test, s_exact).Loss, 1e-5);
            Assert.Equal(
                _truth,
                Prediction.Of(new Ensemble([twin, _model]), _data.Test, options: s_exact).Select(p => p.TruthName)
            );
        }

        private static Model Make(int seed, int outputs) =>
            new([new FlattenLayer(), new DenseLayer(outputs) { Activation = Activation.Softmax }], s_shape, "m", seed);

        /// <summary>The same pixels for the same truth, labelled by a list of names.</summary>
        private static ImageSet Part(string[] truth, string[] listed)
        {
            var pixels = new byte[truth.Length * s_shape.Size];
            new Random(truth.Length).NextBytes(pixels);
            return new ImageSet(
                "Part",
                pixels,
                [.. truth.Select(name => Array.IndexOf(listed, name))],
                s_shape,
                listed
            );
        }

        private int OutputOf(string name) => _model.ClassNames.ToList().IndexOf(name);

        private ReadOnlySpan<float> Row(int image) => _probabilities.AsSpan(image * Outputs, Outputs);

        private int Answer(int image)
        {
            var row = Row(image).ToArray();
            return Array.IndexOf(row, row.Max());
        }

        private T[] Shuffled<T>(T[] items)
        {
            T[] copy = [.. items];
            _random.Shuffle(copy);
            return copy;
        }
    }
}
