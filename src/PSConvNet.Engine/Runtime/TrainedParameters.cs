using PSConvNet.Runtime.Kernels;

namespace PSConvNet.Runtime;

/// <summary>What a training changes of a store: all that can be trained, apart from the parameters of frozen layers.</summary>
internal sealed class TrainedParameters
{
    private readonly IReadOnlySet<Kernel> _frozen;

    /// <summary>Leaves the parameters of frozen kernels out.</summary>
    /// <param name="store">The parameters.</param>
    /// <param name="frozen">The model's own kernels that stay as they are.</param>
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

    /// <summary>Whether a kernel's weights and moving statistics stay as they are.</summary>
    public bool IsFrozen(Kernel kernel) => _frozen.Contains(kernel.ParameterOwner);
}
