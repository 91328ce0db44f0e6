using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PSConvNet.Tests.Data;

namespace PSConvNet.Tests.Sweeps.Slurm;

/// <summary>
/// A real Slurm of one node on this machine: munged, slurmctld and slurmd of Debian's slurm-wlm as processes of the test, all their files in
/// a folder that goes with it. No service is started, and nothing is written into /etc or /run.
/// </summary>
public sealed class SlurmCluster : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _daemons = [];

    /// <summary>Starts it, or says in <see cref="Missing"/> why it can't be had here.</summary>
    public SlurmCluster()
    {
        Missing = WhyNot();
        if (Missing is not null)
            return;
        try
        {
            Begin();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Why there is no cluster here, or null.</summary>
    public string? Missing { get; }

    /// <summary>What Slurm's commands need in their environment to find it.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string> { ["SLURM_CONF"] = In("slurm.conf") };

    /// <summary>The most tasks of an array here: few, so that arrays have to be split.</summary>
    public static int MaxArraySize => 8;

    /// <summary>How long Slurm leaves a job between SIGTERM and SIGKILL: longer than any test waits.</summary>
    private static TimeSpan KillWait { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Runs one of Slurm's commands; its output, and the error's text where it failed.</summary>
    public string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SLURM_CONF"] = In("slurm.conf");
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + errors.Result;
    }

    public void Dispose()
    {
        if (_daemons.Count > 1)
        {
            Run("scancel", "--batch", "--signal=KILL", "--user=root");
            Run("scancel", "--user=root");
            // Steps end with their jobs; only then may the daemon go, or they would be left.
            Wait(() => string.IsNullOrWhiteSpace(Run("squeue", "--noheader")));
        }
        foreach (var daemon in Enumerable.Reverse(_daemons))
        {
            using (daemon)
            {
                Signal(daemon.Id, "TERM");
                if (!daemon.WaitForExit(10_000))
                    daemon.Kill(entireProcessTree: true);
                daemon.WaitForExit();
            }
        }
        _daemons.Clear();
        _folder.Dispose();
    }

    private static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux())
            return "Slurm is for Linux.";
        var absent = ((string[])["/usr/sbin/munged", "/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch"])
            .Where(file => !File.Exists(file))
            .ToArray();
        if (absent.Length > 0)
            return $"slurm-wlm and munge of Debian are not installed here ({string.Join(", ", absent)}).";
        // slurmd starts tasks as the user who submitted them.
        return System.Environment.UserName == "root" ? null : "slurmd has to be started as root.";
    }

    private void Begin()
    {
        foreach (var name in (string[])["munge", "state", "spool"])
            Directory.CreateDirectory(In(name));
        File.WriteAllBytes(In("munge/key"), System.Security.Cryptography.RandomNumberGenerator.GetBytes(1024));
        // munged takes no key that others could read, and no socket that others can't reach.
        Mode("munge/key", UnixFileMode.UserRead);
        Mode("munge", (UnixFileMode)0b111_101_101);
        Mode("", (UnixFileMode)0b111_101_101);
        File.WriteAllText(In("slurm.conf"), Configuration());
        Start(
            "/usr/sbin/munged",
            "--foreground",
            "--force",
            $"--key-file={In("munge/key")}",
            $"--socket={In("munge/socket")}",
            $"--pid-file={In("munge/pid")}",
            $"--log-file={In("munge/log")}",
            $"--seed-file={In("munge/seed")}"
        );
        Require(() => File.Exists(In("munge/socket")), "munge has no socket");
        Start("/usr/sbin/slurmctld", "-D", "-f", In("slurm.conf"));
        Start("/usr/sbin/slurmd", "-D", "-f", In("slurm.conf"));
        Require(() => Run("sinfo", "--noheader", "--format=%T").Trim() == "idle", "its node is not idle");
    }

    private string Configuration()
    {
        var node = Dns.GetHostName().Split('.')[0];
        var (controller, daemon) = (FreePort(), FreePort());
        return $"""
            ClusterName=psconvnet
            SlurmctldHost={node}(127.0.0.1)
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            AuthInfo=socket={In("munge/socket")}
            SlurmctldPort={controller}
            SlurmdPort={daemon}
            SlurmctldPidFile={In("slurmctld.pid")}
            SlurmdPidFile={In("slurmd.pid")}
            SlurmctldLogFile={In("slurmctld.log")}
            SlurmdLogFile={In("slurmd.log")}
            StateSaveLocation={In("state")}
            SlurmdSpoolDir={In("spool")}
            PlugStackConfig=/dev/null
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            SwitchType=switch/none
            MpiDefault=none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            JobCompType=jobcomp/none
            ReturnToService=2
            MaxArraySize={MaxArraySize}
            KillWait={KillWait.TotalSeconds:0}
            SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
            NodeName={node} NodeAddr=127.0.0.1 CPUs={System.Environment.ProcessorCount} State=UNKNOWN
            PartitionName=short Nodes=ALL Default=YES MaxTime=60 State=UP

            """.ReplaceLineEndings("\n");
    }

    private void Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What tasks inherit from here they would hold open; the logs are in files.
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _daemons.Add(process);
    }

    private void Require(Func<bool> holds, string otherwise)
    {
        if (Wait(holds))
            return;
        var logs = Directory
            .GetFiles(_folder.Path, "*.log", SearchOption.AllDirectories)
            .SelectMany(f => File.ReadLines(f).TakeLast(8));
        throw new InvalidOperationException($"Slurm did not start: {otherwise}.\n{string.Join('\n', logs)}");
    }

    private static bool Wait(Func<bool> holds)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < s_patience; Thread.Sleep(100))
        {
            if (holds())
                return true;
        }
        return false;
    }

    private void Mode(string name, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(In(name), mode);
    }

    private static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string In(string name) => Path.Combine(_folder.Path, name);
}
