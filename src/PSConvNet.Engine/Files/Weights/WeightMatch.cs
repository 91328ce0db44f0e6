namespace PSConvNet.Files;

/// <summary>How the tensors of a weights file find their places in a network.</summary>
public enum WeightMatch
{
    /// <summary>Each under its name: <c>conv2d_1.weight</c>. A prefix that all names of the file share counts for nothing.</summary>
    Name,

    /// <summary>
    /// The file's modules to the layers of the same shapes, in the order of both; for networks whose layers have other names. Where only the
    /// order tells layers apart, the result says so.
    /// </summary>
    Order,
}

/// <summary>Whose names and layouts a weights file has.</summary>
public enum WeightsOrigin
{
    /// <summary>
    /// PyTorch's: <c>weight</c>, <c>bias</c>, <c>running_mean</c>, <c>running_var</c>; kernels out x in x height x width, dense ones out x in,
    /// and images flattened channel by channel.
    /// </summary>
    PyTorch,

    /// <summary>
    /// Keras': <c>kernel</c>, <c>bias</c>, <c>gamma</c>, <c>beta</c>, <c>moving_mean</c>, <c>moving_variance</c>; kernels height x width x in x
    /// out, dense ones in x out, and images flattened pixel by pixel.
    /// </summary>
    Keras,
}
