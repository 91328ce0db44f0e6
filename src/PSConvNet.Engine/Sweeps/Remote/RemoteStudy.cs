using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PSConvNet.Sweeps;

/// <summary>
/// A study whose turns are run by machines that do not see its folder: each gets a copy of what never changes in it, and for each turn what
/// that needs.
/// </summary>
internal sealed class RemoteStudy
{
    private readonly Study _study;
    private readonly WorkQueue _queue;

    /// <summary>Takes turns of a study that was opened with conditions that can be judged.</summary>
    /// <exception cref="ConvNetException"><c>SweepGridTooLarge</c>.</exception>
    public RemoteStudy(Study study)
    {
        (_study, _queue) = (study, new WorkQueue(study));
        var identity = string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.MachineName} {study.Folder} {study.Created:O}"
        );
        Key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16];
    }

    /// <summary>A name for copies of this study that copies of others don't have: letters and digits.</summary>
    public string Key { get; }

    /// <summary>The study's folder.</summary>
    public string Folder => _study.Folder;

    /// <summary>The files that every copy needs and that never change, the images: their paths in the study's folder.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.GetFiles(_study.Place.Data, "*.idx").Select(_study.Place.Within).Order()];

    /// <summary>The folders that a copy needs, empty ones too.</summary>
    public IReadOnlyList<string> Folders => [.. _study.Place.Folders.Select(_study.Place.Within)];

    /// <summary>Lays a file into the study's folder by which others find out whether they see it: its name is its contents.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public string NewToken()
    {
        var name = $".seen-{Guid.NewGuid():N}";
        var path = Path.Combine(Folder, name);
        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(name)));
        return path;
    }

    /// <summary>Takes it away again, where it is still there.</summary>
    public static void RemoveToken(string token) => FileFault.Ignore(() => File.Delete(token));

    /// <summary>Takes the next turn there is; null where there is none now. Conditions are judged on the caller's thread.</summary>
    /// <exception cref="ConvNetException"><c>StudyInvalid</c>, <c>FileNotReadable</c>, <c>FileNotWritten</c>.</exception>
    public RemoteTurn? Take() => _queue.Take(out var work) == WorkState.Taken ? new RemoteTurn(_study, work!) : null;
}
