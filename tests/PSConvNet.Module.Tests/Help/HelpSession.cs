using System.Management.Automation;

namespace PSConvNet.Module.Tests.Help;

/// <summary>One session for all help tests, with each cmdlet's help read once.</summary>
public sealed class HelpSession : IDisposable
{
    private readonly Dictionary<string, PSObject> _help = [];

    internal PowerShellSession Session { get; } = new();

    public void Dispose() => Session.Dispose();

    /// <summary>What Get-Help says of a cmdlet.</summary>
    internal PSObject Of(string cmdlet)
    {
        if (!_help.TryGetValue(cmdlet, out var help))
            _help[cmdlet] = help = Session.Run($"Get-Help {cmdlet} -Full").Output.Single();
        return help;
    }
}
