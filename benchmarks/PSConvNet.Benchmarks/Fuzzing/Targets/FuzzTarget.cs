using PSConvNet.Benchmarks.Fuzzing.Loop;

namespace PSConvNet.Benchmarks.Fuzzing.Targets;

/// <summary>A reader that refuses files with errors that have an id.</summary>
/// <param name="name">Its name on the command line.</param>
/// <param name="mutation">How its inputs are changed.</param>
/// <param name="errors">The ids of the errors that it promises.</param>
internal abstract class FuzzTarget(string name, IMutation mutation, params string[] errors) : IFuzzTarget
{
    /// <inheritdoc />
    public string Name => name;

    /// <inheritdoc />
    public IMutation Mutation => mutation;

    /// <inheritdoc />
    public abstract IEnumerable<byte[]> Seeds();

    /// <inheritdoc />
    public abstract object? Read(byte[] input, string path);

    /// <inheritdoc />
    public virtual void Check(object read) { }

    /// <inheritdoc />
    public virtual bool IsPromised(Exception e) => e is ConvNetException known && errors.Contains(known.ErrorId);

    /// <summary>All targets, in the order they are printed.</summary>
    /// <param name="folder">A folder for what they write.</param>
    public static IReadOnlyList<FuzzTarget> All(string folder) =>
        [
            new IdxTarget(),
            new ArchiveTarget("archive", null, folder),
            new ArchiveTarget("model", ModelEntry, folder),
            new CheckpointTarget(folder),
            new WeightsTarget(folder),
            new RecordTarget(folder),
            new StudyTarget(folder),
            new NotebookTarget(folder),
            new WireTarget(),
            new PictureTarget(),
        ];

    private const string ModelEntry = "model.json";

    /// <summary>Fails where a promise is broken.</summary>
    protected static void Require(bool holds, string promise)
    {
        if (!holds)
            throw new InvalidOperationException($"It does not hold that {promise}.");
    }

    /// <summary>Reads what was written here: to refuse that breaks a promise, whatever the error.</summary>
    protected static T Again<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ConvNetException e)
        {
            throw new InvalidOperationException("What was accepted and written again is refused.", e);
        }
    }
}
