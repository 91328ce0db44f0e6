using PSConvNet.Module.Tests;
using PSConvNet.Module.Tests.Help;
using PSConvNet.Module.Tests.Notebooks;
using PSConvNet.Module.Tests.Stopping;
using PSConvNet.Module.Tests.Sweeps;
using PSConvNet.Module.Tests.Sweeps.Processes;
using PSConvNet.Module.Tests.Sweeps.Ssh;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("PSConvNet.Module.Tests.LongestFirst", "PSConvNet.Module.Tests")]

namespace PSConvNet.Module.Tests;

/// <summary>Starts the classes that take longest before all others, so that none of them runs alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly Type[] s_longest =
    [
        typeof(SshInterruptionTests),
        typeof(SshSweepTests),
        typeof(KernelTests),
        typeof(PolyglotTests),
        typeof(KilledSweepTests),
        typeof(StudyReportTests),
        typeof(InvokeSweepTests),
        typeof(HelpTests),
        typeof(KernelNotebookTests),
        typeof(SignalInTrainingTests),
        typeof(StoppedSweepTests),
    ];

    /// <inheritdoc />
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderByDescending(collection =>
            Array.FindIndex(
                [.. s_longest.Reverse()],
                type => collection.DisplayName.EndsWith(type.FullName!, StringComparison.Ordinal)
            )
        );
}
