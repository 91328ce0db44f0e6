namespace PSConvNet.Layers;

/// <summary>Kinds of layers that are drawn in one colour.</summary>
internal enum LayerFamily
{
    /// <summary>Layers that only move or drop values.</summary>
    Other,

    /// <summary>Convolutions, which share their weights over the image.</summary>
    Convolution,

    /// <summary>Layers that summarize windows.</summary>
    Pooling,

    /// <summary>Layers in which every output depends on every input.</summary>
    Dense,

    /// <summary>Normalizations and activation functions.</summary>
    Normalization,
}
