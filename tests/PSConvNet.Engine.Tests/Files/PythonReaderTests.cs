using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Files;

/// <summary>A Python user's view of an exported file: PyTorch itself reads it, and is right as often.</summary>
public class PythonReaderTests
{
    // Debian's own: another python3 may stand before it on the path.
    private const string Python = "/usr/bin/python3";

    [SkippableFact]
    public void PyTorch_reads_the_weights_and_is_right_about_as_many_digits()
    {
        Skip.IfNot(
            Run("-c", "import torch").ExitCode == 0,
            "PyTorch for Python is not installed (Debian: python3-torch)"
        );
        var source = new MnistSource(MnistName.Digits, MnistLocations.FromEnvironment());
        Skip.If(source.Find() is null, "the digits are not here (PSCONVNET_DATA)");
        var digits = source.Read(source.Find()!).ExpandDimension();
        var model = new Model(Networks.TutorialConv, digits.Shape);
        new Trainer(model, digits.Take(3000), new TrainingOptions { Epochs = 1 }).Run();
        using var folder = new TemporaryFolder();
        WeightsFile.Save(model, folder.File("weights.safetensors"));
        File.WriteAllBytes(folder.File("pixels"), digits.Test.Pixels.Span);
        File.WriteAllBytes(folder.File("labels"), MemoryMarshal.AsBytes(digits.Test.Labels.Span));

        var (exitCode, output) = Run(
            Path.Combine(AppContext.BaseDirectory, "Files", "read_weights.py"),
            folder.File("weights.safetensors"),
            folder.File("pixels"),
            folder.File("labels")
        );

        var metrics = Evaluator.Measure(model, digits.Test, new PredictionOptions(Precision.Float32));
        Assert.True(exitCode == 0, output);
        Assert.Equal(metrics.Samples - metrics.Errors, int.Parse(output, CultureInfo.InvariantCulture));
        Assert.InRange(metrics.Accuracy, 0.7, 1);
    }

    private static (int ExitCode, string Output) Run(params string[] arguments)
    {
        if (!File.Exists(Python))
            return (-1, "");
        var start = new ProcessStartInfo(Python, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
