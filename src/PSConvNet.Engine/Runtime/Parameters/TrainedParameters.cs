namespace PSConvNet.Runtime;

/// <summary>The parameters of a store that a training changes: all trainable ones except those of frozen layers.</summary>
internal sealed class TrainedParameters
{
    private readonly IReadOnlySet<Kernel> _frozen;

    /// <summary>Selects the trainable parameters of kernels that aren't frozen.</summary>
    /// <param name="store">The parameters.</param>
    /// <param name="frozen">The model's own kernels that are frozen.</param>
    public TrainedParameters(ParameterStore store, IReadOnlySet<Kernel> frozen)
    {
        _frozen = frozen;
        var kept = frozen
            .SelectMany(kernel => store.Of(kernel).ToArray())
            .ToHashSet(ReferenceEqualityComparer.Instance);
        Slots = [.. store.Slots.Where(slot => slot.Spec.Trainable && !kept.Contains(slot))];
    }

    /// <summary>The parameters that change, in the order of the store.</summary>
    public IReadOnlyList<ParameterSlot> Slots { get; }

    /// <summary>Whether a kernel's weights and moving statistics don't change.</summary>
    public bool IsFrozen(Kernel kernel) => _frozen.Contains(kernel.ParameterOwner);
}
