using System.Runtime.InteropServices;

namespace PSConvNet.Shell;

/// <summary>
/// What SIGINT and SIGTERM do to a script. PowerShell's console host stops a script at SIGINT, and then reports success; at SIGTERM it ends
/// in the middle of a statement. Here both stop the script as Ctrl-C does, its <c>finally</c> blocks run, and the exit code names the signal.
/// A prompt is left to the host.
/// </summary>
internal sealed class ScriptSignals : IDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;

    /// <summary>How long a script's <c>finally</c> blocks may take after SIGTERM.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static readonly string[] s_runs = ["-c", "-command", "-f", "-file", "-e", "-ec", "-encodedcommand", "-cwa"];

    private readonly List<PosixSignalRegistration> _registrations = [];
    private volatile int _signal;

    private ScriptSignals()
    {
        _registrations.Add(
            PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => _signal = Math.Max(_signal, SigInt))
        );
        if (!OperatingSystem.IsWindows())
            _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Terminate));
    }

    /// <summary>128 and the signal's number where a signal ended the script; else null.</summary>
    public int? ExitCode => _signal == 0 ? null : 128 + _signal;

    /// <summary>Listens while a script runs; null where the arguments name none.</summary>
    /// <param name="arguments">The program's.</param>
    public static ScriptSignals? Of(string[] arguments) => NamesScript(arguments) ? new ScriptSignals() : null;

    /// <inheritdoc />
    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private static bool NamesScript(string[] arguments) =>
        arguments is [var first, ..]
        && (!first.StartsWith('-') || arguments.Any(word => s_runs.Contains(word, StringComparer.OrdinalIgnoreCase)))
        && !arguments.Contains("-NoExit", StringComparer.OrdinalIgnoreCase);

    private void Terminate(PosixSignalContext context)
    {
        context.Cancel = true;
        _signal = SigTerm;
        // The host stops its pipeline at SIGINT and offers no other way to ask for it.
        _ = kill(Environment.ProcessId, SigInt);
        new Thread(() =>
        {
            Thread.Sleep(s_patience);
            Environment.Exit(128 + SigTerm);
        })
        {
            IsBackground = true,
            Name = "PSConvNet end",
        }.Start();
    }

    [DllImport("libc")]
    private static extern int kill(int process, int signal);
}
