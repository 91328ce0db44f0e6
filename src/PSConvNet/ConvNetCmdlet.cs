using System.Management.Automation;
using System.Runtime.CompilerServices;

namespace PSConvNet.Commands;

/// <summary>What every cmdlet shares: engine exceptions become error records with id, category, target and a remedy.</summary>
public abstract class ConvNetCmdlet : PSCmdlet
{
    /// <summary>The program around the host, where it has ways of its own.</summary>
    private protected IOuterHost? OuterHost => Host.PrivateData?.Properties[IOuterHost.Property]?.Value as IOuterHost;

    /// <summary>Whether what the cmdlet writes is shown by a notebook, as its <see cref="RichView"/>.</summary>
    private protected bool IsInNotebook => OuterHost is not null || Host.PrivateData?.BaseObject is IViewHost;

    /// <summary>Shows progress, by the program around the host where that has a way of its own.</summary>
    internal new void WriteProgress(ProgressRecord record)
    {
        record.StatusDescription = ConvNetException.Printable(record.StatusDescription);
        if (OuterHost is not { } program)
            base.WriteProgress(record);
        else if (!IsProgressOff())
            program.Report(RuntimeHelpers.GetHashCode(this), record);
    }

    /// <summary>Warns; names of strangers in the text are shown, and do nothing to the terminal.</summary>
    public new void WriteWarning(string text) => base.WriteWarning(ConvNetException.Printable(CmdletTerms.Of(text)));

    /// <summary>Warns, with names that are shortened where they are long.</summary>
    internal void WriteWarning(MessageText text) => WriteWarning(text.ToString());

    /// <summary>Tells more; the same of names.</summary>
    public new void WriteVerbose(string text) => base.WriteVerbose(ConvNetException.Printable(CmdletTerms.Of(text)));

    /// <summary>Tells more, with names that are shortened where they are long.</summary>
    internal void WriteVerbose(MessageText text) => WriteVerbose(text.ToString());

    /// <summary>Refuses parameters that mean nothing without others.</summary>
    protected override void BeginProcessing()
    {
        try
        {
            NeedsAttribute.Check(this, MyInvocation.BoundParameters);
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e, this);
        }
    }

    private bool IsProgressOff() =>
        LanguagePrimitives.TryConvertTo<ActionPreference>(
            MyInvocation.BoundParameters.TryGetValue("ProgressAction", out var given)
                ? given
                : GetVariableValue("ProgressPreference"),
            out var preference
        ) && preference is ActionPreference.SilentlyContinue or ActionPreference.Ignore;

    /// <summary>The error for a parameter that means nothing beside what else was given.</summary>
    /// <param name="parameter">Its name.</param>
    /// <param name="reason">What it is for, after "is only".</param>
    private protected static ConvNetException NotApplicable(string parameter, string reason) =>
        new(
            ErrorIds.ParameterNotApplicable,
            ErrorKind.InvalidArgument,
            $"-{parameter} is only {reason:text}. Leave it out.",
            parameter
        );

    /// <summary>The images of the part that -Part chooses.</summary>
    /// <exception cref="ConvNetException"><c>ParameterNotApplicable</c>: -Part was given, and the data are one part already.</exception>
    private protected ImageSet PartOf(Dataset data, DatasetPart part) =>
        data.IsOnePart && Given("Part")
            ? throw NotApplicable("Part", $"for whole data sets, and the images given are one part, {data.Name}")
            : data.GetPart(part);

    /// <summary>Whether a parameter was given.</summary>
    private protected bool Given(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Ends the pipeline with the engine's error.</summary>
    protected void ThrowTerminating(ConvNetException exception, object? fallbackTarget = null) =>
        ThrowTerminatingError(ToRecord(exception, fallbackTarget));

    /// <summary>Reports the engine's error and lets the pipeline go on to the next input.</summary>
    protected void WriteError(ConvNetException exception, object? fallbackTarget = null) =>
        WriteError(ToRecord(exception, fallbackTarget));

    private static ErrorRecord ToRecord(ConvNetException error, object? fallbackTarget)
    {
        var exception = CmdletTerms.Of(error);
        var record = new ErrorRecord(
            exception,
            exception.ErrorId,
            Category(exception.Kind),
            exception.Target ?? fallbackTarget
        );
        // The target itself stays as it is, so that a script can use the path; this is the text that PowerShell prints of it.
        record.CategoryInfo.TargetName = ConvNetException.Printable(record.CategoryInfo.TargetName);
        return record;
    }

    private static ErrorCategory Category(ErrorKind kind) =>
        kind switch
        {
            ErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
            ErrorKind.InvalidData => ErrorCategory.InvalidData,
            ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
            ErrorKind.Unavailable => ErrorCategory.ResourceUnavailable,
            ErrorKind.Busy => ErrorCategory.ResourceBusy,
            ErrorKind.InvalidResult => ErrorCategory.InvalidResult,
            _ => ErrorCategory.NotSpecified,
        };
}
