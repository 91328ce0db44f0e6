namespace PSConvNet.Sweeps;

/// <summary>
/// Every combination once: parameters in the order of their names, the last one varying fastest. A parameter that is not active counts
/// as one value, so that points that come out the same come once.
/// </summary>
internal sealed class GridSampler : ISampler
{
    /// <summary>More points than this are refused: nobody waits for them.</summary>
    public const int MostPoints = 1_000_000;

    private readonly SweepSpace _space;
    private readonly object[][] _values;

    // Each point's place among the values of each parameter; null without conditions, where it follows from the number.
    private readonly int[][]? _places;

    /// <summary>Lays the grid.</summary>
    /// <param name="space">The search space.</param>
    /// <param name="gridPoints">The most points of a range, at least 1; choices are all taken.</param>
    /// <exception cref="ConvNetException"><c>SweepGridTooLarge</c>: more than a million points.</exception>
    public GridSampler(SweepSpace space, int gridPoints)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gridPoints, 1);
        _space = space;
        _values = space.Parameters.Select(p => p.Grid(gridPoints).Distinct().ToArray()).ToArray();
        if (space.Conditions.Count == 0)
        {
            Count = Product(Enumerable.Range(0, _values.Length));
        }
        else
        {
            _places = Lay();
            Count = _places.Length;
        }
    }

    /// <summary>The number of points.</summary>
    public int Count { get; }

    /// <inheritdoc />
    int? ISampler.Count => Count;

    /// <inheritdoc />
    public SweepPoint Sample(int number, IReadOnlyList<Observation> history)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
        var places = _places?[number] ?? PlacesOf(number, Enumerable.Range(0, _values.Length).ToArray());
        var index = 0;
        return _space.Choose(_ => _values[index][places[index++]]);
    }

    // The conditions are asked once for each combination of what they look at: they may be scripts.
    private int[][] Lay()
    {
        var all = Enumerable.Range(0, _values.Length).ToArray();
        var always = all.Where(i => !IsConditional(i)).ToArray();
        var conditional = all.Where(IsConditional).ToArray();
        var laid = new List<int[]>();
        for (int i = 0, seen = Product(always); i < seen; i++)
        {
            var places = PlacesOf(i, always);
            var point = new SweepPoint(
                always.Select(p => KeyValuePair.Create(_space.Parameters[p].Name, _values[p][places[p]]))
            );
            var active = conditional.Where(p => _space.Conditions[_space.Parameters[p].Name].Holds(point)).ToArray();
            var count = Product(active, laid.Count);
            for (var j = 0; j < count; j++)
            {
                var rest = PlacesOf(j, active);
                laid.Add(places.Zip(rest, (a, b) => a + b).ToArray());
            }
        }
        laid.Sort(static (a, b) => a.AsSpan().SequenceCompareTo(b));
        return [.. laid];
    }

    private bool IsConditional(int parameter) => _space.Conditions.ContainsKey(_space.Parameters[parameter].Name);

    /// <summary>The places of one combination of some parameters; 0 for the others.</summary>
    private int[] PlacesOf(int number, int[] parameters)
    {
        var places = new int[_values.Length];
        for (var i = parameters.Length - 1; i >= 0; i--)
            (number, places[parameters[i]]) = Math.DivRem(number, _values[parameters[i]].Length);
        return places;
    }

    private int Product(IEnumerable<int> parameters, int before = 0)
    {
        var product = 1L;
        foreach (var parameter in parameters)
        {
            product *= _values[parameter].Length;
            if (before + product > MostPoints)
            {
                throw new ConvNetException(
                    ErrorIds.SweepGridTooLarge,
                    ErrorKind.InvalidArgument,
                    FormattableString.Invariant(
                        $"The grid has more than {MostPoints:N0} points; leave out values, use fewer points per range (StudySettings.GridPoints), or use SweepSampler.Random."
                    ),
                    _space
                );
            }
        }
        return (int)product;
    }
}
