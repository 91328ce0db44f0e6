using System.Globalization;
using System.Management.Automation;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Training;

/// <summary>Checkpoints as a user meets them: -CheckpointPath, Ctrl-C, Resume-Training.</summary>
public sealed class ResumeTrainingTests : IClassFixture<DigitsSession>, IDisposable
{
    private readonly PowerShellSession _session;
    private readonly CurrentFolder _folder;

    public ResumeTrainingTests(DigitsSession shared)
    {
        _session = shared.Session;
        _folder = new CurrentFolder(_session);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_stopped_training_goes_on_to_the_same_weights()
    {
        // Stopped by the pipeline, as Ctrl-C stops it: the run is not written, its checkpoint is.
        using (var shell = PowerShell.Create(_session.Runspace))
        {
            shell.AddScript("New-Small | Invoke-Training -Data $data -Epochs 100 -CheckpointPath run -Quiet");
            var running = shell.BeginInvoke();
            // Checkpoints are written before the first step and after each epoch of three batches.
            Eventually.Holds(() => running.IsCompleted || Steps().Max() > 0);
            shell.Stop();
            Assert.True(running.IsCompleted);
        }
        Assert.InRange(Steps().Max(), 3, 299);

        var result = _session.Run(
            """
            $run = Resume-Training run -Data $data -Quiet
            $whole = New-Small | Invoke-Training -Data $data -Epochs 100 -Quiet
            $run.Status.ToString(), $run.History.Count
            ($run.Model.GetParameter('dense_1.kernel') -join ' ') -eq ($whole.Model.GetParameter('dense_1.kernel') -join ' ')
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(["Completed", 100, true], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void A_stop_that_comes_while_progress_is_written_leaves_the_run_and_a_checkpoint_of_all_that_was_trained()
    {
        _session.Run("$small = New-Small");
        using var shell = PowerShell.Create(_session.Runspace);
        // One batch per epoch: the line of the epoch is what is written next, into a pipeline that takes no more.
        shell.AddScript(
            "$small | Invoke-Training -Data $data -Epochs 1000000 -BatchSize 300 -CheckpointPath run -CheckpointEvery 1000000 -Verbose"
        );
        var stopping = false;
        shell.Streams.Progress.DataAdded += (_, added) =>
        {
            if (!shell.Streams.Progress[added.Index].Activity.StartsWith("Training", StringComparison.Ordinal))
                return;
            shell.BeginStop(null, null);
            stopping = Eventually.Holds(() => shell.InvocationStateInfo.State == PSInvocationState.Stopping);
        };

        shell.Invoke();

        Assert.True(stopping, "the pipeline was not being stopped when the epoch's line was written");
        Assert.Equal(PSInvocationState.Stopped, shell.InvocationStateInfo.State);
        var after = _session.Run("$small.Runs.Status.ToString(); $small.TrainedEpochs");
        Assert.Empty(after.Errors);
        Assert.Equal(["Stopped", (double)Steps().Max()], after.Output.Select(o => o.BaseObject));
        Assert.True(Steps().Max() > 0);
    }

    private IEnumerable<int> Steps() =>
        Directory.Exists(Path.Combine(_folder.Path, "run"))
            ? Directory
                .GetFiles(Path.Combine(_folder.Path, "run"), "step-*.psconvnet")
                .Select(file => int.Parse(Path.GetFileNameWithoutExtension(file)[5..], CultureInfo.InvariantCulture))
                .Append(-1)
            : [-1];

    [Fact]
    public void Data_are_found_again_by_name_or_asked_for()
    {
        _session.Run(
            """
            New-Small | Invoke-Training -Data $data -Epochs 1 -CheckpointPath found -ValidationData $data -Quiet
            $kept = Split-Dataset $data -Fraction 0.5
            New-Small | Invoke-Training -Data @($kept)[0] -Epochs 1 -CheckpointPath lost -Quiet
            """
        );

        var found = _session.Run("(Resume-Training found -Quiet).History.Count");
        var lost = _session.RunForError("Resume-Training lost -Quiet");
        var other = _session.RunForError(
            "Resume-Training found -Data (Import-Mnist -Name Synthetic -First 20 | Expand-Dimension) -Quiet"
        );

        Assert.Equal([1], found.Output.Select(o => o.BaseObject));
        Assert.StartsWith("CheckpointDataMissing", lost.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("CheckpointDataMismatch", other.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_training_that_is_complete_Verbose_says_so()
    {
        var result = _session.Run(
            """
            New-Small | Invoke-Training -Data $data -Epochs 1 -CheckpointPath run -Quiet > $null
            (Resume-Training run -Data $data -Quiet -Verbose).Status.ToString()
            """
        );

        Assert.Equal(["Completed"], result.Output.Select(o => o.BaseObject));
        Assert.Empty(result.Warnings);
        Assert.Single(result.Verbose, line => line.Contains("already complete", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_parameter_arrives()
    {
        var result = _session.Run(
            """
            New-Small | Invoke-Training -Data $data -Epochs 6 -CheckpointPath a -CheckpointEvery 2 -KeepLast 2 -Quiet > $null
            [IO.Directory]::GetFiles([IO.Path]::Combine($PWD.ProviderPath, 'a'), 'step-*').Count
            New-Small | Invoke-Training -Data $data -Epochs 1 -CheckpointPath a -CheckpointEvery ([TimeSpan]::FromTicks(1)) -KeepLast 9 -Force -Quiet > $null
            [IO.Directory]::GetFiles([IO.Path]::Combine($PWD.ProviderPath, 'a'), 'step-*').Count
            """
        );

        Assert.Empty(result.Errors);
        // Steps 12 and 18; before the first of three batches and after each.
        Assert.Equal([2, 4], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("", "0 6 12 18")]
    [InlineData("-CheckpointEvery 1 -KeepLast 2", "15 18")]
    [InlineData("-KeepLast 2", "12 18")]
    [InlineData("-CheckpointEvery 3", "0 6 15 18")]
    public void A_resumed_run_keeps_its_own_checkpoints_as_before_unless_told_otherwise(string given, string steps)
    {
        var result = _session.Run(
            $$"""
            New-Small | Invoke-Training -Data $data -Epochs 6 -CheckpointPath a -CheckpointEvery 2 -KeepLast 9 -Force -Quiet > $null
            Remove-Item a/step-*12.psconvnet, a/step-*18.psconvnet
            Resume-Training a -Data $data -Quiet {{given}} > $null
            (Get-ChildItem a/step-* | ForEach-Object { [int]($_.BaseName -replace 'step-') } | Sort-Object) -join ' '
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([steps], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void A_missing_folder_is_said_to_be_missing_and_an_empty_one_to_be_empty()
    {
        Assert.Contains(
            "There is no folder",
            _session.RunForError("Resume-Training none").Exception.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "contains no complete checkpoint",
            _session
                .RunForError("$null = New-Item empty -ItemType Directory -Force; Resume-Training empty")
                .Exception.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("Resume-Training none", "CheckpointNotFound")]
    [InlineData("Resume-Training none -KeepLast 0", "CheckpointOptionInvalid")]
    [InlineData("Resume-Training variable:x", "PathNotOfFileSystem")]
    [InlineData("New-Small | Invoke-Training -Data $data -CheckpointPath x -KeepLast 0", "CheckpointOptionInvalid")]
    [InlineData(
        "New-Small | Invoke-Training -Data $data -CheckpointPath x -CheckpointEvery never",
        "ParameterArgumentTransformationError"
    )]
    [InlineData(
        "New-Small | Invoke-Training -Data $data -CheckpointPath x -CheckpointEvery 0",
        "ParameterArgumentTransformationError"
    )]
    [InlineData(
        "New-Small a | Invoke-Training -Data $data -Epochs 1 -CheckpointPath x -Quiet > $null; New-Small b | Invoke-Training -Data $data -CheckpointPath x",
        "CheckpointFolderNotEmpty"
    )]
    [InlineData(
        "[IO.File]::WriteAllText([IO.Path]::Combine($PWD.ProviderPath, 'file'), ''); New-Small | Invoke-Training -Data $data -CheckpointPath file/x",
        "CheckpointNotWritten"
    )]
    public void Errors_have_ids(string script, string id)
    {
        var error = _session.RunForError(script);

        Assert.Contains(id, error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_to_ends_the_training_unless_the_user_said_Continue()
    {
        var script = """
            [IO.File]::WriteAllText([IO.Path]::Combine($PWD.ProviderPath, 'file'), '')
            $model = New-Small
            """;

        var ended = _session.Run(
            script + "; $model | Invoke-Training -Data $data -Epochs 2 -CheckpointPath file/x -Quiet"
        );
        var wentOn = _session.Run(
            script
                + "; $model | Invoke-Training -Data $data -Epochs 2 -CheckpointPath file/x -Quiet -ErrorAction Continue"
        );

        Assert.Empty(ended.Output);
        Assert.StartsWith(
            "CheckpointNotWritten",
            Assert.Single(ended.Errors).FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
        Assert.Single(wentOn.Output);
        Assert.NotEmpty(wentOn.Warnings);
        Assert.Empty(wentOn.Errors);
    }
}
