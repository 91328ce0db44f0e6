using System.Collections.Immutable;

namespace PSConvNet.Training;

/// <summary>
/// What an optimizer remembers of a model's parameters, in flat buffers of their size, and the step that uses it.
/// </summary>
/// <remarks>
/// <see cref="Apply"/> may run on several threads at once as long as their segments don't overlap: it touches nothing outside
/// its segment, and the result is the same, bit for bit, however the parameters are cut.
/// </remarks>
internal sealed class OptimizerState : ITrainingPart
{
    private const string ArrayPrefix = "optimizer.";

    private readonly float[][] _buffers;

    /// <summary>Allocates the state of <paramref name="parameterCount"/> parameters before their first step.</summary>
    /// <exception cref="ConvNetException"><c>OptimizerSettingInvalid</c>: two settings exclude each other.</exception>
    public OptimizerState(OptimizerSpec spec, int parameterCount)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfNegative(parameterCount);
        spec.Validate();
        Spec = spec;
        ParameterCount = parameterCount;
        Names = spec.StateNames;
        _buffers = [.. Names.Select(_ => new float[parameterCount])];
        Reset();
    }

    /// <summary>The update rule and its settings.</summary>
    public OptimizerSpec Spec { get; }

    /// <summary>The length of each buffer.</summary>
    public int ParameterCount { get; }

    /// <summary>The buffers' names, in the order of <see cref="OptimizerSpec.StateNames"/>.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The buffer of that name, to be saved or restored; never while a step runs.</summary>
    /// <exception cref="ArgumentException">The rule has no such buffer.</exception>
    public Span<float> GetBuffer(string name)
    {
        var index = Names.IndexOf(name);
        return index >= 0
            ? _buffers[index]
            : throw new ArgumentException($"{Spec.Name} keeps no state named {name}.", nameof(name));
    }

    /// <summary>Forgets everything: the state before the first step.</summary>
    public void Reset()
    {
        for (var i = 0; i < _buffers.Length; i++)
            Array.Fill(_buffers[i], Spec.InitialState(Names[i]));
    }

    /// <summary>Takes one step on the parameters from <paramref name="offset"/> on, in one pass over memory.</summary>
    /// <param name="weights">The segment's weights; changed.</param>
    /// <param name="gradients">The loss's gradients with respect to them; as long as <paramref name="weights"/>.</param>
    /// <param name="offset">Where the segment begins in the flat buffer of all parameters.</param>
    /// <param name="step">The step's number, from 1, the same for all segments of a step; bias corrections use it.</param>
    /// <param name="learningRate">The rate of this step, 0 or more: the base rate times the schedule's factor.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the segment is not within the parameters.</exception>
    public void Apply(Span<float> weights, ReadOnlySpan<float> gradients, int offset, long step, double learningRate)
    {
        if (weights.Length != gradients.Length)
        {
            throw new ArgumentException(
                $"{weights.Length} weights need as many gradients, not {gradients.Length}.",
                nameof(gradients)
            );
        }
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, ParameterCount - weights.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        Spec.Update(new OptimizerSegment(weights, gradients, this, offset), step, learningRate);
    }

    void ITrainingPart.Save(SavedTraining saved)
    {
        for (var i = 0; i < Names.Length; i++)
            saved.Add(ArrayPrefix + Names[i], _buffers[i]);
    }

    void ITrainingPart.Restore(SavedTraining saved)
    {
        for (var i = 0; i < Names.Length; i++)
            saved.Array(ArrayPrefix + Names[i], ParameterCount).CopyTo(_buffers[i], 0);
    }

    /// <summary>A part of the buffer of that name, or an empty one where the rule, as it is set, keeps none.</summary>
    internal Span<float> Slice(string name, int offset, int length)
    {
        var index = Names.IndexOf(name);
        return index < 0 ? [] : _buffers[index].AsSpan(offset, length);
    }
}
