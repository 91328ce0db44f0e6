namespace PSConvNet.Runtime.Kernels;

/// <summary>What pixels and channels each output of a convolution reads.</summary>
/// <param name="Window">Pixels down and across.</param>
/// <param name="Stride">How far the window moves at a step.</param>
/// <param name="Dilation">The distance between the pixels that it reads; 1 is no gap.</param>
/// <param name="Edges">Rows and columns of zeros around the image.</param>
/// <param name="Groups">Into how many groups channels and filters are divided.</param>
internal sealed record ConvGeometry(Window Window, Window Stride, Window Dilation, Edges Edges, int Groups)
{
    /// <summary>Whether every filter reads every channel of pixels that lie side by side, inside the image.</summary>
    public bool IsPlain => Groups == 1 && Dilation == new Window(1, 1) && Edges.IsNone;
}
