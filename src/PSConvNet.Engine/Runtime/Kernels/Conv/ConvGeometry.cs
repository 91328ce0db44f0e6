namespace PSConvNet.Runtime.Kernels;

/// <summary>Which pixels and channels each output of a convolution reads.</summary>
/// <param name="Window">Pixels down and across.</param>
/// <param name="Stride">How far apart neighbouring windows are.</param>
/// <param name="Dilation">The distance between neighbouring pixels of a window; 1 for no gap.</param>
/// <param name="Edges">Rows and columns of zeros around the image.</param>
/// <param name="Groups">The number of groups that channels and filters are divided into.</param>
internal sealed record ConvGeometry(Window Window, Window Stride, Window Dilation, Edges Edges, int Groups);
