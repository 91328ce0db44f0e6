using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>A trial as PowerShell gets it.</summary>
internal static class TrialObject
{
    /// <summary>The trial, with its parameters as properties of their own; a name that a trial has already stays the trial's.</summary>
    public static PSObject Of(SweepTrial trial)
    {
        var item = new PSObject(trial.Reason is { } reason ? trial with { Reason = CmdletTerms.Of(reason) } : trial);
        foreach (var (name, value) in trial.Parameters)
        {
            if (item.Properties[name] is null)
                item.Properties.Add(new PSNoteProperty(name, value));
        }
        return item;
    }
}
