using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PSConvNet.Tests.Training;

/// <summary>Every optimizer in every mode, with torch.optim's optimizer of the same settings as its judge.</summary>
internal static class OptimizerCases
{
    private static readonly Dictionary<
        string,
        (OptimizerSpec Ours, Func<IEnumerable<Parameter>, optim.Optimizer> Torch)
    > s_cases = new()
    {
        ["SGD"] = (new SgdOptimizer(), p => optim.SGD(p, 0.01)),
        ["SGD, weight decay"] = (
            new SgdOptimizer { LearningRate = 0.05, WeightDecay = 0.1 },
            p => optim.SGD(p, 0.05, weight_decay: 0.1)
        ),
        ["SGD, momentum"] = (new SgdOptimizer { Momentum = 0.9 }, p => optim.SGD(p, 0.01, momentum: 0.9)),
        ["SGD, Nesterov, weight decay"] = (
            new SgdOptimizer
            {
                Momentum = 0.8,
                Nesterov = true,
                WeightDecay = 0.01,
            },
            p => optim.SGD(p, 0.01, momentum: 0.8, nesterov: true, weight_decay: 0.01)
        ),
        ["Adam"] = (new AdamOptimizer(), p => optim.Adam(p, 1e-3, 0.9, 0.999, 1e-8)),
        ["Adam, other settings, weight decay"] = (
            new AdamOptimizer
            {
                LearningRate = 0.008,
                Beta1 = 0.7,
                Beta2 = 0.9,
                Epsilon = 1e-3,
                WeightDecay = 0.05,
            },
            p => optim.Adam(p, 0.008, 0.7, 0.9, 1e-3, 0.05)
        ),
        ["AdamW"] = (new AdamWOptimizer(), p => optim.AdamW(p, 1e-3, 0.9, 0.999, 1e-8, 0.01)),
        ["AdamW, no weight decay"] = (
            new AdamWOptimizer { WeightDecay = 0 },
            p => optim.AdamW(p, 1e-3, 0.9, 0.999, 1e-8, 0)
        ),
        ["Adadelta"] = (new AdadeltaOptimizer(), p => optim.Adadelta(p, 1.0, 0.9, 1e-6)),
        ["Adadelta, other settings, weight decay"] = (
            new AdadeltaOptimizer
            {
                LearningRate = 0.5,
                Rho = 0.95,
                Epsilon = 1e-4,
                WeightDecay = 0.02,
            },
            p => optim.Adadelta(p, 0.5, 0.95, 1e-4, 0.02)
        ),
        ["RMSprop"] = (new RmsPropOptimizer(), p => optim.RMSProp(p, 0.01, 0.99, 1e-8)),
        ["RMSprop, momentum, weight decay"] = (
            new RmsPropOptimizer { Momentum = 0.9, WeightDecay = 0.01 },
            p => optim.RMSProp(p, 0.01, 0.99, 1e-8, weight_decay: 0.01, momentum: 0.9)
        ),
        ["RMSprop, centered"] = (
            new RmsPropOptimizer
            {
                LearningRate = 0.001,
                Rho = 0.9,
                Centered = true,
            },
            p => optim.RMSProp(p, 0.001, 0.9, 1e-8, centered: true)
        ),
        ["RMSprop, centered, momentum, weight decay"] = (
            new RmsPropOptimizer
            {
                LearningRate = 0.001,
                Centered = true,
                Momentum = 0.5,
                WeightDecay = 0.1,
                Epsilon = 1e-4,
            },
            p => optim.RMSProp(p, 0.001, 0.99, 1e-4, weight_decay: 0.1, momentum: 0.5, centered: true)
        ),
        ["Adagrad"] = (new AdagradOptimizer(), p => optim.Adagrad(p, 0.01, 0, 0, 0, 1e-10)),
        ["Adagrad, other settings, weight decay"] = (
            new AdagradOptimizer
            {
                LearningRate = 0.1,
                LearningRateDecay = 0.05,
                InitialAccumulator = 0.3,
                WeightDecay = 0.02,
            },
            p => optim.Adagrad(p, 0.1, 0.05, 0.02, 0.3, 1e-10)
        ),
    };

    public static TheoryData<string> Names => [.. s_cases.Keys];

    public static OptimizerSpec Ours(string name) => s_cases[name].Ours;

    public static optim.Optimizer Torch(string name, IEnumerable<Parameter> parameters) =>
        s_cases[name].Torch(parameters);

    /// <summary>Normally distributed numbers.</summary>
    public static float[] Normal(Random random, int count, double scale = 1) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                    (float)(
                        scale
                        * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
                        * Math.Cos(2 * Math.PI * random.NextDouble())
                    )
                ),
        ];
}
