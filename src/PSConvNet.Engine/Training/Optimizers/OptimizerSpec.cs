using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;

namespace PSConvNet.Training;

/// <summary>
/// How gradients change the weights: an update rule and its settings. Immutable and equal by value; change a setting with
/// <c>spec with { LearningRate = 0.01 }</c>. The rules and their defaults are those of PyTorch 2 (torch.optim); the state of a rule between steps is
/// in an <see cref="OptimizerState"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(SgdOptimizer), "SGD")]
[JsonDerivedType(typeof(AdamOptimizer), "Adam")]
[JsonDerivedType(typeof(AdamWOptimizer), "AdamW")]
[JsonDerivedType(typeof(AdadeltaOptimizer), "Adadelta")]
[JsonDerivedType(typeof(RmsPropOptimizer), "RMSprop")]
[JsonDerivedType(typeof(AdagradOptimizer), "Adagrad")]
public abstract record OptimizerSpec
{
    private static readonly SpecTerms s_terms = new(
        "optimizer",
        ErrorIds.OptimizerUnknown,
        ErrorIds.OptimizerSettingUnknown,
        ErrorIds.OptimizerSettingInvalid,
        Type: nameof(OptimizerSpec)
    );

    private static readonly SpecCatalog<OptimizerSpec> s_catalog = new(
        s_terms,
        spec => spec.Name,
        () => new SgdOptimizer(),
        () => new AdamOptimizer(),
        () => new AdamWOptimizer(),
        () => new AdadeltaOptimizer(),
        () => new RmsPropOptimizer(),
        () => new AdagradOptimizer()
    );

    private protected OptimizerSpec(double learningRate, double weightDecay = 0)
    {
        LearningRate = learningRate;
        WeightDecay = weightDecay;
    }

    /// <summary>The names <see cref="Parse"/> knows: SGD, Adam, AdamW, Adadelta, RMSprop, Adagrad.</summary>
    public static IReadOnlyList<string> Names => s_catalog.Names;

    /// <summary>The rule's name, as in <see cref="Names"/>.</summary>
    [JsonIgnore]
    public abstract string Name { get; }

    /// <summary>The base learning rate, which a schedule multiplies. Above 0; each rule has its own default.</summary>
    public double LearningRate
    {
        get;
        init => field = Check(value, value > 0 && double.IsFinite(value), "a finite number above 0");
    }

    /// <summary>
    /// Pulls every parameter, biases too, towards zero; 0 or more. It adds <c>WeightDecay * w</c> to the gradient (L2), but in
    /// <see cref="AdamWOptimizer"/> shrinks the weights directly.
    /// </summary>
    public double WeightDecay
    {
        get;
        init => field = Check(value, value >= 0 && double.IsFinite(value), "0 or a finite number above it");
    }

    /// <summary>
    /// What the rule remembers of each parameter, one buffer of the parameters' size a name, in a fixed order. Empty for plain
    /// SGD.
    /// </summary>
    [JsonIgnore]
    public abstract ImmutableArray<string> StateNames { get; }

    /// <summary>How many buffers of the parameters' size the rule needs.</summary>
    [JsonIgnore]
    public int StateCount => StateNames.Length;

    /// <summary>The settings by name, those all rules have first.</summary>
    [JsonIgnore]
    public IReadOnlyList<KeyValuePair<string, object>> Settings => SpecSettings.Read(this);

    /// <summary>Every setting with its value, as one line: <c>LearningRate 0.01, WeightDecay 0, ...</c></summary>
    [JsonIgnore]
    public string SettingsText => SpecSettings.Print(this, null);

    /// <summary>The optimizer of that name with its defaults.</summary>
    /// <param name="name">One of <see cref="Names"/>; case and dashes don't matter.</param>
    /// <exception cref="ConvNetException"><c>OptimizerUnknown</c>: no such name.</exception>
    public static OptimizerSpec Parse(string name) => s_catalog.Find(name);

    /// <summary>The optimizer of that name with settings by name; those left out keep their defaults.</summary>
    /// <param name="name">One of <see cref="Names"/>; case and dashes don't matter.</param>
    /// <param name="settings">Pairs such as <c>Momentum</c>, 0.9.</param>
    /// <exception cref="ConvNetException">
    /// <c>OptimizerUnknown</c>: no such name. <c>OptimizerSettingUnknown</c>: that optimizer has no such setting.
    /// <c>OptimizerSettingInvalid</c>: a value outside its range, or two that exclude each other.
    /// </exception>
    public static OptimizerSpec Create(string name, IEnumerable<KeyValuePair<string, object>> settings)
    {
        var spec = s_catalog.Create(name, settings);
        spec.Validate();
        return spec;
    }

    /// <summary>
    /// Checks what no setting can check alone; a single setting out of its range is refused when it is set.
    /// </summary>
    /// <exception cref="ConvNetException"><c>OptimizerSettingInvalid</c>: two settings exclude each other.</exception>
    public virtual void Validate() { }

    /// <summary>The name and every setting that is not the default: <c>SGD (LearningRate 0.01, Momentum 0.9)</c>.</summary>
    public sealed override string ToString() =>
        $"{Name} ({SpecSettings.Print(this, Parse(Name), nameof(LearningRate))})";

    /// <summary>What a state buffer holds before the first step.</summary>
    internal virtual float InitialState(string name) => 0;

    /// <summary>Takes one step on a segment.</summary>
    /// <param name="segment">Weights, gradients and state, cut alike.</param>
    /// <param name="step">The step's number, from 1.</param>
    /// <param name="learningRate">The rate of this step.</param>
    internal abstract void Update(in OptimizerSegment segment, long step, double learningRate);

    private protected double Check(double value, bool valid, string range, [CallerMemberName] string setting = "") =>
        valid ? value : throw SpecSettings.Invalid(s_terms, Name, setting, value, range);

    private protected double CheckDecay(double value, [CallerMemberName] string setting = "") =>
        Check(value, value is >= 0 and < 1, "a number from 0 to below 1", setting);

    private protected double CheckEpsilon(double value, [CallerMemberName] string setting = "") =>
        Check(value, value is > 0 and <= 1, "a number above 0, at most 1", setting);
}
