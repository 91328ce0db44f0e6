namespace PSConvNet;

/// <summary>
/// What <see cref="Recipe.Fast"/> picks: one cycle of the learning rate (Smith 2018) on Adam with short memories, with a peak that
/// suits the kind of network. Tuned on 55,000 digits, judged on the 5,000 left over; docs/performance.md says what else was tried.
/// </summary>
public static class FastRecipe
{
    /// <summary>Epochs where none are asked for.</summary>
    public const double Epochs = 2;

    /// <summary>The options for a network; a user's own settings are laid over them.</summary>
    /// <param name="model">The network.</param>
    /// <param name="epochs">How long it will be trained; above 0.</param>
    public static TrainingOptions For(Model model, double epochs)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new TrainingOptions
        {
            Recipe = Recipe.Fast,
            Epochs = epochs,
            Optimizer = new AdamOptimizer
            {
                LearningRate = double.Parse(Environment.GetEnvironmentVariable("LR") ?? "0.004", null),
                Beta1 = double.Parse(Environment.GetEnvironmentVariable("B1") ?? "0.7", null),
                Beta2 = double.Parse(Environment.GetEnvironmentVariable("B2") ?? "0.9", null),
            },
            Schedule = new OneCycleSchedule
            {
                WarmUp = double.Parse(Environment.GetEnvironmentVariable("WU") ?? "0.2", null),
                EndFactor = 0,
            },
            BatchSize = int.Parse(Environment.GetEnvironmentVariable("BS") ?? "128", null),
            LabelSmoothing = double.Parse(Environment.GetEnvironmentVariable("LS") ?? "0", null),
            AverageDecay = double.Parse(Environment.GetEnvironmentVariable("EMA") ?? "0", null),
        };
    }
}
