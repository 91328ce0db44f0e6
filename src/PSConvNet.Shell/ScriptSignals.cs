using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;

namespace PSConvNet.Shell;

/// <summary>
/// What SIGINT and SIGTERM do. PowerShell's console stops a script at SIGINT, and then reports success; at SIGTERM it ends in the middle of a
/// statement. Here SIGTERM, too, stops the script with its <c>finally</c> blocks, and the exit code names the signal.
/// </summary>
internal sealed class ScriptSignals : IDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;

    /// <summary>How long a script's <c>finally</c> blocks may take after SIGTERM.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static readonly string[] s_runs = ["-c", "-command", "-f", "-file", "-e", "-ec", "-encodedcommand", "-cwa"];

    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration? _interrupt;
    private volatile int _signal;

    /// <summary>Listens.</summary>
    /// <param name="arguments">The program's; where they name no script there is a prompt, at which Ctrl-C stops one command of many.</param>
    public ScriptSignals(string[] arguments)
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Terminate);
        if (NamesScript(arguments))
            _interrupt = PosixSignalRegistration.Create(
                PosixSignal.SIGINT,
                _ => Interlocked.CompareExchange(ref _signal, SigInt, 0)
            );
    }

    /// <summary>128 and the signal's number where a signal ended the script; else null.</summary>
    public int? ExitCode => _signal == 0 ? null : 128 + _signal;

    /// <inheritdoc />
    public void Dispose()
    {
        _terminate.Dispose();
        _interrupt?.Dispose();
    }

    private static bool NamesScript(string[] arguments) =>
        arguments is [var first, ..]
        && (!first.StartsWith('-') || arguments.Any(word => s_runs.Contains(word, StringComparer.OrdinalIgnoreCase)))
        && !arguments.Contains("-NoExit", StringComparer.OrdinalIgnoreCase);

    private void Terminate(PosixSignalContext context)
    {
        context.Cancel = true;
        _signal = SigTerm;
        Task.Run(() =>
        {
            try
            {
                Task.Run(CloseSession).Wait(s_patience);
            }
            finally
            {
                Environment.Exit(128 + SigTerm);
            }
        });
    }

    /// <summary>Closes the console's session, which stops what runs in it; returns when its <c>finally</c> blocks are done.</summary>
    private static void CloseSession()
    {
        using var shell = PowerShell.Create();
        // The console's session is the first of the process.
        foreach (var session in shell.AddCommand("Get-Runspace").AddParameter("Id", 1).Invoke<Runspace>())
            session.Close();
    }
}
