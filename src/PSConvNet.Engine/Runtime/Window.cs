namespace PSConvNet.Runtime;

/// <summary>Height and width: of a kernel's window, of a stride, of a dilation.</summary>
public readonly record struct Window(int Height, int Width)
{
    /// <summary>Height x width.</summary>
    public override string ToString() => $"{Height} x {Width}";
}
