using PSConvNet.Benchmarks.Measurements;

namespace PSConvNet.Benchmarks;

/// <summary>What is measured and what must come of it: the limits are what it came to on two cores of Zen 5, or is to come to.</summary>
internal static class Table
{
    /// <summary>The rows, in the order they are printed.</summary>
    public static IReadOnlyList<Row> Rows { get; } =
    [
        new("training images/s against the plain loop", EngineTraining.Auto.Rate, PlainLoop.Default.Rate)
        {
            Must = 5.5,
            Aim = 7.0,
        },
        new("the same with -Precision Float32", EngineTraining.Float32.Rate, PlainLoop.Default.Rate)
        {
            Must = 4.0,
            Aim = 5.0,
        },
        new("both told to use AVX2 only", EngineTraining.Avx2.Rate, PlainLoop.Avx2.Rate) { Must = 3.5, Aim = 4.5 },
        // What of the gain is no more than the allocator's: nobody's default, but a fairer peer.
        new("against the plain loop when glibc keeps memory", EngineTraining.Auto.Rate, PlainLoop.KeepingMemory.Rate),
        new("against PyTorch of python3-torch", EngineTraining.Auto.Rate, PythonLoop.Instance.Rate) { Must = 6.0 },
        new("DeepConv against its plain loop", EngineTraining.Deep.Rate, PlainLoop.Deep.Rate) { Must = 4.0, Aim = 6.0 },
        new("the same with -Precision Float32", EngineTraining.DeepFloat32.Rate, PlainLoop.Deep.Rate)
        {
            Must = 3.5,
            Aim = 5.0,
        },
        new("seconds to 99.0 %, the tutorial's network", RoadTo99.Tutorial.Time)
        {
            Better = Better.Lower,
            Must = 8.5,
            Aim = 7,
        },
        new("accuracy the tutorial's network reached in them", RoadTo99.Tutorial.Accuracy) { Must = 99.0 },
        new("seconds to 99.0 %, FastConv", RoadTo99.Fast.Time)
        {
            Better = Better.Lower,
            Must = 1.5,
            Aim = 1.2,
        },
        new("accuracy FastConv reached in them", RoadTo99.Fast.Accuracy) { Must = 99.0 },
        new("seconds for ten epochs of a LeNet-5", LeNetEpochs.Instance.Time) { Better = Better.Lower },
        new("an epoch with all augmentation against one without", AugmentationCost.Tutorial.Share)
        {
            Better = Better.Lower,
            Must = 1.15,
            Aim = 1.05,
        },
        new("the same with FastConv", AugmentationCost.Fast.Share) { Better = Better.Lower },
        new("seconds to evaluate 10,000 images", EngineInference.Instance.Evaluation)
        {
            Better = Better.Lower,
            Must = 0.25,
            Aim = 0.2,
        },
        new("1,000 images against ONNX Runtime", EngineInference.Instance.Rate, OnnxRuntimePeer.Instance.Rate)
        {
            Must = 2.2,
            Aim = 3.0,
        },
        new("one image's latency to ONNX Runtime's", EngineInference.Instance.Latency, OnnxRuntimePeer.Instance.Latency)
        {
            Better = Better.Lower,
            Must = 1.0,
            Aim = 0.7,
        },
        new("cmdlet path against the engine", CmdletPath.Instance.Share) { Must = 0.98 },
        new("seconds to import the cached digits", EngineInference.Instance.Import)
        {
            Better = Better.Lower,
            Must = 0.7,
            Aim = 0.3,
        },
        new("seconds of Import-Module", ShellStart.Instance.Import) { Better = Better.Lower, Must = 0.5 },
        new("seconds from there to the first trained batch", ShellStart.Instance.FirstBatch)
        {
            Better = Better.Lower,
            Must = 3.0,
        },
        new("peak memory of the tutorial", TutorialMemory.Instance.Peak)
        {
            Better = Better.Lower,
            Must = 400,
            Aim = 300,
        },
        new("growth over 10,000 further batches", MemoryGrowth.Instance.Growth)
        {
            Better = Better.Lower,
            Must = 1.0,
            Aim = 0,
        },
    ];

    /// <summary>Everything that is measured; each round goes through them in this order.</summary>
    public static IReadOnlyList<Measurement> Measurements { get; } =
    [
        EngineTraining.Auto,
        PlainLoop.Default,
        EngineTraining.Float32,
        PlainLoop.KeepingMemory,
        PythonLoop.Instance,
        EngineTraining.Avx2,
        PlainLoop.Avx2,
        EngineTraining.Deep,
        PlainLoop.Deep,
        EngineTraining.DeepFloat32,
        RoadTo99.Tutorial,
        RoadTo99.Fast,
        LeNetEpochs.Instance,
        AugmentationCost.Tutorial,
        AugmentationCost.Fast,
        EngineInference.Instance,
        OnnxRuntimePeer.Instance,
        CmdletPath.Instance,
        ShellStart.Instance,
        TutorialMemory.Instance,
        MemoryGrowth.Instance,
    ];
}
