namespace PSConvNet.Runtime.Kernels;

/// <summary>What follows a convolution whose outputs are pooled in windows of 2 x 2 before they are written.</summary>
/// <param name="Relu">Whether to apply ReLU.</param>
/// <param name="Scale">The factor of outputs that dropout keeps; 1 without dropout.</param>
internal readonly record struct ConvPooling(bool Relu, float Scale = 1);
