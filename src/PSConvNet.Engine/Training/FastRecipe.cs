namespace PSConvNet;

/// <summary>
/// What <see cref="Recipe.Fast"/> picks: one cycle of the learning rate (Smith 2018, arXiv:1803.09820) on Adam with short memories
/// and a little label smoothing. Tuned on 55,000 digits and judged on the 5,000 left over; docs/performance.md has what was tried.
/// </summary>
public static class FastRecipe
{
    /// <summary>Epochs where none are asked for.</summary>
    public const double Epochs = 2;

    /// <summary>The peak where convolutions share their weights over the image.</summary>
    private const double ConvolutionalRate = 0.01;

    /// <summary>The peak of a network without convolutions, which has more weights and fewer positions to average over.</summary>
    private const double DenseRate = 0.003;

    /// <summary>The options for a network; a user's own settings are laid over them.</summary>
    /// <param name="model">The network.</param>
    /// <param name="epochs">How long it will be trained; above 0. The cycle is stretched over it.</param>
    public static TrainingOptions For(Model model, double epochs)
    {
        ArgumentNullException.ThrowIfNull(model);
        var convolutional = model
            .Network.SelectMany(layer => layer.SelfAndDescendants())
            .Any(layer => layer.Layer.Family == LayerFamily.Convolution);
        return new TrainingOptions
        {
            Recipe = Recipe.Fast,
            Epochs = epochs,
            Optimizer = new AdamOptimizer
            {
                LearningRate = convolutional ? ConvolutionalRate : DenseRate,
                Beta1 = 0.7,
                Beta2 = 0.97,
            },
            Schedule = new OneCycleSchedule { WarmUp = 0.2, EndFactor = 0 },
            LabelSmoothing = 0.1,
        };
    }
}
