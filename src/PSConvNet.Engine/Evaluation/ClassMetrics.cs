namespace PSConvNet.Evaluation;

/// <summary>How well one class is told from the others.</summary>
/// <param name="Label">The class's number, from 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="Support">The samples that are of this class.</param>
/// <param name="Predicted">The samples that the model says are of this class.</param>
/// <param name="Correct">Those that are both.</param>
public sealed record ClassMetrics(int Label, string Name, int Support, int Predicted, int Correct)
{
    /// <summary>Of those that the model puts in this class, the part that belongs there; 0 where it puts none there.</summary>
    public double Precision => Predicted == 0 ? 0 : (double)Correct / Predicted;

    /// <summary>Of those that belong in this class, the part that the model puts there; 0 where none does.</summary>
    public double Recall => Support == 0 ? 0 : (double)Correct / Support;

    /// <summary>The harmonic mean of precision and recall; 0 where both are.</summary>
    public double F1 => Support + Predicted == 0 ? 0 : 2.0 * Correct / (Support + Predicted);
}
