using System.Runtime.InteropServices;

namespace PSConvNet.Runtime;

/// <summary>What a process is told by its system, and how it ends. Tests give a stand-in.</summary>
public class ProcessSignals
{
    /// <summary>Those of this process.</summary>
    public static ProcessSignals OfProcess { get; } = new();

    /// <summary>Whether the system ends the process as soon as the handler of a SIGTERM returns: Windows does at its shutdown.</summary>
    internal virtual bool EndsAfterTerminate => OperatingSystem.IsWindows();

    /// <summary>Listens for a signal until disposed of. Other listeners hear it too.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="handler">
    /// Called on a thread of the signal's own. True: it is handled, and what the system, or on Windows an older listener, does by default is
    /// not done.
    /// </param>
    public virtual IDisposable Listen(PosixSignal signal, Func<bool> handler) =>
        PosixSignalRegistration.Create(
            signal,
            context =>
            {
                if (handler())
                    context.Cancel = true;
            }
        );

    /// <summary>
    /// Listens for Ctrl-C until disposed of, and acts on all but the first: that one is the host's to answer, and on Windows a handled one
    /// would never reach it.
    /// </summary>
    /// <param name="act">What a second Ctrl-C asks for.</param>
    public IDisposable OnSecondInterrupt(Action act)
    {
        var count = 0;
        return Listen(
            PosixSignal.SIGINT,
            () =>
            {
                if (Interlocked.Increment(ref count) == 1)
                    return false;
                act();
                return true;
            }
        );
    }

    /// <summary>Has something done when the process ends in good order, and then sets its exit code, whatever the program returns.</summary>
    internal virtual void AtExit(Action act, int code) =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            act();
            Environment.ExitCode = code;
        };

    /// <summary>Ends the process.</summary>
    internal virtual void Exit(int code) => Environment.Exit(code);
}
