using System.Management.Automation;
using System.Reflection;

namespace PSConvNet.Shell;

/// <summary>The prompt: reads a command, runs it, shows what it gives, until <c>exit</c> or Ctrl-D.</summary>
internal sealed class InteractiveLoop
{
    private readonly Terminal _terminal;
    private readonly ShellSession _session;
    private readonly ShellHost _host;
    private readonly Interrupts _interrupts;
    private readonly ConsoleReader _reader;
    private readonly LineEditor _editor;
    private readonly History _history = new(History.UserFile);

    /// <summary>Makes the prompt of a session.</summary>
    public InteractiveLoop(
        Terminal terminal,
        ShellSession session,
        ShellHost host,
        Interrupts interrupts,
        ConsoleReader reader
    )
    {
        _terminal = terminal;
        _session = session;
        _host = host;
        _interrupts = interrupts;
        _reader = reader;
        _editor = new LineEditor(terminal, _history, new Completer(session));
        host.NestedPrompt = () => RunUntil(() => host.NestedPromptEnds || host.TakeExitCode() is not null);
    }

    /// <summary>Says what this is and how to find out more.</summary>
    public void Greet()
    {
        var hint = "Get-Command -Module PSConvNet lists the commands, Get-Help explains one, exit ends.";
        _terminal.Write($"PSConvNet {ShellHost.ShellVersion} on PowerShell {EngineVersion}{Environment.NewLine}");
        _terminal.Write((_terminal.OutputColour ? Colour.Paint(hint, Colour.Grey) : hint) + Environment.NewLine);
    }

    /// <summary>Runs commands until the person leaves, and gives the exit code.</summary>
    public int Run()
    {
        var code = (int?)null;
        RunUntil(() => (code = _host.TakeExitCode()) is not null || _interrupts.Terminated);
        return code ?? ExitCode.Success;
    }

    private void RunUntil(Func<bool> ended)
    {
        _host.NestedPromptEnds = false;
        do
        {
            if (Read() is not { } command)
                return;
            if (string.IsNullOrWhiteSpace(command))
                continue;
            _history.Add(command);
            _interrupts.Reset();
            _session.Run(command, remember: true);
        } while (!ended());
        _host.NestedPromptEnds = false;
    }

    private string? Read()
    {
        var prompt = _session.Prompt();
        if (_terminal.CanRepaint)
            return _editor.Read(
                _terminal.OutputColour && !prompt.Contains('\e') ? Colour.Paint(prompt, Colour.Cyan) : prompt
            );
        _terminal.WritePrompt(prompt);
        return _reader.ReadLine();
    }

    // The assembly's own version stays 7.6.0 through all releases of 7.6.
    private static string? EngineVersion =>
        typeof(PSObject)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split(' ', '+')[0];
}
