using System.Text.Json;
using System.Text.Json.Nodes;

namespace PSConvNet.Training;

/// <summary>A training's state in a checkpoint: the fields of <c>training.json</c> and the arrays of <c>training.safetensors</c>.</summary>
internal sealed record SavedTraining
{
    private readonly string _path;
    private readonly JsonObject _fields;
    private readonly Dictionary<string, float[]> _arrays;

    /// <summary>One to be written.</summary>
    public SavedTraining()
        : this("", [], new(StringComparer.Ordinal)) { }

    private SavedTraining(string path, JsonObject fields, Dictionary<string, float[]> arrays) =>
        (_path, _fields, _arrays) = (path, fields, arrays);

    /// <summary>The position of the run, to compare other values with.</summary>
    public TrainingProgress Progress => field ??= ReadProgress();

    /// <summary>How the run is divided into epochs and steps; null in old checkpoints until the images are known.</summary>
    public StepCount? Steps { get; init; }

    /// <summary>The number of steps taken; null in old checkpoints until the images are known.</summary>
    public long? Step => Steps?.At(Progress.Epoch, Progress.Batch);

    /// <summary>Reads the entries of a checkpoint.</summary>
    /// <param name="archive">The checkpoint.</param>
    /// <param name="path">Its path, for errors.</param>
    /// <param name="store">The weights of its model.</param>
    /// <exception cref="JsonException">The fields aren't those of a checkpoint that this version reads.</exception>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>.</exception>
    public static SavedTraining Read(ModelArchive archive, string path, ParameterStore store)
    {
        var json = FileJson.Parse(archive.Read(CheckpointDocument.Entry));
        CheckpointDocument.RequireFormat(json);
        return new(path, json, archive.Read(CheckpointDocument.Arrays, stream => Arrays(stream, path, store)));
    }

    /// <summary>The entries to write into a checkpoint.</summary>
    public IEnumerable<(string Name, Action<Stream> Write)> Entries() =>
        [
            (CheckpointDocument.Entry, stream => stream.Write(FileJson.ToBytes(_fields))),
            (
                CheckpointDocument.Arrays,
                stream =>
                    SafetensorsWriter.Write(
                        stream,
                        _arrays.Select(array => new NamedTensor(array.Key, [array.Value.Length], () => array.Value))
                    )
            ),
        ];

    /// <summary>Adds the properties of a record as fields.</summary>
    /// <exception cref="ArgumentException">There is a field with that name already.</exception>
    public void Add<T>(T fields)
        where T : class
    {
        var node = FileJson.ToNode(fields)!.AsObject();
        var all = node.ToArray();
        // A node has one parent.
        node.Clear();
        foreach (var (name, value) in all)
            _fields.Add(name, value);
    }

    /// <summary>Adds an array, which isn't copied: it has to stay as it is until it is written.</summary>
    /// <exception cref="ArgumentException">There is an array with that name already.</exception>
    public void Add(string name, float[] values) => _arrays.Add(name, values);

    /// <summary>The fields with the names of a record's properties.</summary>
    /// <exception cref="JsonException">One of them is missing, has another type or an impossible value.</exception>
    public T Fields<T>()
        where T : class => FileJson.Read<T>(_fields, "training", FileJson.Lenient);

    /// <summary>Whether there is an array with that name.</summary>
    public bool Has(string name) => _arrays.ContainsKey(name);

    /// <summary>An array; not to be changed.</summary>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>: it is missing or has another length.</exception>
    public float[] Array(string name, int length) =>
        _arrays.GetValueOrDefault(name) is { } values && values.Length == length
            ? values
            : throw FileFault.Invalid(
                _path,
                CheckpointDocument.Arrays,
                $"{name} is missing or doesn't have {Counted.Of(length, "value")}"
            );

    private TrainingProgress ReadProgress()
    {
        var progress = new TrainingProgress();
        ((ITrainingPart)progress).Restore(this);
        return progress;
    }

    private static Dictionary<string, float[]> Arrays(Stream stream, string path, ParameterStore store)
    {
        var reader = new SafetensorsReader(stream, path, CheckpointDocument.Arrays);
        var arrays = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var tensor in reader.Header.Tensors)
        {
            // No array of a checkpoint is longer than the model's weights.
            if (tensor.Type != TensorType.Float32 || tensor.Count > store.Values.Length)
                throw FileFault.Invalid(path, CheckpointDocument.Arrays, $"{tensor} is impossible");
            var values = new float[tensor.Count];
            reader.Read(tensor, values);
            arrays[tensor.Name] = store.Complete(values);
        }
        return arrays;
    }
}
