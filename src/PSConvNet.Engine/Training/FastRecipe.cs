namespace PSConvNet.Training;

/// <summary>
/// The settings of <see cref="Recipe.Fast"/>: one cycle of the learning rate (Smith 2018, arXiv:1803.09820) on Adam with short memories
/// and a little label smoothing. Tuned on 55,000 digits and judged on the other 5,000; docs/performance.md lists what was tried.
/// </summary>
public static class FastRecipe
{
    /// <summary>The default number of epochs.</summary>
    public const double Epochs = 2;

    /// <summary>The peak rate of a network with convolutions, which share their weights over the image.</summary>
    private const double ConvolutionalRate = 0.01;

    /// <summary>The peak rate of a network without convolutions, which has more weights and fewer positions to average over.</summary>
    private const double DenseRate = 0.003;

    /// <summary>The options for a network; the user's own settings replace them.</summary>
    /// <param name="model">The network.</param>
    /// <param name="epochs">The number of epochs, above 0; the length of the cycle.</param>
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
