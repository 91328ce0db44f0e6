using System.Diagnostics;
using System.Text.Json;

namespace PSConvNet.Tests.Runtime;

/// <summary>
/// The vector loops on processors that have less: the same training in a process in which .NET was forbidden to use some
/// instructions, against this one. libtorch goes on using what there is.
/// </summary>
public class PortablePathTests
{
    /// <summary>What a process with fewer instructions reports.</summary>
    internal sealed record Report(bool Vector512, bool Vector256, bool Fma, float[] Weights, double[] Losses);

    [SkippableTheory]
    [InlineData("DOTNET_EnableAVX512F", Precision.Float32, 1e-5)]
    [InlineData("DOTNET_EnableAVX512F", Precision.BFloat16, 1e-2)]
    [InlineData("DOTNET_EnableAVX2", Precision.Float32, 1e-5)]
    [InlineData("DOTNET_EnableAVX2", Precision.BFloat16, 1e-2)]
    [InlineData("DOTNET_EnableHWIntrinsic", Precision.Float32, 1e-5)]
    public void A_training_without_some_instructions_comes_to_the_same(string off, Precision precision, double limit)
    {
        Skip.IfNot(
            System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated,
            "this processor has no AVX-512: the portable path is the only one here"
        );

        var report = Child(off, precision);
        var here = Train(precision);

        Assert.False(report.Vector512, $"{off}=0 left AVX-512 on");
        if (off != "DOTNET_EnableAVX512F")
            Assert.False(report.Vector256 && report.Fma, $"{off}=0 left AVX2 on");
        var distance = Math.Sqrt(here.Weights.Zip(report.Weights, (a, b) => Math.Pow(a - b, 2)).Sum());
        var norm = Math.Sqrt(here.Weights.Sum(w => (double)w * w));
        Assert.InRange(distance / norm, 0, limit);
        Assert.All(here.Losses.Zip(report.Losses), pair => Assert.Equal(pair.First, pair.Second, limit * 10));
        Assert.True(report.Losses[^1] < report.Losses[0], string.Join(", ", report.Losses));
    }

    /// <summary>Trains a network of every kernel that has loops of its own.</summary>
    internal static Report Train(Precision precision)
    {
        LayerSpec[] layers =
        [
            new ConvLayer(16) { Activation = Activation.ReLU },
            new ConvLayer(16),
            new BatchNormLayer(),
            new ActivationLayer(Activation.ReLU),
            new MaxPoolLayer(new(2, 2)),
            new DropoutLayer(0.25),
            new FlattenLayer(),
            new DenseLayer(3) { Activation = Activation.Softmax },
        ];
        var data = Networks.Bars(train: 60, size: 12);
        var model = new Model(layers, data.Shape);
        var options = new TrainingOptions
        {
            Epochs = 3,
            BatchSize = 20,
            Threads = 2,
            // Adam would turn rounding into steps of full length where a gradient is next to nothing.
            Optimizer = new SgdOptimizer { LearningRate = 0.05 },
            Precision = precision,
        };
        var run = new Trainer(model, data, options).Run();
        return new Report(
            System.Runtime.Intrinsics.Vector512.IsHardwareAccelerated,
            System.Runtime.Intrinsics.Vector256.IsHardwareAccelerated,
            System.Runtime.Intrinsics.X86.Fma.IsSupported,
            [.. model.ParameterNames.SelectMany(model.GetParameter)],
            [.. run.History.Select(epoch => epoch.Loss)]
        );
    }

    private static Report Child(string off, Precision precision)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "PSConvNet.Engine.Tests.dll"));
        start.ArgumentList.Add("train");
        start.ArgumentList.Add($"{precision}");
        start.Environment[off] = "0";
        // .NET 10's name for it.
        if (off == "DOTNET_EnableAVX512F")
            start.Environment["DOTNET_EnableAVX512"] = "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return JsonSerializer.Deserialize<Report>(output)!;
    }
}
