namespace PSConvNet.Training;

/// <summary>Whether a loss can be computed from what a network gives.</summary>
internal static class LossFit
{
    /// <summary>Refuses a loss that means nothing for a model's outputs.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss.</param>
    /// <exception cref="ConvNetException"><c>LossMismatch</c>.</exception>
    public static void Require(Model model, Loss loss)
    {
        if (loss == Loss.CrossEntropy && model.Output != OutputKind.Logits)
        {
            throw Mismatch(
                model,
                $"{model.Name} ends in an activation whose outputs aren't probabilities of classes, which cross-entropy needs: end it with Activation.Softmax, or use Loss.MeanSquaredError."
            );
        }
        if (
            loss == Loss.MeanSquaredError
            && model.Kernels[^1] is ActivationKernel { Activation: Activation.LogSoftmax }
        )
        {
            throw Mismatch(
                model,
                $"{model.Name} ends in LogSoftmax, whose outputs are logarithms and can't become 1 for the right class, as a mean squared error wants: end it with Activation.Softmax, or use Loss.CrossEntropy."
            );
        }
    }

    private static ConvNetException Mismatch(Model model, MessageText message) =>
        new(ErrorIds.LossMismatch, ErrorKind.InvalidArgument, message, model);
}
