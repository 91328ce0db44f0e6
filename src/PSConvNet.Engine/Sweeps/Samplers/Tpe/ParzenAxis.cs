namespace PSConvNet.Sweeps;

/// <summary>One parameter's part of the kernels of a <see cref="ParzenEstimator"/>: one for each observation, and the prior's as the last.</summary>
internal abstract class ParzenAxis
{
    /// <summary>The kernels around values.</summary>
    /// <param name="parameter">What the values are of.</param>
    /// <param name="values">What was observed; may be none.</param>
    public static ParzenAxis Around(SweepParameter parameter, IReadOnlyList<object> values) =>
        parameter is ChoiceParameter choice ? new ParzenChoice(choice, values) : new ParzenRange(parameter, values);

    /// <summary>A value by the distribution of one kernel.</summary>
    public abstract object Sample(int kernel, ref RandomStream random);

    /// <summary>
    /// Adds to each kernel's number the logarithm of its density at a value: by length of the unit interval for a continuum, else the
    /// probability of that value.
    /// </summary>
    public abstract void AddLogDensities(object value, Span<double> kernels);
}
