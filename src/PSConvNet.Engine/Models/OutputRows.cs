namespace PSConvNet.Models;

/// <summary>
/// The parameters with one row for each output: those of the last dense layer or convolution, and of batch norms behind it. In another
/// order of their rows the same outputs come in another order.
/// </summary>
internal sealed class OutputRows
{
    private readonly Model _model;
    private readonly List<Kernel> _kernels = [];

    private OutputRows(Model model)
    {
        _model = model;
        CanMove = true;
        foreach (var kernel in model.Kernels.Reverse())
        {
            // What was flattened from several pixels has several outputs a channel.
            if (kernel is FlattenKernel { Input: { Rank: 3 } image } && image[0] * image[1] > 1)
                CanMove = false;
            if (!kernel.SelfAndDescendants().Any(part => part.Parameters.Count > 0))
                continue;
            _kernels.Add(kernel);
            if (kernel is BatchNormKernel)
                continue;
            // The other way around a residual block, and the groups of a convolution, would have to move along.
            CanMove &= kernel is DenseKernel or ConvKernel { Geometry.Groups: 1 };
            break;
        }
    }

    /// <summary>Whether the rows can be put in another order.</summary>
    public bool CanMove { get; }

    /// <summary>The names of their layers, the last one first.</summary>
    public IEnumerable<string> Layers => _kernels.Select(kernel => kernel.Name);

    /// <summary>Finds them.</summary>
    public static OutputRows Of(Model model) => new(model);

    /// <summary>Whether a parameter is one of them, or of their moving statistics.</summary>
    public bool Contains(ParameterSlot slot) =>
        _kernels
            .SelectMany(kernel => kernel.SelfAndDescendants())
            .Any(kernel =>
                _model.Store.Of(kernel).Contains(slot)
                || (kernel.KeepsStatistics && _model.Store.StatisticsWeight(kernel) == slot)
            );

    /// <summary>Puts the rows of some parameters in another order.</summary>
    /// <param name="order">For each output the row that is to be its own.</param>
    /// <param name="isMoved">Which parameters are meant.</param>
    public void Move(IReadOnlyList<int> order, Func<ParameterSlot, bool> isMoved)
    {
        foreach (var slot in _kernels.SelectMany(kernel => _model.Store.Of(kernel).ToArray()).Where(isMoved))
        {
            var rows = _model.Store.Span(slot);
            var before = rows.ToArray();
            var length = rows.Length / order.Count;
            for (var output = 0; output < order.Count; output++)
                before.AsSpan(order[output] * length, length).CopyTo(rows[(output * length)..]);
        }
    }
}
