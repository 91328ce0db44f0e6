using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace PSConvNet.Models;

/// <summary>
/// A list of layers prepared for one input shape, with its weights: a flat list of fp32 parameters in managed memory, so nothing has to be released
/// explicitly. Training changes the weights in place.
/// </summary>
public sealed class Model
{
    /// <summary>The name unless another one is given.</summary>
    public const string DefaultName = MessageText.UnnamedModel;

    /// <summary>The seed unless another one is given.</summary>
    public const long DefaultSeed = 1;

    private readonly UseLock _use = new();
    private IReadOnlyList<string> _classNames = [];

    // Whether the weights have been looked at since they last changed: that takes as long as answering for an image does.
    private volatile bool _hasAnswers;

    /// <summary>Infers every shape, refuses what can't work, and draws the weights.</summary>
    /// <param name="layers">First to last; at least one.</param>
    /// <param name="inputShape">One sample's shape: 28 x 28 x 1.</param>
    /// <param name="name">The model's name.</param>
    /// <param name="seed">Names the initial weights: equal seeds give equal ones.</param>
    /// <exception cref="ConvNetException">
    /// <c>ModelEmpty</c>, <c>ModelTooLarge</c>, <c>LayerSettingInvalid</c>, <c>LayerShapeMismatch</c>, <c>LayerNameDuplicate</c>.
    /// </exception>
    public Model(IEnumerable<LayerSpec> layers, Shape inputShape, string name = DefaultName, long seed = DefaultSeed)
        : this(layers, inputShape, name, seed, draw: true) { }

    /// <summary>The same; where <paramref name="draw"/> is false, without weights until somebody fills them in.</summary>
    internal Model(IEnumerable<LayerSpec> layers, Shape inputShape, string name, long seed, bool draw)
    {
        Layers = [.. layers];
        InputShape = inputShape;
        Name = PrintableText.Of(name);
        Seed = seed;
        if (Layers.IsEmpty)
        {
            throw new ConvNetException(
                ErrorIds.ModelEmpty,
                ErrorKind.InvalidArgument,
                "A model needs at least one layer.",
                name
            );
        }
        var compiled = new ModelCompiler(this);
        Network = compiled.Network;
        Kernels = compiled.Kernels;
        Store = compiled.Store;
        Summary = new ModelSummary(Name, inputShape, compiled.Rows);
        Warnings = compiled.Warnings;
        if (draw)
            Store.Initialize(seed);
    }

    /// <summary>The model's name.</summary>
    public string Name { get; }

    /// <summary>The layers, first to last.</summary>
    public ImmutableArray<LayerSpec> Layers { get; }

    /// <summary>The shape of one sample.</summary>
    public Shape InputShape { get; }

    /// <summary>The shape of one sample's output.</summary>
    public Shape OutputShape => Summary.OutputShape;

    /// <summary>What named the initial weights.</summary>
    public long Seed { get; }

    /// <summary>A row a layer: name, output shape, parameters; and the totals.</summary>
    public ModelSummary Summary { get; }

    /// <summary>The number of parameters, trained or not.</summary>
    public int ParameterCount => Summary.ParameterCount;

    /// <summary>The number of parameters that training changes.</summary>
    public int TrainableParameterCount => Summary.TrainableParameterCount;

    /// <summary>What is odd about the network though it can be trained: a softmax in its middle.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>
    /// How many epochs the model has been trained for, over all runs. A part of an epoch counts as a part: 0.5 after half of the training images.
    /// An epoch whose loss is no longer a number isn't counted: the model goes back to its start.
    /// </summary>
    public double TrainedEpochs { get; internal set; }

    /// <summary>
    /// The names of the classes that its outputs stand for, output by output: those of its first training, or what it was named since.
    /// Empty before; outputs beyond them go by their numbers.
    /// </summary>
    public IReadOnlyList<string> ClassNames
    {
        get => _classNames;
        internal set => _classNames = ClassName.Normal(value);
    }

    /// <summary>The trainings it has had, first to last, those before it was saved too.</summary>
    public IReadOnlyList<TrainingRun> Runs { get; internal set; } = [];

    /// <summary>What the pixels were like that it learned from last; null before its first training, and where a file doesn't say.</summary>
    public PixelStatistics? TrainingPixels { get; internal set; }

    /// <summary>
    /// How users' pictures are prepared for it, chosen by the images it learned from; null where they are only resized.
    /// </summary>
    public ImagePreparation? Preparation => TrainingPixels?.PreparationFor(InputShape);

    /// <summary>Where it stands in the order of each seed it was trained with; the next training goes on there.</summary>
    public IReadOnlyList<TrainingPosition> Positions { get; internal set; } = [];

    /// <summary>Whether its weights were read from a file rather than drawn, so that its outputs may have been taught elsewhere.</summary>
    internal bool HasWeightsOfFile { get; set; }

    /// <summary>What a file it was read from held beyond what this version knows, to be kept when it is saved again; or null.</summary>
    internal JsonObject? Unknown { get; set; }

    /// <summary>The names of all parameters, in the layers' order: <c>conv2d_1.kernel</c>.</summary>
    public IReadOnlyList<string> ParameterNames => Store.Slots.Select(slot => slot.Name).ToArray();

    /// <summary>The layers in their places, with those within blocks.</summary>
    internal IReadOnlyList<CompiledLayer> Network { get; }

    /// <summary>What computes the layers, first to last.</summary>
    internal IReadOnlyList<Kernel> Kernels { get; }

    /// <summary>What its outputs are before a final softmax: scores that a softmax turns into probabilities, or values.</summary>
    internal OutputKind Output => OutputKinds.Of(Kernels);

    internal ParameterStore Store { get; }

    /// <summary>A copy of a parameter's values, in its stored layout: kernels are out x height x width x in, or out x in.</summary>
    /// <param name="name">One of <see cref="ParameterNames"/>.</param>
    /// <exception cref="ConvNetException"><c>ParameterUnknown</c>: there is none of that name.</exception>
    public float[] GetParameter(string name)
    {
        var slot =
            Store.Slots.FirstOrDefault(slot => slot.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ConvNetException(
                ErrorIds.ParameterUnknown,
                ErrorKind.NotFound,
                $"{Name} has no parameter '{name}'; it has {ParameterNames}.",
                name
            );
        return Store.Span(slot).ToArray();
    }

    /// <summary>The model on one line.</summary>
    public override string ToString() =>
        FormattableString.Invariant(
            $"{Name}: {InputShape} -> {OutputShape}, {Counted.Of(Layers.Length, "layer")}, {Counted.Of(ParameterCount, "parameter")}"
        );

    /// <summary>A model of its own that is now as this one is: equal layers, weights and statistics.</summary>
    /// <param name="name">The copy's name, or null for this model's.</param>
    /// <param name="classNames">
    /// What the copy's outputs stand for, from the first one on, in names that are all different; or null for the same as this model's.
    /// </param>
    /// <exception cref="ConvNetException">
    /// <c>ModelBusy</c>: it is being trained. <c>ClassCountMismatch</c>: there are not as many names as outputs. <c>ClassNameDuplicate</c>.
    /// </exception>
    public Model Copy(string? name = null, IReadOnlyList<string>? classNames = null)
    {
        var names = ClassNames;
        if (classNames is not null)
        {
            names = ClassName.Normal(classNames);
            ClassName.RequireDistinct(names, name ?? Name);
            _ = OutputClasses.Renamed(this, names);
        }
        using var claim = UseForReading();
        var copy = new Model(Layers, InputShape, name ?? Name, Seed)
        {
            TrainedEpochs = TrainedEpochs,
            ClassNames = names,
            TrainingPixels = TrainingPixels,
            Positions = Positions,
            Unknown = Unknown,
            HasWeightsOfFile = HasWeightsOfFile,
        };
        copy.Runs = Runs.Select(run => run with { Model = copy }).ToArray();
        Store.Values.CopyTo(copy.Store.Values, 0);
        return copy;
    }

    /// <summary>
    /// An untrained model of the same layers: nothing of what this one has learned. It can be made while this one is being trained.
    /// </summary>
    /// <param name="name">Its name, or null for this model's.</param>
    /// <param name="seed">Names its initial weights; null for this model's seed, which gives the weights this one began with.</param>
    public Model CopyUntrained(string? name = null, long? seed = null) =>
        new(Layers, InputShape, name ?? Name, seed ?? Seed);

    /// <summary>Claims the model for training: nobody else may read or write its weights meanwhile.</summary>
    internal IDisposable UseForTraining()
    {
        var claim = _use.Write(Name);
        _hasAnswers = false;
        return claim;
    }

    /// <summary>Refuses weights that no answer can come from; the caller has claimed the model for reading.</summary>
    /// <exception cref="ConvNetException"><c>PredictionsInvalid</c>.</exception>
    internal void RequireAnswers()
    {
        if (_hasAnswers)
            return;
        UsableWeights.RequireToAnswer(this);
        _hasAnswers = true;
    }

    /// <summary>Claims the model for reading: others may read too.</summary>
    internal IDisposable UseForReading() => _use.Read(Name);
}
