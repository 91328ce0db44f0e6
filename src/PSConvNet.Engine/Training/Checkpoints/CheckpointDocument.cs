using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSConvNet.Training;

/// <summary>The fields of <c>training.json</c> that stay the same during a run; the others belong to the parts of its state.</summary>
/// <param name="Format">The name of the format.</param>
/// <param name="FormatVersion">1.</param>
/// <param name="Options">The options of the run.</param>
/// <param name="Threads">Its worker threads.</param>
/// <param name="Precision">Its arithmetic.</param>
/// <param name="Data">The images that it is trained on.</param>
/// <param name="Validation">The images that it is validated on, where they were given.</param>
/// <param name="Keeping">How often checkpoints are written, and how many are kept; null in files from before that was written.</param>
/// <param name="Kernels">The run's <see cref="KernelSet"/>; null in files from before that was written.</param>
internal sealed record CheckpointDocument(
    string Format,
    int FormatVersion,
    TrainingOptions Options,
    int Threads,
    Precision Precision,
    DatasetRecord Data,
    DatasetRecord? Validation,
    CheckpointKeeping? Keeping,
    string? Kernels
) : IReadFromFile
{
    /// <summary>Its name in the archive.</summary>
    public const string Entry = "training.json";

    /// <summary>The name of the entry with the arrays.</summary>
    public const string Arrays = "training.safetensors";

    /// <summary>The value of <see cref="Format"/>.</summary>
    public const string FormatName = "psconvnet-checkpoint";

    /// <summary>The version that is written and read.</summary>
    public const int Version = 1;

    /// <summary>Refuses other formats and versions, before any other field is read.</summary>
    /// <exception cref="JsonException">It has another format.</exception>
    public static void RequireFormat(JsonObject json)
    {
        if (json.Get<string>("format") != FormatName || json.Get<int>("formatVersion") != Version)
            throw new JsonException("It isn't a checkpoint of a version that this module supports");
    }

    void IReadFromFile.Require()
    {
        if (Threads is < 1 or > 256 || Precision == Precision.Auto)
            throw new JsonException("the threads or the precision are impossible");
    }
}
