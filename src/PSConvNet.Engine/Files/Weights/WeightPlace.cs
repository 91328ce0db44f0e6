namespace PSConvNet.Files;

/// <summary>A parameter of a model as a weights file of some convention would have it.</summary>
/// <param name="Module">The layer's name in that convention.</param>
/// <param name="Parameter">The parameter's: <c>weight</c>, <c>kernel</c>.</param>
/// <param name="Shape">The shape that the file's tensor has.</param>
/// <param name="Slot">Where it lies in the store.</param>
internal abstract record WeightPlace(string Module, string Parameter, IReadOnlyList<long> Shape, ParameterSlot Slot)
{
    /// <summary>The whole name.</summary>
    public string Name => $"{Module}.{Parameter}";

    /// <summary>Whether a file may be without it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>Puts values that are in the file's order into the store.</summary>
    public abstract void Write(ParameterStore store, ReadOnlySpan<float> theirs);
}

/// <summary>A tensor of a file, with its name taken apart.</summary>
/// <param name="Info">What the file says of it.</param>
/// <param name="Module">The module it belongs to, with dots between its parts.</param>
/// <param name="Parameter">What it is there.</param>
/// <param name="Shape">Its shape, in the one form that the convention's places have.</param>
internal sealed record FileTensor(TensorInfo Info, string Module, string Parameter, IReadOnlyList<long> Shape)
{
    /// <summary>Its name in the file.</summary>
    public string Name => Info.Name;

    /// <summary>Module and parameter with a dot between.</summary>
    public string Key => Module.Length == 0 ? Parameter : $"{Module}.{Parameter}";
}
