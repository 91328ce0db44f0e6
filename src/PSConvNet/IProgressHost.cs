using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>
/// The program around a PowerShell host, where it can show progress better than that host does. It lies in the host's private data, under
/// <see cref="Property"/>, and whoever shares the host shares it: the runspaces of ForEach-Object -Parallel too.
/// </summary>
internal interface IProgressHost
{
    /// <summary>The property of the host's private data.</summary>
    const string Property = "PSConvNet";

    /// <summary>Shows a record.</summary>
    /// <param name="sourceId">Tells apart what runs at the same time; an activity's id alone does not.</param>
    /// <param name="record">The record.</param>
    void Report(long sourceId, ProgressRecord record);
}
