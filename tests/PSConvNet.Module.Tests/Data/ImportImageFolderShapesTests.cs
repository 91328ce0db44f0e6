using PSConvNet.Module.Tests.Evaluation;
using PSConvNet.Tests.Data;

namespace PSConvNet.Module.Tests.Data;

/// <summary>From a folder of pictures to a network that tells them apart, at a prompt.</summary>
public sealed class ImportImageFolderShapesTests : IDisposable
{
    private const int Each = 150;

    private readonly TemporaryFolder _folder = new();
    private readonly PowerShellSession _session = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_small_network_learns_circles_squares_and_triangles_from_their_pictures()
    {
        var random = new Random(11);
        foreach (var name in (string[])["circle", "square", "triangle"])
            for (var i = 0; i < Each; i++)
                _folder.Write($"shapes/{name}/{i:000}.png", Draw(name, random));

        var result = _session.Run(
            $$"""
            $data = Import-ImageFolder '{{_folder.Path}}/shapes' -Size 28
            $model = New-ConvLayer 16 -Activation ReLU | New-MaxPoolLayer 2 |
                New-ConvLayer 32 -Activation ReLU | New-MaxPoolLayer 2 | New-FlattenLayer |
                New-DenseLayer 64 -Activation ReLU | New-DropoutLayer 0.3 |
                New-DenseLayer 3 -Activation Softmax | New-Model 28,28,1 -Name shapes
            $null = $model | Invoke-Training -Data $data -Epochs 20 -BatchSize 16 -Quiet
            $data.Train.Count; $data.Test.Count; $data.ClassNames -join ','
            (Measure-Model $model $data).Accuracy
            $right = Invoke-Prediction $model -Path '{{_folder.Path}}/shapes/*/*.png' |
                Where-Object { $_.ClassName -eq [IO.Path]::GetFileName([IO.Path]::GetDirectoryName($_.Source)) }
            $right.Count / {{3 * Each}}
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([360, 90, "circle,square,triangle"], result.Output.Take(3).Select(o => o.BaseObject));
        Assert.InRange((double)result.Output[3].BaseObject, 0.9, 1);
        // The files themselves, named by the classes the model learned from their folders.
        Assert.InRange((double)result.Output[4].BaseObject, 0.9, 1);
    }

    /// <summary>A bright shape of any size and place on a dark ground, noise all over.</summary>
    private static byte[] Draw(string shape, Random random)
    {
        var width = random.Next(24, 60);
        var height = width + random.Next(-4, 5);
        var radius = Math.Min(width, height) * (0.28 + 0.17 * random.NextDouble());
        var x0 = radius + random.NextDouble() * (width - 2 * radius);
        var y0 = radius + random.NextDouble() * (height - 2 * radius);
        var (ground, ink) = (random.Next(0, 70), random.Next(150, 230));
        var pixels = new byte[width * height];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var (across, down) = ((x + 0.5 - x0) / radius, (y + 0.5 - y0) / radius);
            var isInk = shape switch
            {
                "circle" => across * across + down * down <= 1,
                "square" => Math.Max(Math.Abs(across), Math.Abs(down)) <= 0.85,
                _ => down <= 0.9 && Math.Abs(across) <= (down + 0.9) * 0.55,
            };
            pixels[y * width + x] = (byte)((isInk ? ink : ground) + random.Next(25));
        }
        return GreyPng.Encode(pixels, width, height);
    }
}
