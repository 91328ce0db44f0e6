using PSConvNet.Benchmarks.Measurements;

namespace PSConvNet.Benchmarks;

/// <summary>What is measured and what must come of it: the table of the project's third issue, row by row.</summary>
internal static class Table
{
    /// <summary>The rows, in the order they are printed.</summary>
    public static IReadOnlyList<Row> Rows { get; } =
    [
        new("training images/s against the plain loop", EngineTraining.Auto.Rate, PlainLoop.Default.Rate)
        {
            Must = 3.0,
            Aim = 4.0,
        },
        new("the same with -Precision Float32", EngineTraining.Float32.Rate, PlainLoop.Default.Rate)
        {
            Must = 1.5,
            Aim = 2.0,
        },
        // What of the gain is no more than the allocator's: nobody's default, but a fairer peer.
        new("against the plain loop when glibc keeps memory", EngineTraining.Auto.Rate, PlainLoop.KeepingMemory.Rate),
        new("against PyTorch of python3-torch", EngineTraining.Auto.Rate, PythonLoop.Instance.Rate) { Must = 6.0 },
        new("DeepConv against its plain loop", EngineTraining.Deep.Rate, PlainLoop.Deep.Rate) { Must = 2.0 },
        new("seconds to 99.0 %, the tutorial's network", RoadTo99.Tutorial.Time)
        {
            Better = Better.Lower,
            Must = 20,
            Aim = 12,
        },
        new("accuracy the tutorial's network reached in them", RoadTo99.Tutorial.Accuracy) { Must = 99.0 },
        new("seconds to 99.0 %, FastConv", RoadTo99.Fast.Time)
        {
            Better = Better.Lower,
            Must = 5,
            Aim = 2.5,
        },
        new("accuracy FastConv reached in them", RoadTo99.Fast.Accuracy) { Must = 99.0 },
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
            Must = 0.5,
            Aim = 0.33,
        },
        new("1,000 images against ONNX Runtime", EngineInference.Instance.Rate, OnnxRuntimePeer.Instance.Rate)
        {
            Must = 1.2,
            Aim = 1.9,
        },
        new("one image's latency to ONNX Runtime's", EngineInference.Instance.Latency, OnnxRuntimePeer.Instance.Latency)
        {
            Better = Better.Lower,
            Must = 2.0,
            Aim = 1.0,
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
            Must = 700,
            Aim = 450,
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
        EngineTraining.Deep,
        PlainLoop.Deep,
        RoadTo99.Tutorial,
        RoadTo99.Fast,
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
