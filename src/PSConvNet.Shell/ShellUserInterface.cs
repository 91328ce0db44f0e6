using System.Management.Automation;
using System.Management.Automation.Host;

namespace PSConvNet.Shell;

/// <summary>Writes what PowerShell says: output to standard output; errors, warnings and talk to standard error.</summary>
internal sealed class ShellUserInterface(Terminal terminal, ProgressBar progress, ConsoleReader reader)
    : PSHostUserInterface,
        IHostUISupportsMultipleChoiceSelection
{
    private readonly ShellRawUserInterface _raw = new(terminal);
    private volatile bool _asErrors;
    private readonly ConsoleQuestions _questions = new(terminal, reader);

    /// <inheritdoc />
    public override PSHostRawUserInterface RawUI => _raw;

    /// <inheritdoc />
    public override bool SupportsVirtualTerminal => _asErrors ? terminal.ErrorColour : terminal.OutputColour;

    /// <summary>Sends what is written as output meanwhile to standard error instead.</summary>
    public void ShowAsErrors(Action show)
    {
        _asErrors = true;
        try
        {
            show();
        }
        finally
        {
            _asErrors = false;
        }
    }

    /// <summary>Takes the progress bar off the screen, as at the end of a pipeline.</summary>
    public void HideProgress() => progress.Clear();

    /// <inheritdoc />
    public override void Write(string value) => Write(_raw.ForegroundColor, _raw.BackgroundColor, value);

    /// <inheritdoc />
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        if (string.IsNullOrEmpty(value))
            return;
        if (_asErrors)
            terminal.WriteError(value);
        else
            terminal.Write(terminal.OutputColour ? Colour.Paint(value, foregroundColor, backgroundColor) : value);
    }

    /// <inheritdoc />
    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    /// <inheritdoc />
    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(foregroundColor, backgroundColor, value + Environment.NewLine);

    /// <inheritdoc />
    public override void WriteErrorLine(string value) => Talk(value, Colour.Red);

    /// <inheritdoc />
    public override void WriteWarningLine(string message) => Talk("WARNING: " + message, Colour.Yellow);

    /// <inheritdoc />
    public override void WriteVerboseLine(string message) => Talk("VERBOSE: " + message, Colour.Yellow);

    /// <inheritdoc />
    public override void WriteDebugLine(string message) => Talk("DEBUG: " + message, Colour.Yellow);

    /// <inheritdoc />
    public override void WriteProgress(long sourceId, ProgressRecord record) => progress.Report(sourceId, record);

    /// <inheritdoc />
    public override string ReadLine() => reader.ReadLine() ?? throw ConsoleReader.AtEnd();

    /// <inheritdoc />
    public override System.Security.SecureString ReadLineAsSecureString() => reader.ReadSecret();

    /// <inheritdoc />
    public override Dictionary<string, PSObject> Prompt(
        string caption,
        string message,
        System.Collections.ObjectModel.Collection<FieldDescription> descriptions
    ) => _questions.AskFields(caption, message, descriptions);

    /// <inheritdoc />
    public override int PromptForChoice(
        string caption,
        string message,
        System.Collections.ObjectModel.Collection<ChoiceDescription> choices,
        int defaultChoice
    ) => _questions.AskChoice(caption, message, choices, defaultChoice);

    /// <inheritdoc />
    public System.Collections.ObjectModel.Collection<int> PromptForChoice(
        string? caption,
        string? message,
        System.Collections.ObjectModel.Collection<ChoiceDescription> choices,
        IEnumerable<int>? defaultChoices
    ) => _questions.AskChoices(caption, message, choices, defaultChoices);

    /// <inheritdoc />
    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName
    ) =>
        PromptForCredential(
            caption,
            message,
            userName,
            targetName,
            PSCredentialTypes.Default,
            PSCredentialUIOptions.Default
        );

    /// <inheritdoc />
    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options
    ) => _questions.AskCredential(caption, message, userName);

    private void Talk(string text, string colour) =>
        // The engine's error view brings colours of its own.
        terminal.WriteError(
            (terminal.ErrorColour && !text.Contains('\e') ? Colour.Paint(text, colour) : text) + Environment.NewLine
        );
}
