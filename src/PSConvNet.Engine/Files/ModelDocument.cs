using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSConvNet.Files;

/// <summary>
/// <c>model.json</c>: a model's description, readable by people; docs/model-format.md tells what each field means. What a later version
/// adds is kept when the model is saved again, but for the settings of layers, where not to know one would be to compute another network.
/// </summary>
internal static class ModelDocument
{
    /// <summary>Its name in the archive.</summary>
    public const string Entry = "model.json";

    private const string Format = "psconvnet-model";
    private const int Version = 1;
    private const int MostEpochs = 1_000_000_000;

    // Pixels are bytes, and the engine's way to make numbers of them is the only one there is.
    private static readonly Normalization s_normalization = new(0, 255);

    /// <summary>How pixels become what the first layer sees: (byte - Subtract) / Divide.</summary>
    private sealed record Normalization(double Subtract, double Divide);

    /// <summary>A layer of the overview that is there for people and other programs; nothing is made of it here.</summary>
    private sealed record LayerOverview(string Name, Shape OutputShape, int Parameters);

    /// <summary>Describes a model.</summary>
    public static JsonObject Write(Model model)
    {
        var json = new JsonObject
        {
            ["format"] = Format,
            ["formatVersion"] = Version,
            ["name"] = model.Name,
            ["inputShape"] = FileJson.ToNode(model.InputShape),
            ["outputShape"] = FileJson.ToNode(model.OutputShape),
            ["normalization"] = FileJson.ToNode(s_normalization),
            ["classNames"] = FileJson.ToNode(model.ClassNames),
            ["seed"] = model.Seed,
            ["trainedEpochs"] = model.TrainedEpochs,
            ["parameters"] = model.ParameterCount,
            ["layers"] = FileJson.ToNode(model.Layers),
            ["overview"] = FileJson.ToNode(
                model.Summary.Layers.Select(row => new LayerOverview(row.Name, row.OutputShape, row.Parameters))
            ),
            ["positions"] = FileJson.ToNode(model.Positions),
            ["runs"] = new JsonArray([.. model.Runs.Select(RunDocument.Write)]),
        };
        if (model.TrainingPixels is { } pixels)
            json["trainingPixels"] = FileJson.ToNode(pixels);
        if (model.Unknown is { } unknown)
            FileJson.KeepUnknown(unknown, json);
        return json;
    }

    /// <summary>Makes the model that is described, without weights.</summary>
    /// <exception cref="JsonException">A field is missing or can't be.</exception>
    /// <exception cref="ConvNetException">The layers can't work; as <see cref="Model"/> says.</exception>
    public static Model Read(JsonObject json)
    {
        if (json.Get<string>("format") != Format)
            throw new JsonException("It is not a model of PSConvNet.");
        if (json.Get<int>("formatVersion") is var version && version != Version)
            throw new JsonException($"It is of format version {version}; this version of PSConvNet reads {Version}.");
        if (json.Get<Normalization>("normalization") is var found && found != s_normalization)
            throw new JsonException(
                $"It expects pixels as (byte - {found.Subtract}) / {found.Divide}, which this version doesn't support."
            );
        var layers = json.Get<LayerSpec[]>("layers", FileJson.Strict);
        if (layers.Length > LayerChain.MostLayers)
            throw new JsonException(
                $"There are {layers.Length} layers; at most {LayerChain.MostLayers} are supported."
            );
        var model = new Model(
            layers,
            json.Get<Shape>("inputShape"),
            json.Get<string>("name"),
            json.Get<long>("seed", signed: true),
            draw: false
        )
        {
            TrainedEpochs = json.Get<double>("trainedEpochs"),
            ClassNames = json.Get<string[]>("classNames"),
        };
        if (model.TrainedEpochs is not (>= 0 and <= MostEpochs))
            throw new JsonException(
                FormattableString.Invariant($"It can't have been trained for {Counted.Epochs(model.TrainedEpochs)}.")
            );
        if (model.ClassNames.Count > model.OutputShape.Size)
            throw new JsonException(
                $"It has {Counted.Of(model.ClassNames.Count, "class name")} and {Counted.Of(model.OutputShape.Size, "output")}."
            );
        ClassName.RequireDistinctInFile(model.ClassNames);
        model.Runs = RunDocument.Read(json.Get<JsonArray>("runs"), model);
        model.Positions = json.ContainsKey("positions")
            ? json.Get<TrainingPosition[]>("positions")
            : TrainingPosition.After(model.Runs);
        if (json.ContainsKey("trainingPixels"))
            model.TrainingPixels = json.Get<PixelStatistics>("trainingPixels");
        model.Unknown = Unknown(json, model);
        return model;
    }

    /// <summary>What is in a text that this version would not write; null where there is nothing.</summary>
    private static JsonObject? Unknown(JsonObject json, Model model)
    {
        var known = Write(model);
        var before = known.ToJsonString();
        FileJson.KeepUnknown(json, known);
        return known.ToJsonString() == before ? null : json;
    }
}
