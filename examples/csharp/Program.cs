// Trains a small network on digits, judges it, saves it, reads it back and asks about one image.
//
//     dotnet run -c Release                 on digits that are drawn here
//     dotnet run -c Release -- FOLDER       on MNIST, whose four files are in FOLDER
using PSConvNet;
using PSConvNet.Data;
using PSConvNet.Evaluation;
using PSConvNet.Files;
using PSConvNet.Layers;
using PSConvNet.Models;
using PSConvNet.Runtime;
using PSConvNet.Training;

var data = args is [var folder, ..] ? ReadMnist(folder) : SyntheticDigits.Generate(trainCount: 20_000, testCount: 1000);
Console.WriteLine(data);

var model = new Model(
    [
        new ConvLayer(16) { Activation = Activation.ReLU },
        new MaxPoolLayer(new(2, 2)),
        new ConvLayer(32) { Activation = Activation.ReLU },
        new MaxPoolLayer(new(2, 2)),
        new FlattenLayer(),
        new DropoutLayer(0.25),
        new DenseLayer(10) { Activation = Activation.Softmax },
    ],
    inputShape: new Shape(28, 28, 1),
    name: "digits"
);
Console.WriteLine($"{model.Name} has {model.ParameterCount:N0} parameters.");

var options = new TrainingOptions
{
    Epochs = 1,
    BatchSize = 32,
    Optimizer = new AdamOptimizer { LearningRate = 0.002 },
};
new Trainer(model, data, options, new ConsoleProgress()).Run();

var metrics = Evaluator.Measure(model, data.Test);
Console.WriteLine($"Test accuracy: {metrics.Accuracy:P1} of {metrics.Samples} images, {metrics.Interval}");

ModelFile.Save(model, "digits.psconvnet");
var loaded = ModelFile.Load("digits.psconvnet");

var image = data.Test.Take(1);
Console.WriteLine($"The image shows {data.ClassNames[image.Labels.Span[0]]}.");
Console.WriteLine($"The trained model says {Ask(model)}, the loaded one {Ask(loaded)}.");

string Ask(Model asked)
{
    var probabilities = Predictor.Predict(asked, image);
    var best = Array.IndexOf(probabilities, probabilities.Max());
    return $"{asked.ClassNames[best]} (probability {probabilities[best]:R})";
}

static Dataset ReadMnist(string folder)
{
    var source = new MnistSource(MnistName.Digits, MnistLocations.FromEnvironment());
    return source.Read(source.FindIn(folder)).ExpandDimension();
}

/// <summary>Prints a line an epoch, and a line that moves in between where a person is watching.</summary>
internal sealed class ConsoleProgress : ITrainingObserver
{
    public void OnBatch(in BatchProgress batch)
    {
        if (!Console.IsOutputRedirected && batch.Batch % 10 == 0)
            Console.Write($"\r{batch.Completed:P0}  loss {batch.Loss:F3}  {batch.ImagesPerSecond:N0} images/s  ");
    }

    public void OnEpoch(EpochRecord epoch) =>
        Console.WriteLine(
            $"\rEpoch {epoch.Epoch}: loss {epoch.Loss:F3}, accuracy {epoch.Accuracy:P1}, {epoch.Seconds:F1} s"
        );

    public void OnMessage(string message) { }

    public void OnWarning(string message) => Console.Error.WriteLine(message);
}
