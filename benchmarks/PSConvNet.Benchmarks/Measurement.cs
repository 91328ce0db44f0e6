using System.Text.Json.Serialization;

namespace PSConvNet.Benchmarks;

/// <summary>How much time a run may take.</summary>
/// <param name="Quick">Whether all of it has to be done in two minutes.</param>
internal sealed record Effort(bool Quick)
{
    /// <summary>How long a rate is measured once it is warm.</summary>
    public double Seconds => Quick ? 1.2 : 10;

    /// <summary>How long a library's loop is warmed up, which comes compiled.</summary>
    public double WarmUp => Quick ? 0.8 : 3;

    /// <summary>How long ours is: the JIT compiles its loops anew until then. What that costs a user is in other rows.</summary>
    public double JitWarmUp => Quick ? 1.6 : 5;
}

/// <summary>What a measurement came to.</summary>
/// <param name="Values">A value for each of its quantities, in their order; empty where it could not be measured.</param>
/// <param name="Note">What a reader should know about how it was measured, or null.</param>
/// <param name="Missing">What is to be installed before it can be measured, or null.</param>
/// <param name="Failure">Why there are no values though there should be, or null.</param>
internal sealed record Outcome(double[] Values, string? Note = null, string? Missing = null, string? Failure = null)
{
    /// <summary>It was measured.</summary>
    public static Outcome Of(params double[] values) => new(values);

    /// <summary>It can't be measured on this machine as it is.</summary>
    public static Outcome NotMeasured(string missing) => new([], Missing: missing);
}

/// <summary>
/// Something that is measured in a process of its own, so that no peer inherits another's threads, allocator or caches.
/// </summary>
/// <param name="name">Names it on the child's command line.</param>
internal abstract class Measurement(string name)
{
    /// <summary>Has everything in a process use vectors of 256 bits at most: the processors that most people have.</summary>
    public static IReadOnlyDictionary<string, string> Avx2Only { get; } =
        new Dictionary<string, string>
        {
            ["DOTNET_EnableAVX512"] = "0",
            ["DOTNET_EnableAVX512F"] = "0",
            ["ONEDNN_MAX_CPU_ISA"] = "AVX2",
            ["ATEN_CPU_CAPABILITY"] = "avx2",
            ["MKL_ENABLE_INSTRUCTIONS"] = "AVX2",
        };

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>What it gives.</summary>
    public abstract IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>How many times it is measured; the table shows medians.</summary>
    public virtual int Rounds(bool quick) => quick ? 1 : 5;

    /// <summary>Environment variables of its process.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it measures time, for which it must have the machine to itself.</summary>
    public virtual bool IsTimed => true;

    /// <summary>Measures. Runs in the child.</summary>
    public abstract Outcome Run(Effort effort);
}

/// <summary>The form in which a child hands its outcome to its parent.</summary>
[JsonSerializable(typeof(Outcome))]
[JsonSourceGenerationOptions(NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
internal sealed partial class OutcomeJson : JsonSerializerContext;
