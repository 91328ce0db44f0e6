using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Evaluation;

/// <summary>
/// A session with <c>$data</c>, a trained <c>$good</c> with its <c>$run</c>, and an untrained <c>$poor</c>. <c>$seen</c> has the
/// training images as its test part too: what was learned shows there on any machine.
/// </summary>
public sealed class TrainedSession : IDisposable
{
    public TrainedSession() =>
        Session.Run(
            DigitsSession.Setup
                + """

                $seen = [PSConvNet.Data.Dataset]::new('Seen', $data.Train, $data.Train, $data.ClassNames, 'test')
                $good, $poor = (New-Small good -Units 64), (New-Small poor -Units 4)
                $run = $good | Invoke-Training -Data $data -Epochs 20 -BatchSize 30 -Quiet
                """
        );

    internal PowerShellSession Session { get; } = new();

    public void Dispose() => Session.Dispose();
}
