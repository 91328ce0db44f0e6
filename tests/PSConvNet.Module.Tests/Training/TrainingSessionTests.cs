using System.Diagnostics;
using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Training;

/// <summary>Progress, Ctrl-C, and two trainings at once.</summary>
public sealed class TrainingSessionTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    private readonly PowerShellSession _session = new();

    public TrainingSessionTests() => _session.Run(DigitsSession.Setup);

    public void Dispose() => _session.Dispose();

    [Fact]
    public void Progress_is_shown_at_most_five_times_a_second_and_taken_away_at_the_end()
    {
        // 4 images a batch: far more batches a second than anybody could read. A slow machine makes the run longer and the limit higher.
        var clock = Stopwatch.StartNew();
        var result = _session.Run("New-Small | Invoke-Training -Data $data -Epochs 8 -BatchSize 4 -Threads 1");
        var seconds = clock.Elapsed.TotalSeconds;

        var records = result.Progress;
        Assert.InRange(records.Count, 2, (int)(5 * seconds) + 3);
        Assert.True(records.Count < 8 * 75, "a record a batch");
        Assert.All(records, r => Assert.Equal("Training small", r.Activity));
        Assert.Single(records.Select(r => r.ActivityId).Distinct());
        Assert.Equal(ProgressRecordType.Completed, records[^1].RecordType);
        var shown = records.SkipLast(1).ToList();
        Assert.All(
            shown,
            r =>
            {
                Assert.Equal(ProgressRecordType.Processing, r.RecordType);
                Assert.Matches(@"^epoch [1-8]/8, loss \d\.\d{4}, \d+\.\d\d ?%, [\d,]+ images/s$", r.StatusDescription);
                Assert.InRange(r.PercentComplete, 0, 100);
                Assert.True(r.SecondsRemaining >= 0);
            }
        );
        Assert.Equal(shown.Select(r => r.PercentComplete).Order(), shown.Select(r => r.PercentComplete));
    }

    [Fact]
    public void Each_model_has_a_progress_of_its_own_name_and_quiet_has_none()
    {
        var shown = _session.Run("(New-Small one), (New-Small two) | Invoke-Training -Data $data -Epochs 1").Progress;
        var quiet = _session.Run("(New-Small one), (New-Small two) | Invoke-Training -Data $data -Epochs 1 -Quiet");

        Assert.Equal(
            ["Training one", "Training two"],
            shown.Where(r => r.RecordType == ProgressRecordType.Completed).Select(r => r.Activity)
        );
        Assert.Empty(quiet.Progress);
        Assert.Equal(2, quiet.Output.Count);
    }

    [Fact]
    public void Progress_is_taken_away_after_an_error_too()
    {
        var result = _session.Run(
            "New-Small | Invoke-Training -Data $data -Epochs 1 -BatchSize 16 -Optimizer SGD -LearningRate 1e30"
        );

        Assert.Single(result.Errors);
        Assert.Equal(ProgressRecordType.Completed, result.Progress[^1].RecordType);
    }

    [Fact]
    public void A_stop_ends_an_endless_training_and_leaves_a_model_that_works()
    {
        var made = _session.Run("$model = New-Small; $next = New-Small next; $model; $next").Output;
        var (model, next) = (made[0], made[1]);
        using var other = Share("model", "data");
        using var shell = PowerShell.Create(_session.Runspace);
        shell.AddScript("$model, $next | Invoke-Training -Data $data -Epochs 1000000");

        var running = shell.BeginInvoke();
        WaitUntil(() => Epochs(model) > 0, running);
        var busy = other.RunForError("Measure-Model $model $data");
        Stop(shell);

        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Empty(shell.Streams.Error);
        // Nobody can use a model while its weights change.
        Assert.Equal("ModelBusy,PSConvNet.Commands.MeasureModelCommand", busy.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceBusy, busy.CategoryInfo.Category);

        Assert.Equal(0, Epochs(next));
        var after = _session.Run(
            """
            $epochs = $model.TrainedEpochs
            @(Invoke-Prediction $model $data).Count
            [double]::IsFinite((Measure-Model $model $data).Loss)
            ($model | Invoke-Training -Data $data -Epochs 2).Status.ToString()
            [Math]::Round($model.TrainedEpochs - $epochs, 6)
            """
        );
        Assert.Empty(after.Errors);
        Assert.Equal([300, true, "Completed", 2.0], after.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void A_search_for_a_learning_rate_shows_progress_can_be_stopped_and_leaves_the_model_as_it_was()
    {
        var model = _session
            .Run("$model = New-Small; $before = $model.GetParameter('dense_1.kernel') -join ' '; $model")
            .Output.Single();
        using var shell = PowerShell.Create(_session.Runspace);
        // Rates so low that nothing happens, for much longer than the test waits.
        shell.AddScript(
            "$model | Find-LearningRate -Data $data -MinimumRate 1e-20 -MaximumRate 1e-19 -Steps 100000000"
        );
        var running = shell.BeginInvoke();
        WaitUntil(() => shell.Streams.Progress.Count > 1, running);

        Stop(shell);

        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        Assert.Empty(shell.Streams.Error);
        Assert.All(
            shell.Streams.Progress,
            r =>
            {
                Assert.Equal("Finding a learning rate for small", r.Activity);
                Assert.Matches(@"^batch \d+/100000000, rate 1E-20, smoothed loss \d\.\d{4}$", r.StatusDescription);
            }
        );
        Assert.Equal(0, Epochs(model));
        Assert.True(
            (bool)
                _session.Run("($model.GetParameter('dense_1.kernel') -join ' ') -eq $before").Output.Single().BaseObject
        );
    }

    [Fact]
    public void A_measurement_and_a_prediction_can_be_stopped_as_well()
    {
        // Work enough for one pass over the images to take a second or so on a fast machine.
        _session.Run(
            """
            $blank = [PSConvNet.Data.ImageSet]::new('blank', [byte[]]::new(784 * 10000), [int[]]::new(10000), $data.Shape)
            $many = [PSConvNet.Data.Dataset]::new('Blank', $blank, $blank, $data.ClassNames, 'test')
            $wide = New-ConvLayer 16 -Padding Same -Activation ReLU | New-ConvLayer 32 -Padding Same -Activation ReLU |
                New-GlobalPoolLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1
            """
        );
        foreach (
            var script in (string[])
                ["Measure-Model $wide $many", "Compare-Model $wide $many", "Invoke-Prediction $wide $many"]
        )
        {
            using var shell = PowerShell.Create(_session.Runspace);
            shell.AddScript(script);
            // The first progress is written before the first image, on the command's thread, which waits here until it is being stopped: however fast
            // the machine is, the command can't be done by then.
            Task? stop = null;
            shell.Streams.Progress.DataAdded += (_, _) =>
            {
                stop ??= Task.Run(shell.Stop);
                Assert.True(
                    SpinWait.SpinUntil(() => shell.InvocationStateInfo.State == PSInvocationState.Stopping, s_patience),
                    "it was not being stopped within a minute"
                );
            };
            var running = shell.BeginInvoke();
            Assert.True(running.AsyncWaitHandle.WaitOne(s_patience), "it did not end within a minute");
            Assert.True(stop?.Wait(s_patience), "it did not stop within a minute");

            Assert.True(shell.Streams.Progress.All(r => r.PercentComplete < 100), "it went through all images");
            Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
            Assert.Empty(shell.Streams.Error);
        }
    }

    [Fact]
    public async Task Two_trainings_at_once_come_to_what_each_comes_to_alone()
    {
        const string script = "(New-Small -Seed {0}) | Invoke-Training -Data $data -Epochs 20 -Threads 1 -Seed {0}";
        using var second = new PowerShellSession();
        second.Run(DigitsSession.Setup);
        PowerShellSession[] sessions = [_session, second];

        var together = await Task.WhenAll(
            sessions.Select(
                (session, i) =>
                    Task.Run(() =>
                    {
                        var run = session.Run(string.Format(null, script, i + 1)).Output.Single();
                        return (Began: Clock(run), Ended: Clock(run) + Span(run), Losses: Losses(run));
                    })
            )
        );
        var alone = Enumerable
            .Range(1, 2)
            .Select(i => Losses(_session.Run(string.Format(null, script, i)).Output.Single()));

        Assert.Equal(alone, together.Select(t => t.Losses));
        Assert.Equal(20, together[0].Losses.Count);
        Assert.True(
            together[0].Began < together[1].Ended && together[1].Began < together[0].Ended,
            "the two did not run at the same time"
        );
    }

    [Fact]
    public void A_model_that_is_being_trained_is_refused_to_a_second_training()
    {
        var model = _session.Run("$model = New-Small; $model").Output.Single();
        using var other = Share("model", "data");
        using var shell = PowerShell.Create(_session.Runspace);
        shell.AddScript("$model | Invoke-Training -Data $data -Epochs 1000000");
        var running = shell.BeginInvoke();
        WaitUntil(() => Epochs(model) > 0, running);

        var error = other.RunForError("$model | Invoke-Training -Data $data");
        Stop(shell);

        Assert.Equal("ModelBusy,PSConvNet.Commands.InvokeTrainingCommand", error.FullyQualifiedErrorId);
        Assert.Equal(
            "small is being trained elsewhere; wait until that ends, or use a separate model there.",
            error.Exception.Message
        );
        Assert.Single(other.Run("$model | Invoke-Training -Data $data -Epochs 1").Output);
    }

    private static List<double> Losses(PSObject run) =>
        [.. InvokeTrainingTests.History(run).Select(epoch => InvokeTrainingTests.Number(epoch, "Loss"))];

    private static DateTimeOffset Clock(PSObject run) => (DateTimeOffset)run.Properties["StartedAt"].Value;

    private static TimeSpan Span(PSObject run) => TimeSpan.FromSeconds(InvokeTrainingTests.Number(run, "Seconds"));

    private static int Epochs(PSObject model) => (int)(double)model.Properties["TrainedEpochs"].Value;

    /// <summary>Another session in the same process that sees some of this one's objects.</summary>
    private PowerShellSession Share(params ReadOnlySpan<string> variables)
    {
        var other = new PowerShellSession();
        foreach (var name in variables)
            other.Runspace.SessionStateProxy.SetVariable(name, _session.Runspace.SessionStateProxy.GetVariable(name));
        return other;
    }

    // What is stopped here would run for hours, or says itself that it did not get to its end: how long a stop takes need not be measured.
    private static void Stop(PowerShell shell) =>
        Assert.True(Task.Run(shell.Stop).Wait(s_patience), "it did not stop within a minute");

    private static void WaitUntil(Func<bool> condition, IAsyncResult running)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.False(running.IsCompleted, "it ended before it could be stopped");
            Assert.True(clock.Elapsed < s_patience, "it did not begin within a minute");
            Thread.Sleep(10);
        }
    }
}
