using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.optim.lr_scheduler;

namespace PSConvNet.Tests.Training;

public class ScheduleAgainstTorchTests
{
    private const double BaseRate = 0.4;

    [Fact]
    public void Step_is_torchs_StepLR() =>
        Compare(new StepSchedule { Every = 3, Factor = 0.7 }, optimizer => StepLR(optimizer, 3, 0.7), stepsPerEpoch: 1);

    [Fact]
    public void Exponential_is_torchs_ExponentialLR_at_the_start_of_each_epoch() =>
        Compare(new ExponentialSchedule { Factor = 0.93 }, optimizer => ExponentialLR(optimizer, 0.93), 1);

    [Fact]
    public void Cosine_is_torchs_CosineAnnealingLR() =>
        Compare(
            new CosineSchedule { EndFactor = 0.05 },
            optimizer => CosineAnnealingLR(optimizer, 60, eta_min: BaseRate * 0.05),
            7
        );

    [Theory]
    [InlineData(0.3, 25, 1e4)]
    [InlineData(0.2, 10, 100)]
    [InlineData(0.07, 3, 7)]
    public void OneCycle_is_torchs_OneCycleLR(double warmUp, double divisor, double finalDivisor) =>
        Compare(
            new OneCycleSchedule
            {
                PeakFactor = 2.5,
                WarmUp = warmUp,
                StartFactor = 1 / divisor,
                EndFactor = 1 / divisor / finalDivisor,
            },
            optimizer =>
                OneCycleLR(
                    optimizer,
                    BaseRate * 2.5,
                    total_steps: 60,
                    pct_start: warmUp,
                    cycle_momentum: false,
                    div_factor: divisor,
                    final_div_factor: finalDivisor
                ),
            7
        );

    [Fact]
    public void ReduceOnPlateau_is_torchs_ReduceLROnPlateau()
    {
        LibTorch.EnsureLoaded();
        var schedule = new ReduceOnPlateauSchedule
        {
            Factor = 0.6,
            Patience = 2,
            Threshold = 0.01,
            Cooldown = 2,
            MinimumFactor = 0.1,
        };
        using var parameter = new Parameter(zeros(1));
        using var optimizer = optim.SGD([parameter], BaseRate);
        var judge = ReduceLROnPlateau(
            optimizer,
            factor: 0.6,
            patience: 2,
            threshold: 0.01,
            cooldown: 2,
            min_lr: [BaseRate * 0.1]
        );
        var runner = new ScheduleRunner(schedule, BaseRate, 1000, 1);
        var random = new Random(11);

        for (var epoch = 0; epoch < 60; epoch++)
        {
            var loss = Math.Exp(-epoch / 10.0) + 0.3 * random.NextDouble();
            judge.step(loss);
            runner.EndEpoch(loss);
            Assert.Equal(optimizer.ParamGroups.Single().LearningRate, runner.Rate(epoch + 1), 1e-12);
        }
        Assert.Equal(0.1, runner.State.Reduction, 1e-12);
    }

    private static void Compare(
        LearningRateSchedule schedule,
        Func<optim.Optimizer, LRScheduler> torch,
        int stepsPerEpoch
    )
    {
        LibTorch.EnsureLoaded();
        const int total = 60;
        using var parameter = new Parameter(zeros(1));
        using var optimizer = optim.SGD([parameter], BaseRate);
        var judge = torch(optimizer);
        var runner = new ScheduleRunner(schedule, BaseRate, total, stepsPerEpoch);

        for (var step = 0; step < total; step++)
        {
            Assert.Equal(optimizer.ParamGroups.Single().LearningRate, runner.Rate(step), 1e-9);
            if (step < total - 1)
                judge.step();
        }
    }
}
