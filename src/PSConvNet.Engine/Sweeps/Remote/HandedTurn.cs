using System.Text;

namespace PSConvNet.Sweeps;

/// <summary>The other end of a <see cref="RemoteTurn"/>: runs a turn that was handed over, in a copy of the study.</summary>
internal static class HandedTurn
{
    /// <summary>Runs it; the copy has the trial's record and what was saved of it.</summary>
    /// <param name="copy">The copy of the study.</param>
    /// <param name="id">The trial.</param>
    /// <param name="turn">Which turn at it, from 1.</param>
    /// <param name="until">The epochs after which it ends or waits.</param>
    /// <param name="layers">Makes the layers of a trial.</param>
    /// <param name="told">Is given the record's text whenever it is written.</param>
    /// <param name="cancellation">Ends it within a batch.</param>
    /// <exception cref="ConvNetException">
    /// <c>SweepOptionInvalid</c>: there is no such trial in the copy, or the turn was run here already. A fault of this place: the trial can be
    /// run elsewhere.
    /// </exception>
    public static void Run(
        Study copy,
        TrialId id,
        int turn,
        double until,
        LayerBuilder layers,
        Action<string> told,
        CancellationToken cancellation = default
    )
    {
        var trial =
            copy.Files.Read(id) ?? throw SweepFault.Option($"There is no trial {id} in {copy.Folder} to continue.", id);
        var (data, validation) = copy.ReadData();
        var claim =
            TrialClaim.TryTake(copy.Place, id, turn)
            ?? throw SweepFault.Option($"Turn {turn} of trial {id} was already run in {copy.Folder}.", turn);
        new TrialRunner(copy, data, validation, layers).Run(
            new TrialWork(claim, trial, until),
            now => told(Encoding.UTF8.GetString(TrialDocument.Of(now, copy.Place).ToBytes())),
            cancellation
        );
    }
}
