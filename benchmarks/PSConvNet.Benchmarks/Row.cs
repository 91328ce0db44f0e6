namespace PSConvNet.Benchmarks;

/// <summary>A number that some measurement gives.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Unit">In what it is given.</param>
internal sealed record Quantity(string Name, string Unit);

/// <summary>Which way a row gets better.</summary>
internal enum Better
{
    /// <summary>The larger, the better.</summary>
    Higher,

    /// <summary>The smaller, the better.</summary>
    Lower,
}

/// <summary>A line of the table: a quantity, or its ratio to a peer's, and what it must be and aims at.</summary>
/// <param name="What">What the row says.</param>
/// <param name="Measured">Ours.</param>
/// <param name="Against">The peer's, where the row is a ratio: <paramref name="Measured"/> / this.</param>
internal sealed record Row(string What, Quantity Measured, Quantity? Against = null)
{
    /// <summary>Which way it gets better.</summary>
    public Better Better { get; init; }

    /// <summary>The worst that holds; null for a row that only tells.</summary>
    public double? Must { get; init; }

    /// <summary>What is aimed at, or null.</summary>
    public double? Aim { get; init; }

    /// <summary>The unit of its value.</summary>
    public string Unit => Against is null ? Measured.Unit : "x";

    /// <summary>Whether a value is as good as the row must be.</summary>
    public bool Holds(double value) =>
        Must is not { } must || (Better == Better.Higher ? value >= must : value <= must);
}
