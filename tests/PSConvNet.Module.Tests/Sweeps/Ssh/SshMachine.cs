using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Sweeps.Ssh;

/// <summary>
/// Another machine, as far as PowerShell can tell: an sshd of its own on this one's loopback, with keys of its own, whose sessions are real pwsh.
/// With folders that it does not see, it runs in a mount namespace in which they are empty.
/// </summary>
internal sealed class SshMachine : IDisposable
{
    // sshd takes no blanks in its settings.
    private readonly string _folder = Directory.CreateTempSubdirectory("psconvnet-ssh-").FullName;
    private readonly int _port = FreePort();
    private readonly Process _daemon;

    /// <summary>Starts it, or skips the test where that can't be done here.</summary>
    /// <param name="unseen">Folders that are empty there.</param>
    public SshMachine(params string[] unseen)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "sshd is started as on Linux.");
        foreach (var program in (string[])["/usr/sbin/sshd", "/usr/bin/ssh", "/usr/bin/ssh-keygen", "/usr/bin/unshare"])
            Skip.IfNot(
                File.Exists(program),
                $"{program} is not installed here (Debian's openssh-server and openssh-client)."
            );
        Skip.IfNot(Environment.UserName == "root", "sshd and mount namespaces are started as root.");
        // Where sshd's unprivileged half lives; Debian makes it when the service starts.
        Directory.CreateDirectory("/run/sshd");
        foreach (var key in (string[])["host", "user"])
            Wait(Process.Start("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", In(key)]));
        File.WriteAllText(
            In("config"),
            $"""
            Port {_port}
            ListenAddress 127.0.0.1
            HostKey {In("host")}
            PidFile none
            AuthorizedKeysFile {In("user.pub")}
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            StrictModes no
            UsePAM no
            SetEnv XDG_CACHE_HOME={Cache}
            Subsystem powershell {Pwsh.Path} -sshs -NoLogo -NoProfile -WorkingDirectory {_folder}

            """.ReplaceLineEndings("\n")
        );
        // A machine of its own has files of its own: even where it may see ours it is at another place.
        var hide = string.Concat(unseen.Select(path => $"mount -t tmpfs none '{path}' && "));
        _daemon = Process.Start(
            "/usr/bin/unshare",
            ["--mount", "sh", "-c", $"{hide}exec /usr/sbin/sshd -D -f '{In("config")}' -E '{In("log")}'"]
        );
        if (!Eventually.Holds(() => _daemon.HasExited || Answers()) || _daemon.HasExited)
            throw new InvalidOperationException(
                $"sshd does not answer: {(File.Exists(In("log")) ? File.ReadAllText(In("log")) : "")}"
            );
    }

    /// <summary>What may be lost: modules that were sent, copies of studies.</summary>
    public string Cache => In("cache");

    /// <summary>A line of PowerShell that makes sessions.</summary>
    public string Sessions(int count) =>
        $"(New-PSSession -HostName {string.Join(", ", Enumerable.Repeat("127.0.0.1", count))} -Port {_port} -KeyFilePath '{In("user")}' -UserName {Environment.UserName} -Options @{{ StrictHostKeyChecking = 'no'; UserKnownHostsFile = '/dev/null'; LogLevel = 'ERROR' }})";

    /// <summary>The processes of its sessions.</summary>
    public IReadOnlyList<int> Shells =>
        [
            .. Directory
                .GetDirectories("/proc")
                .Select(folder => int.TryParse(Path.GetFileName(folder), out var process) ? process : 0)
                .Where(IsShell),
        ];

    public void Dispose()
    {
        foreach (var shell in Shells)
            ShellProcess.Signal("KILL", shell);
        _daemon.Kill(entireProcessTree: true);
        _daemon.WaitForExit();
        _daemon.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private bool IsShell(int process)
    {
        try
        {
            var words = File.ReadAllText($"/proc/{process}/cmdline").Split('\0');
            // Of a tool's launcher and the shell it starts, the shell.
            return words.Contains("-sshs")
                && words.Contains(_folder)
                && !words.Contains("-c")
                && File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1][0] != 'Z';
        }
        catch (IOException)
        {
            // It has just ended.
            return false;
        }
    }

    private bool Answers()
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string In(string name) => Path.Combine(_folder, name);

    private static void Wait(Process process)
    {
        using (process)
            process.WaitForExit();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
