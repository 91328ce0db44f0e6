using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.InteropServices;

namespace PSConvNet.Shell;

/// <summary>
/// What SIGINT and SIGTERM do to a script. PowerShell's console stops a script at SIGINT, and then reports success; at SIGTERM it ends in the middle of a
/// statement. Here SIGTERM, too, stops the script with its <c>finally</c> blocks, and the exit code names the signal. A prompt is left to the console.
/// </summary>
internal sealed class ScriptSignals : IDisposable
{
    private const int SigInt = 2;
    private const int SigTerm = 15;

    /// <summary>How long a script's <c>finally</c> blocks may take after SIGTERM.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>The console's options that run something; like all of them they can be abbreviated.</summary>
    private static readonly string[] s_runs = ["command", "commandwithargs", "cwa", "encodedcommand", "ec", "file"];

    /// <summary>Those that have a value, which isn't a script.</summary>
    private static readonly string[] s_valued =
    [
        "configurationfile",
        "configurationname",
        "custompipename",
        "ep",
        "executionpolicy",
        "if",
        "inputformat",
        "of",
        "outputformat",
        "settingsfile",
        "wd",
        "windowstyle",
        "workingdirectory",
    ];

    private readonly PosixSignalRegistration[] _registrations = [];
    private volatile int _signal;

    /// <summary>Listens where the arguments name a script.</summary>
    /// <param name="arguments">The program's.</param>
    public ScriptSignals(string[] arguments)
    {
        if (!NamesScript(arguments))
            return;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Terminate),
            PosixSignalRegistration.Create(
                PosixSignal.SIGINT,
                _ => Interlocked.CompareExchange(ref _signal, SigInt, 0)
            ),
        ];
    }

    /// <summary>128 and the signal's number where a signal ended the script; else null.</summary>
    public int? ExitCode => _signal == 0 ? null : 128 + _signal;

    /// <inheritdoc />
    public void Dispose() => Array.ForEach(_registrations, registration => registration.Dispose());

    private static bool NamesScript(string[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!arguments[i].StartsWith('-'))
                return true;
            var option = arguments[i].TrimStart('-');
            if (option.Length == 0 || Is("noexit", option, fewest: 3))
                return false;
            if (s_runs.Any(run => Is(run, option)))
                return true;
            if (s_valued.Any(valued => Is(valued, option, fewest: 2)))
                i++;
        }
        return false;
    }

    private static bool Is(string name, string option, int fewest = 1) =>
        option.Length >= fewest && name.StartsWith(option, StringComparison.OrdinalIgnoreCase);

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
