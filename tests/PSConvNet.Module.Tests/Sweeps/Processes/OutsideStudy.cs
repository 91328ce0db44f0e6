namespace PSConvNet.Module.Tests.Sweeps.Processes;

/// <summary>A study as it is seen from outside: by its records and the processes that work on it.</summary>
internal sealed class OutsideStudy(string folder)
{
    /// <summary>Why these tests are skipped elsewhere than on Linux.</summary>
    public const string NeedsProc = "processes are found by /proc and signals sent by kill, which are not here";

    /// <summary>Its folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>The records of its trials, in their order.</summary>
    public IReadOnlyList<string> Records =>
        Directory.Exists(Path.Combine(Folder, "trials"))
            ? [.. Directory.GetFiles(Path.Combine(Folder, "trials"), "*.json").Order().Select(File.ReadAllText)]
            : [];

    /// <summary>The epochs that all trials have behind them.</summary>
    public int EpochsDone =>
        Records.Sum(record => record.Split('\n').Count(line => line.Contains("\"epoch\":", StringComparison.Ordinal)));

    /// <summary>The records, without what differs from run to run.</summary>
    public IReadOnlyList<string> Table
    {
        get
        {
            string[] differ = ["seconds", "imagesPerSecond", "turn", "startedAt", "endedAt", "model", "sha256"];
            return
            [
                .. Records.Select(record =>
                    string.Join(
                        '\n',
                        record
                            .Split('\n')
                            .Where(line => !differ.Any(name => line.Contains($"\"{name}\":", StringComparison.Ordinal)))
                    )
                ),
            ];
        }
    }

    /// <summary>The numbers of the processes that work on it.</summary>
    public IReadOnlyList<int> Workers
    {
        get
        {
            var found = new List<int>();
            foreach (var process in Directory.GetDirectories("/proc"))
            {
                if (!int.TryParse(Path.GetFileName(process), out var id))
                    continue;
                try
                {
                    var words = File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0');
                    if (
                        words.Contains(Folder)
                        && words.Any(word => word.EndsWith("Start-SweepWorker.ps1", StringComparison.Ordinal))
                    )
                        found.Add(id);
                }
                catch (IOException)
                {
                    // It has just ended.
                }
            }
            return found;
        }
    }
}
