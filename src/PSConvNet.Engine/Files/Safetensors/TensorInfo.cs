namespace PSConvNet.Files;

/// <summary>A tensor as a safetensors header describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its number format: <c>F32</c>.</param>
/// <param name="Shape">Its dimensions; none for a single number.</param>
/// <param name="Begin">Its first byte, from the end of the header.</param>
/// <param name="End">The byte after its last.</param>
internal sealed record TensorInfo(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>How many numbers it has.</summary>
    public long Count => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary><c>conv1.weight, F32, 32 x 1 x 3 x 3</c>.</summary>
    public override string ToString() => $"{Name}, {Type}, {ShapeText}";

    /// <summary>The dimensions with crosses between.</summary>
    public string ShapeText => Files.ShapeText.Of(Shape);
}
