namespace PSConvNet.Runtime.Kernels;

/// <summary>The columns of a matrix in panels of a few vectors, whose sums registers hold. A panel's rows lie one after another in memory.</summary>
/// <remarks>Rows are read in the order of memory, which is what processors read ahead.</remarks>
internal sealed class ColumnPanels<TWide>
    where TWide : struct, IWide<TWide>
{
    public ColumnPanels(int columns)
    {
        Columns = (columns + TWide.Lanes - 1) / TWide.Lanes * TWide.Lanes;
        var panels = new List<ColumnPanel>();
        for (var first = 0; first < Columns; first += panels[^1].Width)
            panels.Add(new(first, TWide.Lanes * VectorsOf((Columns - first) / TWide.Lanes, TWide.Columns)));
        Panels = [.. panels];
    }

    /// <summary>The number of columns, in whole vectors.</summary>
    public int Columns { get; }

    /// <summary>The panels, from left to right.</summary>
    public ColumnPanel[] Panels { get; }

    /// <summary>Where a column begins in memory, and how far its rows are apart.</summary>
    /// <param name="column">The column.</param>
    /// <param name="rows">How many rows there are.</param>
    public (nint Start, int Step) Of(int column, int rows)
    {
        var panel = Array.Find(Panels, panel => column < panel.First + panel.Width);
        return ((nint)rows * panel.First + column - panel.First, panel.Width);
    }

    /// <summary>As many as fit, but five are three and two: a single one leaves half of the multipliers waiting for sums.</summary>
    private static int VectorsOf(int left, int most) => left == most + 1 && most > 2 ? most - 1 : Math.Min(left, most);
}

/// <summary>Neighbouring columns.</summary>
internal readonly record struct ColumnPanel(int First, int Width);
