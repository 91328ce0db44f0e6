using PSConvNet.Benchmarks.Fuzzing.Loop;

namespace PSConvNet.Benchmarks.Fuzzing;

/// <summary>Where a target's files lie.</summary>
/// <param name="path">Its folder.</param>
internal sealed class FuzzFolder(string path)
{
    /// <summary>The inputs that are kept.</summary>
    public string Corpus => Path.Combine(path, "corpus");

    /// <summary>The input that is being read.</summary>
    public string Input => Path.Combine(path, "input");

    /// <summary>What the target itself writes.</summary>
    public string Work => Directory.CreateDirectory(Path.Combine(path, "work")).FullName;

    /// <summary>What failed.</summary>
    public FailureFolder Failures => new(Path.Combine(path, "failures"));
}
