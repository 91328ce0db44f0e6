using System.Text.Json.Nodes;

namespace PSConvNet.Pages;

/// <summary>A model as the page has it.</summary>
/// <param name="Name">The name it goes by; a number is put behind it where an earlier one has the same.</param>
/// <param name="Model">The model as it was when the page was begun.</param>
/// <param name="Classes">What each output stands for.</param>
/// <param name="Network">Its layers.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="Mistakes">The images of the data that it gets most wrong.</param>
internal sealed record PageModel(
    string Name,
    Model Model,
    IReadOnlyList<string> Classes,
    NetworkDescription Network,
    PackedWeights Weights,
    IReadOnlyList<Prediction> Mistakes
)
{
    /// <summary>What the page's script reads of it, but for the weights.</summary>
    public JsonObject Describe() =>
        new()
        {
            ["name"] = ReportText.Clean(Name),
            ["classes"] = new JsonArray([.. Classes.Select(name => (JsonNode)ReportText.Clean(name))]),
            ["input"] = new JsonArray([.. Model.InputShape.Dimensions.Select(size => (JsonNode)size)]),
            ["preparation"] = Model.Preparation is { } settings ? Describe(settings, Model.InputShape) : null,
            ["bits"] = Weights.Bits,
            ["ending"] = Network.Ending,
            ["layers"] = Network.Layers.DeepClone(),
        };

    /// <summary>What the page's script reads of a preparation.</summary>
    public static JsonObject Describe(ImagePreparation settings, Shape input) =>
        new()
        {
            ["fit"] = settings.FitOf(input[0], input[1]),
            ["byMass"] = settings.Centre == InkCentre.Mass,
            ["polarity"] = settings.Polarity.ToString(),
            ["background"] = !settings.KeepBackground,
            ["lines"] = !settings.KeepLines,
            ["contrast"] = !settings.KeepContrast,
            ["strokes"] = !settings.KeepStrokes,
        };

    /// <summary>Makes a model ready for a page.</summary>
    /// <exception cref="ConvNetException"><c>PageModelUnsupported</c>; what <see cref="ModelPage.Create"/> says of models and data.</exception>
    public static PageModel Of(
        string name,
        Model given,
        Dataset? data,
        int mistakes,
        PredictionOptions? measuring,
        CancellationToken cancellation
    )
    {
        RequireSupport(given);
        // One copy of the model is described, rounded and measured, so that changes to the given one don't matter.
        var model = given.Copy();
        var images = data?.Test.Count > 0 ? ModelInput.Fit(model, data.Test) : null;
        var classes = images is not null
            ? OutputClasses.Of(model, images).Label(images).ClassNames
            : ClassName.Complete(model.ClassNames, model.OutputShape.Size);
        var network = NetworkDescription.Of(model);
        var weights = WeightRounding.Choose(model, network, TrialImages.Of(model.InputShape, images), cancellation);
        return new PageModel(
            name,
            model,
            classes,
            network,
            weights,
            images is null || mistakes == 0
                ? []
                : ReportSubject.Mistaken(Evaluator.Answer(model, images, measuring, cancellation), mistakes)
        );
    }

    private static void RequireSupport(Model model)
    {
        if (model.InputShape.Dimensions is not ([_, _] or [_, _, 1] or [_, _, 3]))
        {
            throw Unsupported(
                model,
                $"takes {model.InputShape}, which can't be drawn; a page needs height x width, with 1 channel (grey) or 3 (colour)"
            );
        }
        if (model.OutputShape.Rank != 1)
        {
            throw Unsupported(
                model,
                $"outputs {model.OutputShape}, not one number for each class; end it with FlattenLayer or GlobalPoolLayer and DenseLayer"
            );
        }
    }

    private static ConvNetException Unsupported(Model model, string problem) =>
        new(ErrorIds.PageModelUnsupported, ErrorKind.InvalidArgument, $"{model.Name} {problem:text}.", model);
}
