using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>
/// The program around a PowerShell host, where it has ways of its own to stop commands and to show progress. It lies in the host's private data,
/// under <see cref="Property"/>, so that all sessions of the host have it, those of ForEach-Object -Parallel too.
/// </summary>
internal interface IOuterHost
{
    /// <summary>The property of the host's private data.</summary>
    const string Property = "PSConvNet";

    /// <summary>Whether what the calling thread runs was stopped: what begins now is to end at once.</summary>
    bool IsStopped { get; }

    /// <summary>Shows progress.</summary>
    /// <param name="sourceId">Tells apart what runs at the same time.</param>
    /// <param name="record">How far it is.</param>
    void Report(long sourceId, ProgressRecord record);
}
