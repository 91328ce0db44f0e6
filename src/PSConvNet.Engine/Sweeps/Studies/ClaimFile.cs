using System.Text.Json;
using System.Text.Json.Serialization;

namespace PSConvNet.Sweeps;

/// <summary>What a claim's file says: whose it is, and a beat that shows that they are there.</summary>
/// <param name="Machine">The machine, or on Linux the process space in it: whoever is in the same one can see the process.</param>
/// <param name="Process">The process.</param>
/// <param name="ProcessStart">When it began, in the machine's own ticks: numbers of processes come again.</param>
/// <param name="Beat">Counts up while the worker is there.</param>
/// <param name="Completed">The share of the trial's epochs that is done, 0 to 1.</param>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="Left">Whether the worker has let go of the trial by itself.</param>
internal sealed record ClaimContent(
    string Machine,
    int Process,
    long ProcessStart,
    long Beat,
    double Completed,
    int Epoch,
    bool Left
)
{
    /// <summary>Whether a worker may have written it. What the serializer doesn't find it leaves at null or 0.</summary>
    [JsonIgnore]
    public bool IsSound => Machine is { Length: > 0 } && Beat > 0 && Epoch >= 0 && Completed is >= 0 and <= 1;
}

/// <summary>
/// The turns at trials. A turn is a file that is created where it must not exist, which the file system lets one process do; it is never
/// deleted or renamed, so that no turn can be taken twice. To take a trial up again is to create the next turn.
/// </summary>
internal static class ClaimFile
{
    /// <summary>The end of the marker's name that says that a trial needs no more turns.</summary>
    public const string Done = "done";

    /// <summary>The file of a turn.</summary>
    /// <param name="folder">The study.</param>
    /// <param name="id">The trial.</param>
    /// <param name="turn">From 1.</param>
    public static string PathOf(StudyFolder folder, TrialId id, int turn) =>
        Path.Combine(folder.Claims, FormattableString.Invariant($"{id.FileName}.{turn}"));

    /// <summary>The marker that a trial is done.</summary>
    public static string DonePathOf(StudyFolder folder, TrialId id) =>
        Path.Combine(folder.Claims, $"{id.FileName}.{Done}");

    /// <summary>Says for all time that a trial needs no more turns.</summary>
    public static void MarkDone(StudyFolder folder, TrialId id)
    {
        try
        {
            folder.Host.Disk.Mark(DonePathOf(folder, id));
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.NotWritten(DonePathOf(folder, id), e);
        }
    }

    /// <summary>Reads a claim; null where it is being written, is gone, or isn't one.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="disk">The disk it is on; null for the one there is.</param>
    public static ClaimContent? Read(string path, StudyDisk? disk = null) => Read(path, disk, out _);

    /// <summary>The same.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="disk">The disk it is on; null for the one there is.</param>
    /// <param name="isForeign">Whether it holds what no worker writes, and what never becomes a claim by being written on.</param>
    public static ClaimContent? Read(string path, StudyDisk? disk, out bool isForeign)
    {
        isForeign = false;
        try
        {
            var bytes = (disk ?? StudyDisk.Plain).Read(path);
            try
            {
                if (JsonSerializer.Deserialize<ClaimContent>(bytes, FileJson.Lenient) is { IsSound: true } content)
                    return content;
                isForeign = true;
            }
            catch (JsonException)
            {
                isForeign = !IsBeginning(bytes);
            }
        }
        catch (NotAFileException)
        {
            isForeign = true;
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            // Gone, or not to be had now.
        }
        return null;
    }

    /// <summary>Whether bytes may be the first of a JSON object, whose others are still to be written.</summary>
    private static bool IsBeginning(byte[] bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);
            var isObject = !reader.Read() || reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
                // To its end, or to what can't be.
            }
            return isObject && (reader.CurrentDepth > 0 || reader.TokenType != JsonTokenType.EndObject);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
