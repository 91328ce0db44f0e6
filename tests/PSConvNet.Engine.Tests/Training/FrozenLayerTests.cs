using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Training;

/// <summary>Layers that a training leaves as they are, to the last bit, and what the others learn beside them.</summary>
public sealed class FrozenLayerTests
{
    private static readonly Dataset s_data = Networks.Bars(train: 96, test: 24);

    private static readonly TrainingOptions s_options = new()
    {
        Epochs = 2,
        BatchSize = 32,
        Threads = 2,
    };

    /// <summary>What would change weights by itself, without a gradient.</summary>
    public static TheoryData<string> Kinds => [.. s_kinds.Keys];

    private static readonly Dictionary<string, TrainingOptions> s_kinds = new()
    {
        ["Adam, fp32"] = s_options with { Precision = Precision.Float32 },
        ["weight decay, bf16"] = s_options with
        {
            Precision = Precision.BFloat16,
            Optimizer = new AdamWOptimizer { WeightDecay = 0.1 },
        },
        ["momentum, decay, average"] = s_options with
        {
            Optimizer = new SgdOptimizer { Momentum = 0.9, WeightDecay = 0.1 },
            AverageDecay = 0.8,
        },
        ["best epoch, validation, one thread"] = s_options with
        {
            Threads = 1,
            ValidationSplit = 0.25,
            RestoreBest = true,
        },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Frozen_layers_keep_every_bit_and_the_others_learn(string kind)
    {
        // Trained before, so that no statistic is what a batch norm begins with.
        var model = new Model(Everything(l2: 0.1), new Shape(8, 8, 1));
        new Trainer(model, s_data, s_options).Run();
        var before = model.Copy();
        string[] frozen = ["conv2d_1", "batch_normalization_1", "residual_1/conv2d_2"];

        new Trainer(model, s_data, s_kinds[kind] with { Frozen = LayerPatterns.Of(frozen) }).Run();

        foreach (var slot in model.Store.Slots)
        {
            var same = model.Store.Span(slot).SequenceEqual(before.Store.Span(slot));
            Assert.True(
                same == frozen.Contains(slot.Name[..slot.Name.LastIndexOf('.')]),
                $"{slot.Name} {(same ? "stayed" : "changed")}"
            );
        }
        // The weights of the moving statistics, too, of which the second batch norm's grows.
        var progress = model.Store.Values.AsSpan(model.Store.ParameterLength, 2).ToArray();
        var progressBefore = before.Store.Values.AsSpan(model.Store.ParameterLength, 2).ToArray();
        Assert.Equal(progressBefore[0], progress[0]);
        Assert.NotEqual(progressBefore[1], progress[1]);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void What_is_trained_takes_the_very_step_that_it_takes_beside_layers_that_learn(Precision precision)
    {
        // In the first step no layer has seen another's change: whatever is frozen, gradients are those of the whole network.
        var options = s_options with
        {
            Epochs = 1.0 / 3,
            Precision = precision,
            Optimizer = new SgdOptimizer(),
        };
        var start = new Model(Everything(norms: false), new Shape(8, 8, 1));
        var whole = start.Copy();
        new Trainer(whole, s_data, options).Run();

        // The front alone, the end alone, something in the middle, all but a layer within the block.
        foreach (var frozen in (string[])["conv*", "dense_*", "residual_1", "*"])
        {
            var model = start.Copy();
            var unfrozen = frozen == "*" ? LayerPatterns.Of("residual_1/conv2d_1") : null;
            var run = new Trainer(
                model,
                s_data,
                options with
                {
                    Frozen = LayerPatterns.Of(frozen),
                    Unfrozen = unfrozen,
                }
            ).Run();

            var names = FrozenLayers.Names(model, run.Options);
            foreach (var slot in model.Store.Slots.Where(slot => slot.Spec.Trainable))
            {
                var stays = names.Any(name =>
                    slot.Name.StartsWith(name + ".", StringComparison.Ordinal)
                    || slot.Name.StartsWith(name + "/", StringComparison.Ordinal)
                );
                var expected = (stays ? start : whole).Store.Span(slot);
                Assert.True(model.Store.Span(slot).SequenceEqual(expected), $"{frozen}: {slot.Name}");
            }
        }
    }

    [Fact]
    public void A_frozen_batch_norm_trains_as_the_convolution_that_computes_the_same()
    {
        // gamma (x - mean) / sqrt(variance + epsilon) + beta is a 1 x 1 convolution of each channel by itself.
        LayerSpec[] Layers(LayerSpec middle) =>
            [
                new ConvLayer(4) { Padding = Padding.Same, Name = "first" },
                middle,
                new ActivationLayer(Activation.ReLU),
                new FlattenLayer(),
                new DenseLayer(3) { Activation = Activation.Softmax, Name = "last" },
            ];
        var norm = new Model(Layers(new BatchNormLayer { Name = "norm", Frozen = true }), new Shape(8, 8, 1));
        var scale = new ConvLayer(4)
        {
            KernelSize = new(1, 1),
            Groups = 4,
            Name = "scale",
            Frozen = true,
        };
        var plain = new Model(Layers(scale), new Shape(8, 8, 1));
        float[] gamma = [1.5f, -0.5f, 2, 0.25f];
        float[] beta = [0.1f, 0.4f, -0.3f, 0.2f];
        float[] mean = [0.2f, -0.1f, 0.05f, 0];
        float[] variance = [0.5f, 2, 0.1f, 1];
        gamma.CopyTo(Parameter(norm, "norm.gamma"));
        beta.CopyTo(Parameter(norm, "norm.beta"));
        mean.CopyTo(Parameter(norm, "norm.moving_mean"));
        variance.CopyTo(Parameter(norm, "norm.moving_variance"));
        for (var c = 0; c < 4; c++)
        {
            var slope = gamma[c] / MathF.Sqrt(variance[c] + 1e-3f);
            Parameter(plain, "scale.kernel")[c] = slope;
            Parameter(plain, "scale.bias")[c] = beta[c] - slope * mean[c];
        }
        foreach (var name in (string[])["first.kernel", "first.bias", "last.kernel", "last.bias"])
            norm.GetParameter(name).CopyTo(Parameter(plain, name));
        var options = s_options with
        {
            Precision = Precision.Float32,
            Optimizer = new SgdOptimizer { LearningRate = 0.1 },
        };

        var expected = new Trainer(plain, s_data, options).Run();
        var found = new Trainer(norm, s_data, options).Run();

        Assert.Equal(expected.History[^1].Loss, found.History[^1].Loss, 1e-4);
        foreach (var name in (string[])["first.kernel", "first.bias", "last.kernel", "last.bias"])
        {
            Assert.All(
                plain.GetParameter(name).Zip(norm.GetParameter(name)),
                pair => Assert.Equal(pair.First, pair.Second, 1e-4f)
            );
        }
    }

    [Fact]
    public void The_optimizer_is_given_nothing_of_frozen_layers_and_each_trained_parameter_once()
    {
        var model = new Model(Everything(l2: 0.1), new Shape(8, 8, 1));
        var trained = FrozenLayers.Trained(model, s_options with { Frozen = LayerPatterns.Of("conv2d_1, residual_1") });
        var times = new int[model.Store.TrainableLength];
        foreach (var workers in (int[])[1, 2, 5])
        {
            Array.Clear(times);
            using var session = new Session(
                model.Kernels,
                model.Store,
                new PlanRequest(Precision.Float32, workers, Training: true, ToLogits: true),
                trained
            );
            session.TrainBatch(
                new Samples(s_data.Train.Pixels, s_data.Train.Labels),
                Enumerable.Range(0, 40).ToArray(),
                new PSConvNet.Runtime.CrossEntropy(0),
                1,
                (offset, weights, _) =>
                {
                    for (var i = offset; i < offset + weights.Length; i++)
                        Interlocked.Increment(ref times[i]);
                }
            );

            var expected = new int[times.Length];
            foreach (var slot in model.Store.Slots.Where(slot => slot.Spec.Trainable))
            {
                var frozen =
                    slot.Name.StartsWith("conv2d_1.", StringComparison.Ordinal)
                    || slot.Name.StartsWith("residual_1", StringComparison.Ordinal);
                expected.AsSpan(slot.Offset, slot.Length).Fill(frozen ? 0 : 1);
            }
            Assert.Equal(expected, times);
        }
    }

    [Fact]
    public void A_training_that_was_stopped_goes_on_with_the_same_layers_frozen()
    {
        using var folder = new TemporaryFolder();
        var options = s_options with { Frozen = LayerPatterns.Of("conv*"), AverageDecay = 0.9 };
        var undisturbed = new Model(Everything(), new Shape(8, 8, 1));
        new Trainer(undisturbed, s_data, options).Run();
        using var stop = new CancellationTokenSource();
        var observer = new StopAfter(4, stop);

        new Trainer(new Model(Everything(), new Shape(8, 8, 1)), s_data, options, observer)
        {
            Checkpoints = new(folder.Path),
        }.Run(stop.Token);
        var checkpoint = Checkpoint.Newest(folder.Path);
        var run = new Trainer(checkpoint, s_data, null).Run();

        Assert.Equal(options.Frozen, checkpoint.Options.Frozen);
        Assert.Equal(undisturbed.Store.Values, run.Model.Store.Values);
        Assert.Contains("\nFrozen: conv2d_1", run.ToTable(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_made_frozen_is_so_in_summary_and_file_and_can_be_trained_by_name()
    {
        using var folder = new TemporaryFolder();
        LayerSpec[] layers =
        [
            new FlattenLayer(),
            new DenseLayer(16) { Frozen = true },
            new ResidualBlock([new DenseLayer(16), new DenseLayer(16) { Frozen = true }]),
            new DenseLayer(3) { Activation = Activation.Softmax },
        ];
        var model = new Model(layers, new Shape(8, 8, 1));
        ModelFile.Save(model, folder.File("x"));

        var read = ModelFile.Load(folder.File("x"));
        var run = new Trainer(read, s_data, s_options with { Unfrozen = LayerPatterns.Of("dense_1") }).Run();

        Assert.Equal(layers, read.Layers);
        // 64 x 16 + 16 of the first, 16 x 16 + 16 of the one within the block.
        Assert.Equal(1040 + 272, model.Summary.NonTrainableParameterCount);
        Assert.Equal(1040 + 2 * 272 + 51, model.ParameterCount);
        Assert.Contains("Dense (16 units, frozen)", model.Summary.ToTable(), StringComparison.Ordinal);
        Assert.Equal(["residual_1/dense_2"], FrozenLayers.Names(read, run.Options));
        Assert.NotEqual(model.GetParameter("dense_1.kernel"), read.GetParameter("dense_1.kernel"));
        Assert.Equal(model.GetParameter("residual_1/dense_2.kernel"), read.GetParameter("residual_1/dense_2.kernel"));
    }

    [Fact]
    public void Reports_give_the_commands_that_freeze()
    {
        var options = s_options with
        {
            Frozen = LayerPatterns.Of("conv*", "$x"),
            Unfrozen = LayerPatterns.Of("dense_1"),
        };
        LayerSpec[] layers = [new DenseLayer(4) { Frozen = true, Name = "a" }, new BatchNormLayer { Frozen = true }];

        var training = TrainingScript.Settings(options, new TrainingOptions());
        var network = LayerScript.Write(layers);

        Assert.Contains(" -Frozen 'conv*','$x' -Unfrozen dense_1 ", training, StringComparison.Ordinal);
        Assert.Equal("New-DenseLayer 4 -Frozen -Name a |\n    New-BatchNormLayer -Frozen", network);
    }

    [Theory]
    [InlineData("nosuch", null, "LayerUnknown", "'nosuch'")]
    [InlineData("conv2d_1, Pool*", null, "LayerUnknown", "'Pool*'")]
    [InlineData("dense_1", "nosuch", "LayerUnknown", "TrainingOptions.Unfrozen")]
    [InlineData("dropout_1", null, "LayerHasNoWeights", "dropout_1")]
    [InlineData("*", null, "NothingToTrain", "TrainingOptions.Unfrozen")]
    [InlineData("conv2d_?, batch*,resid[t-v]al_1, DENSE_1", null, "NothingToTrain", "dense_1")]
    public void What_cannot_be_frozen_is_refused_before_anything_is_trained(
        string frozen,
        string? unfrozen,
        string id,
        string named
    )
    {
        var model = new Model(Everything(), new Shape(8, 8, 1));
        var options = s_options with { Frozen = LayerPatterns.Of(frozen), Unfrozen = LayerPatterns.Of(unfrozen) };

        var error = Assert.Throws<ConvNetException>(() => new Trainer(model, s_data, options));

        Assert.Equal(id, error.ErrorId);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conv*", "CONV2D_1", true)]
    [InlineData("conv?d_1", "conv2d_1", true)]
    [InlineData("conv[1-3]d_1", "conv2d_1", true)]
    [InlineData("conv[13]d_1", "conv2d_1", false)]
    [InlineData("conv", "conv2d_1", false)]
    [InlineData("features.0", "featuresx0", false)]
    [InlineData("a[3-1]", "a[3-1]", true)]
    [InlineData("a[", "a[", true)]
    [InlineData("*/conv2d_1", "residual_1/conv2d_1", true)]
    public void Patterns_are_PowerShells_wildcards(string pattern, string name, bool matches) =>
        Assert.Equal(matches, LayerPatterns.Of(pattern)!.Matches(name));

    /// <summary>A convolution, two batch norms, a residual block, pooling and dropout in little space.</summary>
    private static LayerSpec[] Everything(double l2 = 0, bool norms = true) =>
        [
            new ConvLayer(16) { L2 = l2, Activation = Activation.ReLU },
            .. norms ? [new BatchNormLayer()] : Array.Empty<LayerSpec>(),
            new ActivationLayer(Activation.ReLU),
            new MaxPoolLayer(new(2, 2)),
            new ResidualBlock([
                new ConvLayer(16) { Padding = Padding.Same, Activation = Activation.SiLU },
                new ConvLayer(16) { Padding = Padding.Same, L2 = l2 },
                .. norms ? [new BatchNormLayer()] : Array.Empty<LayerSpec>(),
            ]),
            new DropoutLayer(0.25),
            new FlattenLayer(),
            new DenseLayer(3) { Activation = Activation.Softmax, L2 = l2 },
        ];

    private static Span<float> Parameter(Model model, string name) =>
        model.Store.Span(model.Store.Slots.Single(slot => slot.Name == name));

    [Theory]
    // Both name the same, a pattern that covers it, and the other way around.
    [InlineData("dense_1", "dense_1", "TrainingOptions.Frozen dense_1 freezes no layer")]
    [InlineData("dense_1, dense_2", "DENSE_1", "TrainingOptions.Frozen dense_1 freezes no layer")]
    [InlineData("dense_1", "dense_*", "TrainingOptions.Frozen dense_1 freezes no layer")]
    [InlineData("*", "*", "TrainingOptions.Frozen * freezes no layer")]
    [InlineData(null, "dense_2", "TrainingOptions.Unfrozen dense_2 does nothing")]
    [InlineData("dense_1", "dense_2", "TrainingOptions.Unfrozen dense_2 does nothing")]
    public void Names_that_contradict_each_other_or_change_nothing_are_refused(
        string? frozen,
        string unfrozen,
        string message
    )
    {
        var model = new Model(Networks.SmallDense, s_data.Shape);
        var options = s_options with { Frozen = LayerPatterns.Of(frozen), Unfrozen = LayerPatterns.Of(unfrozen) };

        var error = Assert.Throws<ConvNetException>(() => new Trainer(model, s_data, options));

        Assert.Equal("TrainingOptionInvalid", error.ErrorId);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_without_a_letter_is_refused_where_somebody_gives_it()
    {
        Assert.Null(LayerPatterns.Given("Frozen", []));
        Assert.Equal(["a", "b"], LayerPatterns.Given("Frozen", ["a,b"])!.Patterns);
        foreach (
            var names in (string?[][])
                [
                    [""],
                    ["a", " "],
                    [null],
                    [","],
                ]
        )
        {
            var error = Assert.Throws<ConvNetException>(() => LayerPatterns.Given("Frozen", names));
            Assert.Contains("TrainingOptions.Frozen", error.Message, StringComparison.Ordinal);
        }
    }

    private sealed class StopAfter(int batches, CancellationTokenSource source) : ITrainingObserver
    {
        private int _done;

        public void OnBatch(in BatchProgress progress)
        {
            if (++_done == batches)
                source.Cancel();
        }

        public void OnEpoch(EpochRecord epoch) { }

        public void OnMessage(string message) { }
    }
}
