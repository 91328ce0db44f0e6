namespace PSConvNet.Files;

/// <summary>A tensor of a file and the parameter it went to.</summary>
/// <param name="Tensor">Its name in the file.</param>
/// <param name="Parameter">The parameter's name in the file's convention: <c>conv2d_1.weight</c>.</param>
/// <param name="Shape">The tensor's shape: <c>32 x 1 x 3 x 3</c>.</param>
public sealed record WeightPair(string Tensor, string Parameter, string Shape)
{
    /// <inheritdoc />
    public override string ToString() => $"{Tensor} ({Shape}) -> {Parameter}";
}

/// <summary>What of a file went where.</summary>
/// <param name="Pairs">The tensors that were loaded.</param>
/// <param name="Unfilled">Layers that a partial load left as they were, each with the reason.</param>
/// <param name="Unused">Tensors of the file that a partial load had no use for.</param>
/// <param name="Warnings">What may be wrong although everything fits.</param>
public sealed record WeightsReport(
    IReadOnlyList<WeightPair> Pairs,
    IReadOnlyList<string> Unfilled,
    IReadOnlyList<string> Unused,
    IReadOnlyList<string> Warnings
);
