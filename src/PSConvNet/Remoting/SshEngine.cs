using System.Management.Automation.Runspaces;
using PSConvNet;
using PSConvNet.Commands;

[assembly: SweepEngine(typeof(SshEngine))]

namespace PSConvNet.Commands;

/// <summary>Workers in PowerShell sessions on other machines, whatever carries the sessions.</summary>
public sealed record SshEngine : SweepEngine
{
    /// <summary>Open sessions, from New-PSSession -HostName, which have to be given: a worker in each. They are left open.</summary>
    public PSSession[] Session { get; init; } = [];

    /// <inheritdoc />
    public override void Validate()
    {
        const string Sessions = "open sessions, each of them once; New-PSSession -HostName creates them";
        Require(Session.Length > 0, Session.Length > 0 ? Session : null, Sessions, nameof(Session));
        foreach (var session in Session)
        {
            var state = session.Runspace.RunspaceStateInfo.State;
            Require(state == RunspaceState.Opened, $"{session.Name} ({state})", Sessions, nameof(Session));
            Require(
                Session.Count(other => other.InstanceId == session.InstanceId) == 1,
                $"{session.Name} twice",
                Sessions,
                nameof(Session)
            );
        }
    }

    /// <inheritdoc />
    public override EngineStart Start(Study study, Func<WorkerCommand> worker) => new SessionPool(study, Session);
}
