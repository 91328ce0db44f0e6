namespace PSConvNet.Runtime.Kernels;

/// <summary>Where the loops of a <see cref="GatherConv{TWide}"/> have their weights. Parameters have them filter by filter, window x channels of a group.</summary>
/// <param name="forward">What outputs read.</param>
/// <param name="backward">What gradients of images read.</param>
/// <param name="channels">Channels of a group.</param>
/// <param name="filters">Filters of a group.</param>
/// <param name="window">The window.</param>
internal sealed unsafe class GatherWeights<TWide>(
    WindowMap<TWide> forward,
    WindowMap<TWide> backward,
    int channels,
    int filters,
    Window window
)
    where TWide : struct, IWide<TWide>
{
    private readonly int _depth = window.Height * window.Width * channels;

    /// <summary>Puts a filter's weights in their places for outputs.</summary>
    /// <param name="source">The weights.</param>
    /// <param name="filter">Which filter.</param>
    /// <param name="weights">All weights for outputs.</param>
    public void ToForward(float* source, int filter, float* weights)
    {
        if (!forward.UsesDots)
        {
            var (start, step) = ColumnOf(filter);
            var target = weights + start;
            for (var d = 0; d < _depth; d++, target += step)
                *target = source[d];
            return;
        }
        var part = forward.Parts[0];
        var (group, number) = Math.DivRem(filter, filters);
        var place = weights + group * part.GroupWeights + number * (part.GroupWeights / filters);
        foreach (var at in part.SpanPlaces)
            place[at] = *source++;
    }

    /// <summary>Puts a filter's weights in their places for gradients of images.</summary>
    /// <param name="source">The weights.</param>
    /// <param name="filter">Which filter.</param>
    /// <param name="weights">All weights for gradients of images.</param>
    public void ToBackward(float* source, int filter, float* weights)
    {
        var (group, row) = Math.DivRem(filter, filters);
        foreach (var part in backward.Parts)
        {
            var target = weights + part.Weights + group * part.GroupWeights;
            var tap = row;
            foreach (var y in part.Down.Taps)
            foreach (var x in part.Across.Taps)
            {
                var pixel = source + (nint)(y.Number * window.Width + x.Number) * channels;
                if (backward.UsesDots)
                {
                    for (var channel = 0; channel < channels; channel++)
                        target[part.GroupWeights / channels * channel + part.SpanPlaces[tap]] = pixel[channel];
                }
                else
                    CopyColumns(pixel, target, tap, part.Taps.Length);
                tap += filters;
            }
        }
    }

    /// <summary>Reads a filter's gradient, which lies as weights do for products of outputs.</summary>
    /// <param name="gradients">The gradients of all weights.</param>
    /// <param name="filter">Which filter.</param>
    /// <param name="target">Receives the gradient as parameters have it.</param>
    public void FromGradient(float* gradients, int filter, float* target)
    {
        var (start, step) = ColumnOf(filter);
        var source = gradients + start;
        for (var d = 0; d < _depth; d++, source += step)
            target[d] = *source;
    }

    /// <summary>Where a filter's column begins, and the distance between its numbers.</summary>
    private (nint Start, int Step) ColumnOf(int filter)
    {
        var (group, column) = Math.DivRem(filter, filters);
        var (start, step) = forward.Panels.Of(column, _depth);
        return ((nint)group * _depth * forward.Panels.Columns + start, step);
    }

    /// <summary>Copies the channels of a row of weights into their panels.</summary>
    private void CopyColumns(float* pixel, float* target, int row, int rows)
    {
        foreach (var panel in backward.Panels.Panels)
        {
            var place = (nint)rows * panel.First + (nint)row * panel.Width;
            var length = Math.Min(panel.Width, channels - panel.First);
            new Span<float>(pixel + panel.First, length).CopyTo(new(target + place, length));
        }
    }
}
