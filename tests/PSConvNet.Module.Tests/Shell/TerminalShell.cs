using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace PSConvNet.Module.Tests.Shell;

/// <summary>The shell on a terminal of its own, by way of util-linux' <c>script</c>: what is sent are keys, what comes is the screen.</summary>
internal sealed partial class TerminalShell : IDisposable
{
    public const string CtrlC = "\x03";

    private readonly Process _process;
    private readonly StringBuilder _screen = new();
    private readonly Task _reading;
    private int _seen;

    /// <summary>Starts a shell on a terminal of 100 columns.</summary>
    /// <param name="home">The home folder, for what a shell keeps there.</param>
    /// <param name="arguments">The shell's arguments; none for a prompt.</param>
    /// <param name="environment">Variables to set, as <c>NAME=value</c>, with spaces between.</param>
    public TerminalShell(string home, string arguments = "", string environment = "TERM=xterm-256color")
    {
        var command = $"stty cols 100 rows 30; exec dotnet '{ShellProcess.Assembly}' {arguments}";
        var start = new ProcessStartInfo("script", ["-q", "-e", "-f", "-c", command, "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("NO_COLOR");
        start.Environment["HOME"] = home;
        foreach (var variable in environment.Split(' '))
        {
            start.Environment[variable.Split('=')[0]] = variable.Split('=') is [_, var value]
                ? value
                : throw new ArgumentException(environment);
        }
        _process = Process.Start(start)!;
        _reading = Task.Run(() =>
        {
            int letter;
            while ((letter = _process.StandardOutput.Read()) >= 0)
            {
                lock (_screen)
                    _screen.Append((char)letter);
                // .NET's console asks where the cursor is and waits for an answer.
                if (letter == 'n' && Raw.EndsWith("\e[6n", StringComparison.Ordinal))
                    Send("\e[30;1R");
            }
        });
    }

    /// <summary>Skips the test where there is no <c>script</c> of util-linux.</summary>
    public static void Need() =>
        Skip.IfNot(
            OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"),
            "a terminal for the test needs util-linux' script, which is not here"
        );

    /// <summary>All that came, with its control sequences.</summary>
    public string Raw
    {
        get
        {
            lock (_screen)
                return _screen.ToString();
        }
    }

    /// <summary>Presses keys.</summary>
    public void Send(string keys)
    {
        _process.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits until a pattern has come behind what was waited for last, control sequences left out.</summary>
    public string WaitFor(string pattern)
    {
        var from = _seen;
        var text = "";
        var found = Eventually.Holds(() =>
        {
            text = Plain(Raw);
            return Regex.Match(text[from..], pattern, RegexOptions.Multiline) is { Success: true } match
                && (_seen = from + match.Index + match.Length) > 0;
        });
        Assert.True(found, $"'{pattern}' did not come; the screen after the last match: {text[from..]}");
        return text[from.._seen];
    }

    /// <summary>Waits for the prompt.</summary>
    public void WaitForPrompt() => WaitFor(@"PS [^\n]*> $|PS [^\n]*> (?=\r)");

    /// <summary>Types a command and waits for what it is to give.</summary>
    public void Run(string command, string expected)
    {
        Send(command + "\r");
        WaitFor(expected);
        WaitForPrompt();
    }

    /// <summary>Waits for the end and gives the exit code.</summary>
    public int Wait()
    {
        Assert.True(_process.WaitForExit(Eventually.Patience), $"the shell did not end; the screen: {Raw}");
        _reading.Wait();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static string Plain(string text) => ControlSequence().Replace(text, "");

    [GeneratedRegex(@"\e(\[[0-9;?]*[A-Za-z]|[=>]|\][^\a]*\a)")]
    private static partial Regex ControlSequence();
}
