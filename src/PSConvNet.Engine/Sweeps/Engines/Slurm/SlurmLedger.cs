using System.Text;

namespace PSConvNet.Sweeps;

/// <summary>What the pool keeps in the study's folder: the numbers of its arrays, and the workers' logs.</summary>
internal sealed class SlurmLedger(string study)
{
    private readonly string _folder = Path.Combine(study, SlurmScript.Folder);

    private string JobFile => Path.Combine(_folder, "jobs");

    /// <summary>The arrays that were in the queue when this was last written.</summary>
    public IReadOnlyList<string> Read()
    {
        try
        {
            return
            [
                .. File.ReadAllLines(JobFile).Where(line => line.Length is > 0 and < 20 && line.All(char.IsAsciiDigit)),
            ];
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            return [];
        }
    }

    /// <summary>Keeps which arrays are in the queue.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public void Write(IEnumerable<string> jobs) =>
        WholeFile.Write(
            JobFile,
            stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(jobs.Select(j => j + "\n"))))
        );

    /// <summary>A thousand workers with nothing to say leave a thousand empty logs.</summary>
    public void DiscardEmptyLogs(string job)
    {
        foreach (var log in Logs($"{job}_*.log"))
        {
            try
            {
                if (log.Length == 0)
                    log.Delete();
            }
            catch (Exception e) when (FileFault.IsOfDisk(e))
            {
                // It does no harm.
            }
        }
    }

    /// <summary>What the worker that wrote last had to say, as a sentence.</summary>
    public string LastWords()
    {
        var newest = Logs("*.log").Where(log => log.Length > 0).MaxBy(log => log.LastWriteTimeUtc);
        if (newest is null)
            return $"None of them wrote a log to {_folder}: check that the nodes see this folder under the same path.";
        try
        {
            var lines = File.ReadLines(newest.FullName)
                .TakeLast(20)
                .Where(l => !string.IsNullOrWhiteSpace(l))
                .TakeLast(3);
            var said = string.Join(" ", lines.Select(l => l.Trim()));
            return $"The newest log ends with: {(said.Length > 500 ? said[^500..] : said)} ({newest.FullName})";
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            return $"Their logs are in {_folder}.";
        }
    }

    private FileInfo[] Logs(string pattern)
    {
        try
        {
            return new DirectoryInfo(_folder).GetFiles(pattern);
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            return [];
        }
    }
}
