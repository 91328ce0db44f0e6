using System.Runtime.InteropServices;

namespace PSConvNet.Runtime;

/// <summary>The signals that a process receives, and how it ends. Tests use a fake.</summary>
internal class ProcessSignals
{
    /// <summary>The signals of this process.</summary>
    public static ProcessSignals OfProcess { get; } = new();

    /// <summary>Whether the system ends the process as soon as the handler of a SIGTERM returns, as Windows does when it shuts down.</summary>
    internal virtual bool EndsAfterTerminate => OperatingSystem.IsWindows();

    /// <summary>Listens for a signal until the result is disposed. Other listeners receive it, too.</summary>
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
    /// Listens for Ctrl-C until the result is disposed, and acts on all but the first: the host answers that one, and on Windows it would
    /// never receive it if it were handled here.
    /// </summary>
    /// <param name="act">What a second Ctrl-C does.</param>
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

    /// <summary>Runs an action when the process ends normally, and then sets its exit code, whatever the program returns.</summary>
    internal virtual void AtExit(Action act, int code) =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            act();
            Environment.ExitCode = code;
        };

    /// <summary>Ends the process.</summary>
    internal virtual void Exit(int code) => Environment.Exit(code);
}
