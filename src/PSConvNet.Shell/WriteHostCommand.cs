using System.Collections;
using System.Management.Automation;

namespace PSConvNet.Shell;

/// <summary>
/// Write-Host, which scripts use everywhere and which pwsh keeps in a module the engine's package lacks. As there, the text is an
/// information record, so that <c>6&gt;</c> and -InformationVariable see it.
/// </summary>
[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHostCommand : PSCmdlet
{
    /// <summary>What to write; items of a list are joined by <see cref="Separator"/>.</summary>
    [Parameter(Position = 0, ValueFromRemainingArguments = true, ValueFromPipeline = true)]
    [Alias("Msg", "Message")]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Naming",
        "CA1720",
        Justification = "The name is pwsh's, and scripts use it."
    )]
    public object? Object { get; set; }

    /// <summary>Stay on the line.</summary>
    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    /// <summary>What stands between items; a blank by default.</summary>
    [Parameter]
    public object Separator { get; set; } = " ";

    /// <summary>The colour of the text.</summary>
    [Parameter]
    public ConsoleColor? ForegroundColor { get; set; }

    /// <summary>The colour behind the text.</summary>
    [Parameter]
    public ConsoleColor? BackgroundColor { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var message = new HostInformationMessage { Message = Join(Object), NoNewLine = NoNewline };
        if (ForegroundColor is { } foreground)
            message.ForegroundColor = foreground;
        if (BackgroundColor is { } background)
            message.BackgroundColor = background;
        WriteInformation(message, ["PSHOST"]);
    }

    private string Join(object? value) =>
        (value is PSObject wrapped ? wrapped.BaseObject : value) switch
        {
            null => "",
            string text => text,
            IEnumerable items => string.Join(Separator.ToString(), items.Cast<object?>().Select(Join)),
            var other => PSObject.AsPSObject(other).ToString(),
        };
}
