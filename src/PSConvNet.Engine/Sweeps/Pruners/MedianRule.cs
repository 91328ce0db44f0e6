using MathNet.Numerics.Statistics;

namespace PSConvNet.Sweeps;

/// <summary>
/// Gives up a trial whose best loss so far is above the median of what the others had come to after as many epochs (Golovin et al.,
/// "Google Vizier", KDD 2017, section 3.2, with the median of their last losses as in Optuna).
/// </summary>
internal static class MedianRule
{
    /// <summary>With fewer others a median says little.</summary>
    public const int FewestOthers = 5;

    /// <summary>Whether the trial is to be stopped after the epoch it has just done.</summary>
    /// <param name="own">Its losses, one an epoch.</param>
    /// <param name="others">The losses of other trials, one an epoch each.</param>
    /// <param name="pruner">When it begins.</param>
    public static bool GivesUp(IReadOnlyList<double> own, IEnumerable<IReadOnlyList<double>> others, PrunerSpec pruner)
    {
        if (own.Count < pruner.GraceEpochs)
            return false;
        var there = others.Where(losses => losses.Count >= own.Count).Select(losses => losses[own.Count - 1]).ToList();
        return there.Count >= FewestOthers && own.Min() > there.Median();
    }
}
