namespace PSConvNet.Commands;

/// <summary>The kinds of files a model is exported to.</summary>
public enum ModelFormat
{
    /// <summary>The whole model, for Import-Model: layers, weights, class names, how it was trained.</summary>
    Model,

    /// <summary>The weights alone, for PyTorch and others.</summary>
    Safetensors,

    /// <summary>The network with its weights, for ONNX Runtime and others to run.</summary>
    Onnx,
}
