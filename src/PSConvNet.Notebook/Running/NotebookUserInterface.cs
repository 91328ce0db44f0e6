using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using PSConvNet.Commands;

namespace PSConvNet.Notebook;

/// <summary>Where PowerShell writes and asks: the screen of the running cell, or of the last one.</summary>
internal sealed class NotebookUserInterface
    : PSHostUserInterface,
        IHostUISupportsMultipleChoiceSelection,
        IViewHost,
        IDisposable
{
    private const string Yellow = "\x1b[33m";
    private readonly NotebookQuestions _questions;
    private volatile CellScreen? _screen;
    private volatile ICellInput _input = new NoInput("run it in a notebook");
    private CancellationTokenSource _asking = new();

    /// <summary>An interface without a cell yet.</summary>
    public NotebookUserInterface()
    {
        RawUI = new NotebookRawUserInterface(() => _screen?.Post(output => output.Clear(wait: false)));
        _questions = new NotebookQuestions(Ask);
    }

    /// <summary>The screen that is written on.</summary>
    public CellScreen? Screen => _screen;

    /// <summary>Begins a cell.</summary>
    public void Begin(CellScreen screen, ICellInput input)
    {
        _screen = screen;
        _input = input;
        _asking = new CancellationTokenSource();
    }

    /// <summary>Ends a question that waits for its answer, and refuses others of this cell.</summary>
    public void StopAsking()
    {
        // Its callbacks must not run here: whoever stops a cell does not wait for it.
        var asking = _asking;
        _ = Task.Run(asking.Cancel);
    }

    /// <inheritdoc />
    public override PSHostRawUserInterface RawUI { get; }

    /// <inheritdoc />
    public override bool SupportsVirtualTerminal => !CellScreen.IsCapturing;

    /// <inheritdoc />
    public override void Write(string value) => _screen?.Write(isError: false, value);

    /// <inheritdoc />
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(Ansi.Paint(value ?? "", foregroundColor, backgroundColor));

    /// <inheritdoc />
    public override void WriteLine(string value) => Write(value + "\n");

    /// <inheritdoc />
    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(Ansi.Paint(value ?? "", foregroundColor, backgroundColor) + "\n");

    /// <inheritdoc />
    public override void WriteErrorLine(string value) => _screen?.Write(isError: true, value + "\n");

    /// <inheritdoc />
    public override void WriteWarningLine(string message) => Talk("WARNING: " + message);

    /// <inheritdoc />
    public override void WriteVerboseLine(string message) => Talk("VERBOSE: " + message);

    /// <inheritdoc />
    public override void WriteDebugLine(string message) => Talk("DEBUG: " + message);

    /// <inheritdoc />
    public override void WriteProgress(long sourceId, ProgressRecord record) => _screen?.Report(sourceId, record);

    /// <inheritdoc />
    public override string ReadLine() => Ask("", secret: false);

    /// <inheritdoc />
    public override SecureString ReadLineAsSecureString() => NotebookQuestions.Secret(Ask("", secret: true));

    /// <inheritdoc />
    public override Dictionary<string, PSObject> Prompt(
        string caption,
        string message,
        Collection<FieldDescription> descriptions
    ) => _questions.AskFields(caption, message, descriptions);

    /// <inheritdoc />
    public override int PromptForChoice(
        string caption,
        string message,
        Collection<ChoiceDescription> choices,
        int defaultChoice
    ) => _questions.AskChoice(caption, message, choices, defaultChoice);

    /// <inheritdoc />
    public Collection<int> PromptForChoice(
        string? caption,
        string? message,
        Collection<ChoiceDescription> choices,
        IEnumerable<int>? defaultChoices
    ) => _questions.AskChoices(caption, message, choices, defaultChoices);

    /// <inheritdoc />
    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName
    ) => _questions.AskCredential(caption, message, userName);

    /// <inheritdoc />
    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options
    ) => _questions.AskCredential(caption, message, userName);

    /// <inheritdoc />
    public void Dispose() => _asking.Dispose();

    private string Ask(string prompt, bool secret)
    {
        _screen?.Flush();
        try
        {
            return _input.Ask(prompt, secret, _asking.Token);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    private void Talk(string text) => _screen?.Write(isError: true, $"{Yellow}{text}{Ansi.Plain}\n");
}
