using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>
/// What the cmdlets share that make a description from a name and settings: every parameter but the name is a setting of the
/// same name, and only those that were given are passed on, so that the engine can refuse what does not belong to the kind.
/// </summary>
public abstract class NewSpecCommand : ConvNetCmdlet
{
    /// <summary>Makes the description.</summary>
    protected abstract object Create(IEnumerable<KeyValuePair<string, object>> settings);

    /// <summary>The name of the parameter that is no setting.</summary>
    private protected abstract string NameParameter { get; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        try
        {
            WriteObject(Create(GivenSettings()));
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e);
        }
    }

    private List<KeyValuePair<string, object>> GivenSettings() =>
        [
            .. MyInvocation
                .BoundParameters.Where(given => given.Key != NameParameter && !CommonParameters.Contains(given.Key))
                .Select(given =>
                    given.Value is SwitchParameter on ? KeyValuePair.Create(given.Key, (object)on.IsPresent) : given
                ),
        ];
}
