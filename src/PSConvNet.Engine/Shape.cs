using System.Collections.Immutable;

namespace PSConvNet;

/// <summary>
/// The shape of one sample or one parameter, without the batch dimension: <c>28 x 28 x 1</c> is height x width x channels,
/// <c>784</c> a vector. Immutable; equal by value; prints as people write it.
/// </summary>
public sealed class Shape : IEquatable<Shape>
{
    /// <summary>Creates a shape.</summary>
    /// <param name="dimensions">Each at least 1; 1 to 4 of them.</param>
    /// <exception cref="ConvNetException"><c>ShapeInvalid</c>: a dimension below 1, or their number out of range.</exception>
    public Shape(params int[] dimensions)
    {
        Dimensions = [.. dimensions];
        if (dimensions.Length is < 1 or > 4)
            throw Invalid($"A shape has 1 to 4 dimensions, this one has {dimensions.Length}.");
        long size = 1;
        foreach (var dimension in dimensions)
        {
            if (dimension < 1)
                throw Invalid($"Every dimension of a shape is at least 1, but one of {this} is {dimension}.");
            size *= dimension;
            if (size > int.MaxValue)
                throw Invalid($"The shape {this} has more than {int.MaxValue} elements.");
        }
        Size = (int)size;
    }

    /// <summary>The dimensions, outermost first.</summary>
    public ImmutableArray<int> Dimensions { get; }

    /// <summary>How many dimensions there are.</summary>
    public int Rank => Dimensions.Length;

    /// <summary>The number of elements: the product of the dimensions.</summary>
    public int Size { get; }

    /// <summary>The dimension at <paramref name="axis"/>, 0 being the outermost.</summary>
    public int this[int axis] => Dimensions[axis];

    /// <summary>
    /// This shape with a dimension of 1 inserted.
    /// </summary>
    /// <param name="axis">Where it goes: 0 to <see cref="Rank"/>, or negative from the end (-1 is last).</param>
    public Shape Expand(int axis)
    {
        var at = axis < 0 ? axis + Rank + 1 : axis;
        if (at < 0 || at > Rank)
            throw Invalid($"Axis {axis} is outside the shape {this}; it can be {-Rank - 1} to {Rank}.");
        return new Shape([.. Dimensions.Insert(at, 1)]);
    }

    /// <inheritdoc />
    public bool Equals(Shape? other) =>
        other is not null && Dimensions.AsSpan().SequenceEqual(other.Dimensions.AsSpan());

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc />
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var dimension in Dimensions)
            hash.Add(dimension);
        return hash.ToHashCode();
    }

    /// <summary>The dimensions with crosses between: <c>28 x 28 x 1</c>.</summary>
    public override string ToString() => string.Join(" x ", Dimensions);

    private ConvNetException Invalid(string message) =>
        new(ErrorIds.ShapeInvalid, ErrorKind.InvalidArgument, message, this);
}
