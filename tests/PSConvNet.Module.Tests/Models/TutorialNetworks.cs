namespace PSConvNet.Module.Tests.Models;

/// <summary>The two networks of the design's first page, word for word.</summary>
internal static class TutorialNetworks
{
    public const string Conv = """
        New-ConvLayer 32 -KernelSize 3 -Activation ReLU |
            New-ConvLayer 64 -KernelSize 3 -Activation ReLU |
            New-MaxPoolLayer 2 | New-DropoutLayer 0.25 | New-FlattenLayer |
            New-DenseLayer 128 -Activation ReLU | New-DropoutLayer 0.5 |
            New-DenseLayer 10 -Activation Softmax | New-Model -Name conv -InputShape 28,28,1
        """;

    public const string Dense = """
        New-FlattenLayer | New-DenseLayer 512 -Activation ReLU | New-DropoutLayer 0.2 |
            New-DenseLayer 512 -Activation ReLU | New-DropoutLayer 0.2 |
            New-DenseLayer 10 -Activation Softmax | New-Model -Name dense -InputShape 28,28,1
        """;
}
