using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Training;

/// <summary>-TensorBoard as a user meets it. What is in the files is the engine's tests' business.</summary>
public sealed class TensorBoardTests : IClassFixture<DigitsSession>, IDisposable
{
    private readonly PowerShellSession _session;
    private readonly CurrentFolder _folder;

    public TensorBoardTests(DigitsSession shared)
    {
        _session = shared.Session;
        _folder = new CurrentFolder(_session);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_model_has_a_folder_and_a_training_that_is_resumed_keeps_its_own()
    {
        var result = _session.Run(
            """
            $null = (New-Small a), (New-Small b), (New-Small a) | Invoke-Training -Data $data -Epochs 1 -Quiet -TensorBoard logs -CheckpointPath run -Force
            $null = Resume-Training run -Data $data -Quiet -TensorBoard logs
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(["a", "a-2", "b"], Runs("logs"));
        Assert.Single(Files("logs/a"));
        Assert.Equal(2, Files("logs/a-2").Length);
    }

    [Fact]
    public void Each_trial_of_a_sweep_has_one_and_a_study_that_is_resumed_adds_to_them()
    {
        var result = _session.Run(
            """
            $space = New-SweepSpace -Choice @{ Units = 4, 8 }
            $null = Invoke-Sweep -Space $space -Data $data -Epochs 1 -Sampler Grid -Study units -Parallel 1 -Quiet -TensorBoard logs {
                param($p)
                New-FlattenLayer | New-DenseLayer $p.Units | New-DenseLayer 10 -Activation Softmax
            }
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(["00000", "00001"], Runs("logs/units"));
        Assert.All(
            Runs("logs/units"),
            run => Assert.InRange(new FileInfo(Files($"logs/units/{run}").Single()).Length, 300, 100_000)
        );
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_error_and_nothing_is_trained()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "");

        var result = _session.Run(
            "$small = New-Small; $small | Invoke-Training -Data $data -Quiet -TensorBoard file; $small.TrainedEpochs"
        );

        Assert.StartsWith("FileNotWritten,", result.Errors.Single().FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(0.0, result.Output.Single().BaseObject);
    }

    private string[] Runs(string folder) =>
        [
            .. Directory
                .GetDirectories(Path.Combine(_folder.Path, folder))
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal),
        ];

    private string[] Files(string folder) =>
        Directory.GetFiles(Path.Combine(_folder.Path, folder), "events.out.tfevents.*");
}
