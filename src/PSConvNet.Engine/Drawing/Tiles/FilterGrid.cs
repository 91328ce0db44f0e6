namespace PSConvNet.Drawing;

/// <summary>A convolution's kernels as pictures.</summary>
public static class FilterGrid
{
    /// <summary>The most filters drawn, and the most input channels of each, unless another number is given.</summary>
    public const int DefaultCount = 32;

    /// <summary>Draws the kernels of one convolution.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">The layer's name, as the summary has it; null for the first convolution.</param>
    /// <param name="count">The most filters drawn, and of each the most input channels.</param>
    /// <returns>
    /// A tile a filter where the layer sees one channel, or three, which are taken as red, green and blue; else a row a filter and a
    /// column an input channel. Blue is below zero, white is zero, orange above it; the strongest colour is the layer's largest weight.
    /// </returns>
    /// <exception cref="ConvNetException">
    /// <c>LayerUnknown</c>: there is no such layer. <c>LayerHasNoFilters</c>: it is no convolution. <c>ModelBusy</c>, <c>NativeLibraryMissing</c>.
    /// </exception>
    public static Picture Of(Model model, string? layer = null, int count = DefaultCount)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var (name, kernel) = Find(model, layer);
        float[] weights;
        using (model.UseForReading())
            weights = model.GetParameter(model.Store.Of(kernel)[0].Name);
        var shape = kernel.Parameters[0].Shape;
        var (filters, height, width, channels) = (shape[0], shape[1], shape[2], shape[3]);
        var noun = kernel.Geometry.Groups > 1 && channels == 1 ? "depthwise filters" : "filters";
        var reach = weights.Length == 0 ? 0 : weights.Max(Math.Abs);
        return CanvasPicture.WithSkia(() =>
            Draw(new Kernels(model, name, noun, weights, filters, height, width, channels, reach), count)
        );
    }

    private static TilePicture Draw(Kernels kernels, int count)
    {
        var filters = Math.Min(count, kernels.Filters);
        var isColour = kernels.Channels == 3;
        var channels = isColour || kernels.Channels == 1 ? 1 : Math.Min(count, kernels.Channels);
        var tiles =
            from filter in Enumerable.Range(0, filters)
            from channel in Enumerable.Range(0, channels)
            select new Tile(isColour ? kernels.Colour(filter) : kernels.Tile(filter, channel), []);
        var shown =
            filters < kernels.Filters
                ? $"the first {filters} of {kernels.Filters} {kernels.Noun}"
                : $"{filters} {kernels.Noun}";
        var seen =
            channels < kernels.Channels && !isColour
                ? $"the first {channels} of {Counted.Of(kernels.Channels, "channel")}"
                : Counted.Of(kernels.Channels, "channel");
        var title = $"{kernels.Model.Name}, {kernels.Layer}: {shown} of {kernels.Height} x {kernels.Width}";
        var scale = FormattableString.Invariant($"The largest weight is {kernels.Reach:G3}");
        var side = Math.Max(kernels.Width, kernels.Height);
        var (columns, pixel) =
            channels == 1
                ? (8, Math.Max(4, Math.Floor(48.0 / side)))
                : (channels, Math.Max(1, Math.Floor(12.0 / side)));
        var heading = channels == 1 ? scale : $"Each row is a filter, each column an input channel ({seen}). {scale}";
        var colours = isColour
            ? "the three channels' weights are shown as red, green and blue"
            : "blue is below zero, white zero, orange above";
        return new TilePicture(
            title,
            $"{title}, over {seen}; {colours}. {scale}.",
            [new TileSection(heading, [.. tiles], columns, pixel)]
        );
    }

    /// <summary>A layer's first convolution: of a separable one its windows.</summary>
    private static (string Name, ConvKernel Kernel) Find(Model model, string? layer)
    {
        var row = layer is null ? null : LayerSelection.One(model, layer);
        var found = model.Network.FirstOrDefault(candidate =>
            row is null ? HasFilters(candidate) : candidate.Name == row.Name
        );
        if (found?.Kernels is [ConvKernel kernel, ..])
            return (found.Name, kernel);
        var others = model.Network.Where(HasFilters).Select(candidate => candidate.Name).ToList();
        throw new ConvNetException(
            ErrorIds.LayerHasNoFilters,
            ErrorKind.InvalidArgument,
            row is null || others.Count == 0
                ? MessageText.Of($"{model.Name} has no convolution, and so no filters to show: add a ConvLayer.")
                : MessageText.Of(
                    $"{row.Name} is {row.Layer} and has no filters; give {(others.Count == 1 ? "" : "one of "):text}{others}."
                ),
            layer
        );
    }

    private static bool HasFilters(CompiledLayer layer) => layer.Kernels is [ConvKernel, ..];

    /// <param name="Model">Whose they are.</param>
    /// <param name="Layer">The layer's name.</param>
    /// <param name="Noun">What they are called.</param>
    /// <param name="Weights">filters x height x width x channels.</param>
    /// <param name="Filters">Filters.</param>
    /// <param name="Height">A kernel's height.</param>
    /// <param name="Width">A kernel's width.</param>
    /// <param name="Channels">Input channels a filter sees.</param>
    /// <param name="Reach">The largest weight's size.</param>
    private sealed record Kernels(
        Model Model,
        string Layer,
        string Noun,
        float[] Weights,
        int Filters,
        int Height,
        int Width,
        int Channels,
        float Reach
    )
    {
        /// <summary>What a filter does with a channel.</summary>
        public Bitmap Tile(int filter, int channel)
        {
            var kernel = new float[Height * Width];
            for (var i = 0; i < kernel.Length; i++)
                kernel[i] = Weights[(filter * kernel.Length + i) * Channels + channel];
            return ColourScale.Diverging(kernel, Width, Height, Reach);
        }

        /// <summary>A filter over red, green and blue, as the colours it looks for: grey is zero.</summary>
        public Bitmap Colour(int filter)
        {
            var rgb = new byte[Height * Width * 3];
            for (var i = 0; i < rgb.Length; i++)
            {
                var weight = Weights[filter * rgb.Length + i];
                rgb[i] = (byte)Math.Round(127.5 + 127.5 * (Reach > 0 ? weight / Reach : 0));
            }
            return new Bitmap(Width, Height, rgb);
        }
    }
}
