using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSConvNet.Sweeps;

/// <summary><c>study.json</c>: settings, space, script, data and versions.</summary>
internal static class StudyDocument
{
    private const string FormatName = "psconvnet-study";
    private const int Version = 2;

    /// <summary>Studies of this version are read, too: they had no checksum.</summary>
    private const int WithoutSum = 1;

    /// <summary>What makes a judge of a condition's text; the engine knows no PowerShell.</summary>
    /// <param name="text">The condition as it was written.</param>
    public delegate Func<SweepPoint, bool> ConditionReader(string text);

    /// <summary>The document, as it is written.</summary>
    public static JsonObject Write(StudySettings settings, StudyData data, DateTimeOffset created) =>
        new()
        {
            ["format"] = FormatName,
            ["formatVersion"] = Version,
            ["created"] = FileJson.ToNode(created),
            ["versions"] = new JsonObject
            {
                ["psconvnet"] = typeof(StudyDocument).Assembly.GetName().Version?.ToString(3),
                ["dotnet"] = Environment.Version.ToString(),
            },
            ["space"] = Space(settings.Space),
            ["script"] = settings.Script,
            ["objective"] = FileJson.ToNode(settings.Objective),
            ["sampler"] = FileJson.ToNode(settings.Sampler),
            ["gridPoints"] = settings.GridPoints,
            ["pruner"] = FileJson.ToNode(settings.Pruner),
            ["seed"] = settings.Seed,
            ["training"] = FileJson.ToNode(settings.Training),
            ["data"] = FileJson.ToNode(data),
            ["trials"] = settings.Trials,
            ["best"] = settings.Best,
            ["replicate"] = settings.Replicate,
            ["retry"] = settings.Retry,
            ["maxFailures"] = settings.MaxFailures,
            ["keepAllModels"] = settings.KeepAllModels,
            ["checkpointEvery"] = FileJson.ToNode(settings.CheckpointEvery),
        };

    /// <summary>Reads the document.</summary>
    /// <exception cref="JsonException">A field is missing or can't be.</exception>
    public static (StudySettings Settings, StudyData Data, DateTimeOffset Created) Read(
        byte[] bytes,
        ConditionReader conditions
    )
    {
        var json = FileJson.Parse(bytes);
        var version = json.Get<int>("formatVersion");
        if (json.Get<string>("format") != FormatName || version is not (Version or WithoutSum))
            throw new JsonException("it isn't a study of a version that this module supports");
        if (version == Version)
            JsonSum.Require(FileJson.ParseAsWritten(bytes));
        // A setting of earlier versions, which had one value that could be used.
        (json["training"] as JsonObject)?.Remove("device");
        var settings = new StudySettings
        {
            Space = Space(json.Get<JsonObject>("space"), conditions),
            Script = Script(json),
            Objective = json.Get<SweepObjective>("objective"),
            Sampler = json.Get<SweepSampler>("sampler"),
            GridPoints = json.Get<int>("gridPoints"),
            Pruner = json.Get<PrunerSpec>("pruner", FileJson.Strict),
            Seed = json.Get<long>("seed", signed: true),
            Training = json.Get<TrainingOptions>("training", FileJson.Strict),
            Trials = json.Get<int>("trials"),
            Best = json.Get<int>("best"),
            Replicate = json.Get<int>("replicate"),
            Retry = json.Get<int>("retry"),
            MaxFailures = json["maxFailures"] is null ? null : json.Get<int>("maxFailures"),
            KeepAllModels = json.Get<bool>("keepAllModels"),
            CheckpointEvery = json.Get<TimeSpan>("checkpointEvery"),
        };
        settings.Validate();
        var data = json.Get<StudyData>("data");
        return (settings, data with { ClassNames = data.ClassNames.ToArray() }, json.Get<DateTimeOffset>("created"));
    }

    /// <summary>The script block to the last character: it is run, where other texts are only shown.</summary>
    private static string Script(JsonObject json) =>
        json["script"] is JsonValue value && value.TryGetValue<string>(out var script)
            ? script
            : throw new JsonException("script is missing or isn't a text");

    /// <summary>What two studies differ in that would mix results; empty where one goes on with the other.</summary>
    public static IReadOnlyList<string> Differences(StudySettings one, StudySettings other)
    {
        var found = new List<string>();
        Add("the space", one.Space.IsSame(other.Space));
        Add("the script block", Plain(one.Script) == Plain(other.Script));
        Add("the objective", one.Objective == other.Objective);
        Add("the sampler", one.Sampler == other.Sampler);
        Add("the grid's points", one.Sampler != SweepSampler.Grid || one.GridPoints == other.GridPoints);
        Add("the pruner", one.Pruner == other.Pruner);
        Add("the seed", one.Seed == other.Seed);
        var (ours, theirs) = (FileJson.ToNode(one.Training)!.AsObject(), FileJson.ToNode(other.Training)!.AsObject());
        foreach (var name in ours.Concat(theirs).Select(setting => setting.Key).Distinct())
            Add(
                $"TrainingOptions.{char.ToUpperInvariant(name[0])}{name[1..]}",
                JsonNode.DeepEquals(ours[name], theirs[name])
            );
        return found;

        void Add(string what, bool same)
        {
            if (!same)
                found.Add(what);
        }
    }

    /// <summary>How text is indented and how its lines end changes nothing.</summary>
    private static string Plain(string script) =>
        string.Join(
            '\n',
            script.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line != "")
        );

    private static JsonObject Space(SweepSpace space)
    {
        var conditions = new JsonObject();
        foreach (var (name, condition) in space.Conditions)
            conditions[name] = condition.Text;
        return new() { ["parameters"] = FileJson.ToNode(space.Parameters), ["conditions"] = conditions };
    }

    private static SweepSpace Space(JsonObject json, ConditionReader conditions) =>
        new(
            json.Get<SweepParameter[]>("parameters", FileJson.Strict),
            json.Get<Dictionary<string, string>>("conditions")
                .Select(pair => KeyValuePair.Create(pair.Key, new SweepCondition(pair.Value, conditions(pair.Value))))
        );
}
