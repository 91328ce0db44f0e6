namespace PSConvNet.Models;

/// <summary>What a network's outputs are before a final softmax, if it has one.</summary>
internal enum OutputKind
{
    /// <summary>Scores that a softmax turns into probabilities.</summary>
    Logits,

    /// <summary>Values of an activation function that aren't scores.</summary>
    Values,
}

internal static class OutputKinds
{
    /// <summary>What a network's outputs are.</summary>
    /// <param name="kernels">The kernels of its layers, first to last.</param>
    public static OutputKind Of(IEnumerable<Kernel> kernels) =>
        // Dropout and flatten don't change what kind of values an activation returns.
        kernels.LastOrDefault(kernel => kernel is not DropoutKernel and not FlattenKernel)
            is ActivationKernel last
        && !(last.Activation.IsSoftmax() && last == kernels.Last())
            ? OutputKind.Values
            : OutputKind.Logits;
}
