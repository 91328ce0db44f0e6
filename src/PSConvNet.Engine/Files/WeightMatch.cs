namespace PSConvNet;

/// <summary>How the tensors of a weights file find their places in a network.</summary>
public enum WeightMatch
{
    /// <summary>Each under its name: <c>conv2d_1.weight</c>.</summary>
    Name,

    /// <summary>
    /// The file's modules in the order of their names, numbers counted as numbers (<c>conv2</c> before <c>conv10</c>), to the network's
    /// layers in theirs; for networks whose layers have other names.
    /// </summary>
    Order,
}
