using System.Management.Automation;
using PSConvNet.Shell;

// The engine would report each imported module to its makers; nothing here calls home, and it costs a third of the start.
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

var terminal = new Terminal();
try
{
    var command = CommandLine.Parse(args);
    switch (command.Action)
    {
        case ShellAction.Help:
            Usage.Print(terminal);
            return ExitCode.Success;
        case ShellAction.Version:
            terminal.Write($"psconvnet {ShellHost.ShellVersion}{Environment.NewLine}");
            return ExitCode.Success;
        default:
            return Run(command);
    }
}
catch (UsageException error)
{
    return Fail(error.Message, ExitCode.Usage);
}

int Run(CommandLine command)
{
    var interactive = command.Action == ShellAction.Interactive && terminal.InputIsTerminal;
    var script = interactive ? "" : Script(command);
    var manifest = ModuleLocation.FindManifest(AppContext.BaseDirectory);
    if (manifest is null)
    {
        return Fail(
            $"The module was not found: neither {AppContext.BaseDirectory} nor a folder above it has module/PSConvNet.psd1. "
                + "Build the checkout ('dotnet build -c Release'), or unpack the whole package again.",
            ExitCode.Failure
        );
    }
    using var progress = new ProgressBar(terminal);
    var reader = new ConsoleReader(terminal, progress);
    var host = new ShellHost(new ShellUserInterface(terminal, progress, reader));
    if (!terminal.ColourWanted || !terminal.UnderstandsControl)
        PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
    ShellSession session;
    try
    {
        session = ShellSession.Open(host, manifest);
    }
    catch (RuntimeException error)
    {
        return Fail($"The module could not be imported from {manifest}: {error.Message}", ExitCode.Failure);
    }
    using (session)
    using (var interrupts = new Interrupts(session, reader, terminal))
    {
        var code = interactive
            ? Converse(command, session, host, interrupts, reader)
            : RunScript(session, host, script);
        return interrupts.Terminated ? ExitCode.Terminated : code;
    }
}

int Converse(CommandLine command, ShellSession session, ShellHost host, Interrupts interrupts, ConsoleReader reader)
{
    var loop = new InteractiveLoop(terminal, session, host, interrupts, reader);
    if (!command.NoLogo)
        loop.Greet();
    return loop.Run();
}

static int RunScript(ShellSession session, ShellHost host, string script)
{
    var outcome = session.Run(script);
    return host.TakeExitCode()
        ?? outcome switch
        {
            RunOutcome.Completed => ExitCode.Success,
            RunOutcome.Stopped => ExitCode.Interrupted,
            _ => ExitCode.Failure,
        };
}

static string Script(CommandLine command) =>
    command.Action switch
    {
        ShellAction.File => Invocation.OfFile(ScriptPath(command.Script), command.Arguments),
        ShellAction.Command => Invocation.OfText(command.Script),
        _ => Invocation.OfText(Console.In.ReadToEnd()),
    };

static string ScriptPath(string path)
{
    var full = Path.GetFullPath(path);
    if (!File.Exists(full) && !Path.HasExtension(full))
        full += ".ps1";
    if (!Path.GetExtension(full).Equals(".ps1", StringComparison.OrdinalIgnoreCase))
        throw new UsageException($"'{path}' is no PowerShell script: its name does not end in .ps1.");
    return File.Exists(full) ? full : throw new UsageException($"There is no script '{path}' (looked for {full}).");
}

int Fail(string message, int code)
{
    var text = "psconvnet: " + message;
    terminal.WriteError((terminal.ErrorColour ? Colour.Paint(text, Colour.Red) : text) + Environment.NewLine);
    return code;
}
