using System.Management.Automation;
using System.Reflection;

namespace PSConvNet.Commands;

/// <summary>
/// What the cmdlets share that make a description from a name and settings: every parameter but the name is a setting of the
/// same name, and only those that were given are passed on, so that the engine can refuse what does not belong to the kind.
/// </summary>
public abstract class NewSpecCommand : ConvNetCmdlet, IDynamicParameters
{
    /// <summary>
    /// Adds the settings that not all kinds have. Those that the named kind lacks are taken, too, for the engine's error says which ones it has; but they aren't
    /// shown, so that Tab doesn't offer them. Without a name, as when it comes from the pipeline, all are shown.
    /// </summary>
    public object GetDynamicParameters()
    {
        var known = Known();
        var parameters = new RuntimeDefinedParameterDictionary();
        foreach (var property in GetType().GetProperties().Where(p => p.IsDefined(typeof(SettingAttribute))))
        {
            Attribute[] attributes =
            [
                new ParameterAttribute { DontShow = known?.Contains(property.Name) == false },
                .. property
                    .GetCustomAttributes()
                    .Where(a => a is ArgumentTransformationAttribute or AliasAttribute or ArgumentCompleterAttribute),
            ];
            parameters.Add(
                property.Name,
                new RuntimeDefinedParameter(property.Name, property.PropertyType, [.. attributes])
            );
        }
        return parameters;
    }

    /// <summary>Makes the description.</summary>
    protected abstract object Create(IEnumerable<KeyValuePair<string, object>> settings);

    /// <summary>The settings of the kind that is named, with their defaults.</summary>
    /// <exception cref="ConvNetException">There is no such kind.</exception>
    private protected abstract IEnumerable<KeyValuePair<string, object>> Defaults { get; }

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

    private HashSet<string>? Known()
    {
        try
        {
            return [.. Defaults.Select(setting => setting.Key)];
        }
        catch (ConvNetException)
        {
            return null;
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
