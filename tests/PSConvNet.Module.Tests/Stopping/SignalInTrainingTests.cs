using System.Globalization;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Stopping;

/// <summary>SIGTERM and Ctrl-C to pwsh and psconvnet, while cmdlets of this module work and while they don't.</summary>
public sealed class SignalInTrainingTests(SignalInTrainingTests.Undisturbed undisturbed)
    : IClassFixture<SignalInTrainingTests.Undisturbed>,
        IDisposable
{
    private const string NeedsLinux = "signals are sent by kill, and env resets ignored ones, which are not here";
    private const int Terminated = 128 + 15;
    private const string Begin = """
        param($Manifest, $Folder)
        $ErrorActionPreference = 'Stop'
        $ProgressPreference = 'SilentlyContinue'
        Import-Module $Manifest
        function Say($text) { [Console]::Out.WriteLine($text) }

        """;
    private const string Network = """
        $data = Import-Mnist -Name Synthetic -First 640 | Expand-Dimension
        function New-Small {
            New-FlattenLayer | New-DenseLayer 16 -Activation ReLU | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name small
        }
        """;
    private const string Training = "Invoke-Training -Data $data -Epochs 200 -BatchSize 16 -Threads 1";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("pwsh", "TERM", Terminated)]
    // After Ctrl-C pwsh gives 0 or, seldom, 1, whichever statement the stop meets.
    [InlineData("pwsh", "INT", null)]
    [InlineData("psconvnet", "TERM", Terminated)]
    [InlineData("psconvnet", "INT", 128 + 2)]
    public void A_signal_in_a_training_leaves_a_checkpoint_from_which_it_goes_on_to_the_same_bits(
        string host,
        string signal,
        int? exitCode
    )
    {
        using var shell = Start(
            $$"""
            try {
                New-Small | {{Training}} -CheckpointPath $Folder/run -CheckpointEvery '1 h' -Verbose 4>&1 | ForEach-Object {
                    if ($_ -is [PSConvNet.Training.TrainingRun]) { Say "run: $($_.Status)" } else { Say "$_" }
                }
                Say 'the next statement'
            }
            catch { Say 'caught' }
            finally { Say 'cleaned up' }
            Say 'the statement after'
            """,
            host
        );
        shell.WaitFor("epoch 2/200");
        shell.Signal(signal);
        var result = shell.Wait();

        if (exitCode is { } code)
            Assert.Equal(code, result.ExitCode);
        else
            Assert.InRange(result.ExitCode, 0, 1);
        string[] said =
        [
            .. result.Lines.Where(line =>
                !line.StartsWith("small: ", StringComparison.Ordinal)
                && !line.StartsWith("Performing the operation ", StringComparison.Ordinal)
            ),
        ];
        Assert.Equal(["cleaned up"], said.Where(line => line != "run: Stopped"));
        // A pipeline that is being stopped takes no run, and psconvnet stops it at either signal.
        if (host == "pwsh")
            Assert.Equal(signal == "TERM", said.Contains("run: Stopped"));
        // The start's and the stop's, for none was due between them.
        Assert.Equal(2, Steps("run").Length);
        Assert.InRange(Steps("run")[^1], 80, 200 * 40 - 1);

        Assert.Equal(undisturbed.Weights, undisturbed.Of($"Resume-Training '{_folder.Path}/run' -Data $data -Quiet"));
    }

    [SkippableFact]
    public void A_SIGTERM_in_two_trainings_at_once_saves_both()
    {
        using var shell = Start(
            """
            1, 2 | ForEach-Object -Parallel {
                Import-Module $using:Manifest
                $network = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name "model $_"
                $network | Invoke-Training -Data $using:data -Epochs 1000000 -BatchSize 16 -Threads 1 -CheckpointPath "$using:Folder/$_" -CheckpointEvery '1 h' -Verbose 4>&1 |
                    ForEach-Object { [Console]::Out.WriteLine($_ -is [PSConvNet.Training.TrainingRun] ? "run: $($_.Status)" : "$_") }
                [Console]::Out.WriteLine('the next statement')
            }
            """
        );
        shell.WaitFor("model 1: epoch 2/");
        shell.WaitFor("model 2: epoch 2/");
        shell.Signal("TERM");
        var result = shell.Wait();

        Assert.Equal(Terminated, result.ExitCode);
        Assert.Equal(2, result.Lines.Count(line => line == "run: Stopped"));
        Assert.DoesNotContain("the next statement", result.Out, StringComparison.Ordinal);
        Assert.All(["1", "2"], run => Assert.Equal([true, false], Steps(run).Select(step => step == 0)));
    }

    [SkippableFact]
    public void A_SIGTERM_while_no_cmdlet_works_is_answered_as_if_the_module_were_not_there()
    {
        const string idle = "try { Say 'idle'; [Threading.Thread]::Sleep(-1) } finally { Say 'cleaned up' }";
        var results = new[]
        {
            "$null = New-Small | Invoke-Training -Data $data -Epochs 1; " + idle,
            "Remove-Module PSConvNet; " + idle,
        }
            .Select(script =>
            {
                using var shell = Start(script);
                shell.WaitFor("idle");
                shell.Signal("TERM");
                return shell.Wait();
            })
            .ToArray();
        Assert.Equal(results[1], results[0]);
        Assert.Equal(Terminated, results[0].ExitCode);
    }

    /// <summary>The steps of a training's checkpoints, in their order.</summary>
    private int[] Steps(string run) =>
        [
            .. Directory
                .GetFiles(Path.Combine(_folder.Path, run), "step-*.psconvnet")
                .Select(file => int.Parse(Path.GetFileNameWithoutExtension(file)[5..], CultureInfo.InvariantCulture))
                .Order(),
        ];

    private RunningShell Start(string script, string host = "pwsh")
    {
        Skip.IfNot(OperatingSystem.IsLinux(), NeedsLinux);
        string[] program =
            host == "pwsh" ? [Pwsh.Path, "-NoProfile", "-NonInteractive"] : ["dotnet", ShellProcess.Assembly];
        return ShellProcess.Start(
            [
                // A background job of a shell has SIGINT ignored, and so have all that it starts.
                "--default-signal=INT",
                .. program,
                "-File",
                _folder.Write("script.ps1", Begin + Network + "\n" + script),
                Repository.Manifest,
                _folder.Path,
            ],
            "env"
        );
    }

    /// <summary>The same training without a signal.</summary>
    public sealed class Undisturbed : IDisposable
    {
        private readonly PowerShellSession _session = new();

        public Undisturbed()
        {
            _session.Run(Network);
            Weights = Of($"New-Small | {Training} -Quiet");
        }

        /// <summary>The weights it comes to.</summary>
        public IReadOnlyList<object> Weights { get; }

        /// <summary>The weights another training comes to, which must end of itself.</summary>
        public IReadOnlyList<object> Of(string training)
        {
            var result = _session.Run(
                $"$run = {training}; \"$($run.Status)\"; $run.Model.GetParameter('dense_1.kernel')"
            );
            Assert.Empty(result.Errors);
            Assert.Equal("Completed", result.Output[0].BaseObject);
            return [.. result.Output.Skip(1).Select(weight => weight.BaseObject)];
        }

        public void Dispose() => _session.Dispose();
    }
}
