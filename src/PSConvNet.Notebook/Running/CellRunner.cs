using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using PSConvNet.Commands;

namespace PSConvNet.Notebook;

/// <summary>
/// A runspace of its own with the module imported, which runs one cell at a time and passes on what it gives. The Jupyter kernel and
/// Invoke-Notebook both run their cells here.
/// </summary>
internal sealed class CellRunner : IDisposable
{
    // In a try block an error that ends a statement ends the cell too, as people expect of a cell, where a prompt would go on with the
    // next statement. The cell is a script block of its own, so that its lines are counted from its start.
    private const string Wrapper = "try { . ([scriptblock]::Create($args[0])) } catch { throw }";
    private readonly Runspace _runspace;
    private readonly NotebookHost _host;
    private readonly NotebookUserInterface _ui;
    private readonly object _lock = new();
    private PowerShell? _running;

    private CellRunner(Runspace runspace, NotebookHost host, NotebookUserInterface ui)
    {
        _runspace = runspace;
        _host = host;
        _ui = ui;
    }

    /// <summary>Opens a session in a folder; throws what the engine throws when that fails.</summary>
    public static CellRunner Open(string folder)
    {
        var ui = new NotebookUserInterface();
        var host = new NotebookHost(ui);
        var state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        // Without a policy of the machine's own nothing would run on Windows; this one lets local files in, as pwsh does there.
        if (OperatingSystem.IsWindows())
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned;
        state.Commands.Add(new SessionStateCmdletEntry("Out-NotebookCell", typeof(OutCellCommand), null));
        state.Commands.Add(new SessionStateCmdletEntry("Out-NotebookText", typeof(OutTextCommand), null));
        state.ImportPSModule([ModulePlace.Manifest]);
        var runspace = RunspaceFactory.CreateRunspace(host, state);
        runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        var runner = new CellRunner(runspace, host, ui);
        try
        {
            runspace.Open();
            // Before the first cell there is nobody to show anything to, but texts can be taken.
            using var nowhere = new CellScreen(new SilentOutput());
            ui.Begin(nowhere, new NoInput("ask in a cell"));
            runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(folder));
            using var shell = runner.CreateShell();
            shell.AddScript(HostCommands.Setup).Invoke();
            return runner;
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

    /// <summary>The session's variables, drives and places, to be used while nothing runs there.</summary>
    public SessionStateProxy Session => _runspace.SessionStateProxy;

    /// <summary>Sets a variable of the session.</summary>
    public void SetVariable(string name, object? value) => _runspace.SessionStateProxy.SetVariable(name, value);

    /// <summary>A variable of the session, or null.</summary>
    public PSVariable? FindVariable(string name) => _runspace.SessionStateProxy.PSVariable.Get(name);

    /// <summary>What PowerShell prints for a value.</summary>
    public string TextOf(object? value)
    {
        using var shell = CreateShell();
        // One that fails to be printed has a name, at least.
        try
        {
            var items = LanguagePrimitives.GetEnumerable(value)?.Cast<object>() ?? [value!];
            return shell.AddCommand("Out-NotebookText").Invoke<string>(items)[0];
        }
        catch (RuntimeException)
        {
            return value?.ToString() ?? "";
        }
    }

    /// <summary>The value of an expression, or what went wrong; shows nothing.</summary>
    public (MimeBundle? Value, CellError? Error) Evaluate(string expression)
    {
        var values = new List<PSObject?>();
        var output = new SilentOutput();
        if (Run(expression, output, new NoInput("an expression can't"), observer: values.Add).Error is { } error)
            return (null, error);
        var view = values is [var only] ? ObjectView.Of(only) : null;
        return (new MimeBundle(TextOf(values), view), null);
    }

    /// <summary>Runs a cell to its end.</summary>
    /// <param name="code">PowerShell text.</param>
    /// <param name="output">Takes what it gives. An error that ends the cell goes there too.</param>
    /// <param name="input">Answers its questions.</param>
    /// <param name="remember">Whether it goes to the session's Get-History.</param>
    /// <param name="observer">Takes the objects it gives.</param>
    public CellOutcome Run(
        string code,
        ICellOutput output,
        ICellInput input,
        bool remember = false,
        Action<PSObject?>? observer = null
    )
    {
        using var screen = new CellScreen(output);
        _ui.Begin(screen, input);
        using var shell = CreateShell();
        shell
            .AddScript(Wrapper)
            .AddArgument(code)
            .AddCommand("Out-NotebookCell")
            .AddParameter("Screen", screen)
            .AddParameter("Expression", IsOneExpression(code))
            .AddParameter("Observer", observer);
        // Errors take the way of the output, so that both appear in the order they were written.
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        var started = DateTime.Now;
        var outcome = Invoke(shell);
        if (remember)
            Remember(code, outcome, started);
        if (outcome.Error is { } error)
            screen.Post(o => o.Error(error));
        return outcome;
    }

    /// <summary>Asks the running cell to stop, and returns at once.</summary>
    /// <returns>Whether a cell was running.</returns>
    public bool Stop()
    {
        lock (_lock)
        {
            if (_running is null)
                return false;
            _ui.StopAsking();
            _running.BeginStop(null, null);
            return true;
        }
    }

    /// <summary>A pipeline in this session.</summary>
    public PowerShell CreateShell()
    {
        var shell = PowerShell.Create();
        shell.Runspace = _runspace;
        return shell;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _runspace.Dispose();
        _ui.Dispose();
    }

    private CellOutcome Invoke(PowerShell shell)
    {
        lock (_lock)
            _running = shell;
        _host.TakeExitCode();
        try
        {
            shell.Invoke();
            return shell.InvocationStateInfo.State == PSInvocationState.Stopped ? Stopped() : Ended();
        }
        catch (Exception e) when (e is PipelineStoppedException or InvalidPowerShellStateException)
        {
            // The second comes where the stop came before the start.
            return Stopped();
        }
        catch (RuntimeException error)
        {
            return new(CellError.Of(error));
        }
        finally
        {
            lock (_lock)
                _running = null;
        }
    }

    private CellOutcome Ended() =>
        _host.TakeExitCode() is { } code
            ? new(code == 0 ? null : CellError.OfExit(code), ExitCode: code)
            : new CellOutcome(Error: null);

    private void Remember(string code, CellOutcome outcome, DateTime started)
    {
        var entry = new PSObject();
        entry.Properties.Add(new PSNoteProperty("CommandLine", code));
        entry.Properties.Add(
            new PSNoteProperty(
                "ExecutionStatus",
                outcome.IsStopped ? PipelineState.Stopped
                    : outcome.Error is null ? PipelineState.Completed
                    : PipelineState.Failed
            )
        );
        entry.Properties.Add(new PSNoteProperty("StartExecutionTime", started));
        entry.Properties.Add(new PSNoteProperty("EndExecutionTime", DateTime.Now));
        using var shell = CreateShell();
        shell.AddCommand("Add-History").AddParameter("InputObject", new[] { entry }).Invoke();
    }

    private static CellOutcome Stopped() => new(CellError.Interrupted, IsStopped: true);

    private static bool IsOneExpression(string code) =>
        Parser.ParseInput(code, out _, out var errors)
            is {
                ParamBlock: null,
                BeginBlock: null,
                ProcessBlock: null,
                DynamicParamBlock: null,
                EndBlock: { Traps: null, Statements: [PipelineAst { PipelineElements: [CommandExpressionAst] }] }
            }
        && errors.Length == 0;
}
