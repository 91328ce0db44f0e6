using System.Text;
using System.Text.Json;

namespace PSConvNet.Sweeps;

/// <summary>A turn at a trial that this process has. Beats, so that others see that it is there, until it is disposed of.</summary>
internal sealed class TrialClaim : IDisposable
{
    /// <summary>How often a claim beats: seldom enough for a shared file system with hundreds of workers.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(2);

    /// <summary>So many beats apart the disk is made to have them: a client of a shared file system may keep small writes to itself.</summary>
    private const int BeatsToDisk = 5;

    /// <summary>No system numbers a process so.</summary>
    private const int NoProcess = -1;

    private readonly StudyFolder _folder;
    private readonly FileStream _file;
    private readonly ITimer _timer;
    private readonly object _writing = new();
    private long _beat;
    private int _length;
    private bool _left;
    private bool _isAbandoned;
    private double _completed;
    private int _epoch;

    private TrialClaim(StudyFolder folder, TrialId id, int turn, FileStream file)
    {
        (_folder, Id, Turn, _file) = (folder, id, turn, file);
        Beat();
        _timer = folder.Host.Time.CreateTimer(_ => Beat(), null, Interval, Interval);
    }

    /// <summary>The trial.</summary>
    public TrialId Id { get; }

    /// <summary>Which turn at it.</summary>
    public int Turn { get; }

    /// <summary>Takes a turn; null where another process was faster.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public static TrialClaim? TryTake(StudyFolder folder, TrialId id, int turn)
    {
        var path = ClaimFile.PathOf(folder, id, turn);
        try
        {
            return folder.Host.Disk.Create(path) is { } file ? new TrialClaim(folder, id, turn, file) : null;
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.NotWritten(path, e);
        }
    }

    /// <summary>How far the trial is; told with the next beat.</summary>
    /// <param name="completed">The share of its epochs that is done.</param>
    /// <param name="epoch">The epoch under way.</param>
    public void Progress(double completed, int epoch) => (_completed, _epoch) = (completed, epoch);

    /// <summary>Lets go: others may take the trial up again, and need not wait until they believe that this process is gone.</summary>
    public void Leave()
    {
        _left = true;
        Beat();
    }

    /// <summary>
    /// Lets go as a dead worker would have: whoever worked for this claim is gone. Others continue the trial, and it counts as a death.
    /// </summary>
    public void Abandon()
    {
        _isAbandoned = true;
        Beat();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _timer.Dispose();
        lock (_writing)
            _file.Dispose();
    }

    private void Beat()
    {
        lock (_writing)
        {
            if (!_file.CanWrite)
                return;
            var content = new ClaimContent(
                _folder.Host.Machine,
                _isAbandoned ? NoProcess : _folder.Host.Process,
                _folder.Host.ProcessStart,
                ++_beat,
                _completed,
                _epoch,
                _left
            );
            // Blanks keep it as long as it was: to cut a file is an operation of its own, and there are many beats.
            var text = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(content, FileJson.Lenient).PadRight(_length));
            _length = text.Length;
            try
            {
                _folder.Host.Disk.Overwrite(_file, text, toDisk: _left || _beat % BeatsToDisk == 1);
            }
            catch (Exception e) when (FileFault.IsOfDisk(e))
            {
                // A beat that is missed is not the end; when many are, others take the trial up, and its record says so when it is written.
            }
        }
    }
}
