using System.Collections.Concurrent;
using System.Management.Automation;

namespace PSConvNet.Module.Tests.Stopping;

/// <summary>Two trainings in ForEach-Object -Parallel, whose progress goes through one cmdlet.</summary>
public sealed class ParallelTrainingTests : IDisposable
{
    private readonly PowerShellSession _session = new();

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Each_has_a_progress_bar_of_its_own_and_a_stop_ends_both()
    {
        using var shell = PowerShell.Create(_session.Runspace);
        shell.AddScript(
            $$"""
            $data = Import-Mnist -Name Synthetic -First 300 | Expand-Dimension
            $models = foreach ($name in 'one', 'two') {
                New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name $name
            }
            $models | ForEach-Object -Parallel {
                Import-Module '{{Repository.Manifest}}'
                $_ | Invoke-Training -Data $using:data -Epochs 1000000 -Threads 1
            }
            """
        );
        var ids = new ConcurrentDictionary<string, int>();
        using var both = new ManualResetEventSlim();
        shell.Streams.Progress.DataAdded += (_, added) =>
        {
            var record = shell.Streams.Progress[added.Index];
            if (!record.Activity.StartsWith("Training ", StringComparison.Ordinal))
                return;
            ids.TryAdd(record.Activity, record.ActivityId);
            if (ids.Count == 2)
                both.Set();
        };
        var running = shell.BeginInvoke();
        Assert.True(both.Wait(TimeSpan.FromMinutes(2)), $"shown: {string.Join(", ", ids.Keys)}");

        shell.Stop();

        Assert.True(running.IsCompleted);
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Equal(["Training one", "Training two"], ids.Keys.Order());
        Assert.Equal(2, ids.Values.Distinct().Count());
        var runs = _session.Run("$models | ForEach-Object { $_.Runs.Status.ToString() }");
        Assert.Equal(["Stopped", "Stopped"], runs.Output.Select(o => o.BaseObject));
    }
}
