using PSConvNet.Tests.Data;

namespace PSConvNet.Tests.Sweeps.Slurm;

/// <summary>Slurm's commands as scripts that write down what they were called with and say what a test lays down for them.</summary>
internal sealed class FakeSlurm : IDisposable
{
    // A command's answer is in files: <name>.out, <name>.err, <name>.code.
    private const string Script = """
        #!/bin/bash
        here=$(dirname "$0")
        name=$(basename "$0")
        { printf '%s' "$name"; printf '\t%s' "$@"; printf '\n'; } >>"$here/calls"
        if [ "$name" = sbatch ] && [ ! -e "$here/sbatch.out" ] && [ ! -e "$here/sbatch.code" ]; then
            number=$(cat "$here/next" 2>/dev/null || echo 17)
            echo $((number + 1)) >"$here/next"
            echo "$number"
            exit 0
        fi
        cat "$here/$name.out" 2>/dev/null
        [ ! -e "$here/$name.err" ] || cat "$here/$name.err" >&2
        exit "$(cat "$here/$name.code" 2>/dev/null || echo 0)"
        """;

    private readonly TemporaryFolder _folder = new();

    public FakeSlurm(params string[] missing)
    {
        foreach (var name in ((string[])["sbatch", "squeue", "sacct", "scancel", "scontrol"]).Except(missing))
        {
            var path = In(name);
            File.WriteAllText(path, Script.ReplaceLineEndings("\n"));
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        Says("scontrol", "Configuration data\nMaxArraySize            = 1001\nMaxJobCount             = 10000\n");
        Says("sacct", "", "Slurm accounting storage is disabled", 1);
        Study = Directory.CreateDirectory(In("my study")).FullName;
    }

    public string Study { get; }

    public ManualTime Time { get; } = new();

    /// <summary>All calls of a command so far: its arguments.</summary>
    public IReadOnlyList<string[]> Calls(string name) =>
        File.Exists(In("calls"))
            ?
            [
                .. File.ReadAllLines(In("calls"))
                    .Select(l => l.Split('\t'))
                    .Where(c => c[0] == name)
                    .Select(c => c[1..]),
            ]
            : [];

    public void Says(string name, string output, string errors = "", int code = 0)
    {
        File.WriteAllText(In(name + ".out"), output);
        File.WriteAllText(In(name + ".err"), errors);
        File.WriteAllText(In(name + ".code"), $"{code}");
    }

    public SlurmPool Pool(SlurmEngine options, Func<long>? progress = null) =>
        new(
            Study,
            new WorkerCommand("/opt/it's/pwsh", ["-File", "/a b/w.ps1", Study]),
            options,
            cores: 2,
            progress,
            new Tool(_folder.Path),
            Time
        );

    /// <summary>Lets time go by until the pool has asked squeue once more.</summary>
    public void Later(SlurmPool pool, int open, double seconds = 11)
    {
        Time.Pass(TimeSpan.FromSeconds(seconds));
        pool.Tend(open);
    }

    public void Dispose() => _folder.Dispose();

    private string In(string name) => Path.Combine(_folder.Path, name);
}

/// <summary>A clock that goes when it is told to.</summary>
internal sealed class ManualTime : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 24, 20, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Pass(TimeSpan time) => _now += time;
}
