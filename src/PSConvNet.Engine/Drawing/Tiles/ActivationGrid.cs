namespace PSConvNet.Drawing;

/// <summary>What each layer makes of one image: its feature maps, from the image itself to the answer.</summary>
public static class ActivationGrid
{
    /// <summary>The most feature maps of a layer unless another number is given.</summary>
    public const int DefaultCount = 16;

    private const double MapSide = 56;
    private const int VectorColumns = 64;

    /// <summary>Draws the outputs of a model's layers for one image.</summary>
    /// <param name="model">The model.</param>
    /// <param name="image">The image; fitted to the model as <see cref="ModelInput.Fit"/> says.</param>
    /// <param name="layers">The names of the layers to draw, or null for all but dropout and flatten, which change no value.</param>
    /// <param name="count">The most feature maps of a layer.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <returns>A section a layer. The brighter, the larger; each layer has a scale of its own, which its heading tells.</returns>
    /// <exception cref="ConvNetException">
    /// <c>LayerUnknown</c>, <c>DataShapeMismatch</c>, <c>ModelBusy</c>, <c>NativeLibraryMissing</c>.
    /// </exception>
    public static Picture Of(
        Model model,
        ImageSample image,
        IReadOnlyList<string>? layers = null,
        int count = DefaultCount,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var wanted = layers?.Select(name => LayerSelection.One(model, name).Name).ToHashSet(StringComparer.Ordinal);
        var set = ModelInput.Fit(model, ImageSet.Unlabelled([image], image.Shape));
        var sections = new List<TileSection>();
        if (set.Shape.Rank > 1)
        {
            var input = CanvasPicture.WithSkia(() => Bitmap.Of(set.GetImage(0).Span, set.Shape));
            sections.Add(Section($"Input: {set.Shape}", [input], MapSide));
        }
        for (var i = 0; i < model.Summary.Layers.Count; i++)
        {
            var row = model.Summary.Layers[i];
            var answers = i == model.Summary.Layers.Count - 1 ? model.ClassNames : null;
            if (wanted is null ? !row.Layer.ChangesValues : !wanted.Contains(row.Name))
                continue;
            var outputs = Outputs(ModelHead.Of(model, i + 1), set, cancellation);
            sections.Add(CanvasPicture.WithSkia(() => Draw(row, outputs, count, answers)));
        }
        var title = $"What {model.Name} makes of an image";
        var said = string.Join("; ", sections.Select(section => section.Heading));
        return CanvasPicture.WithSkia(() => new TilePicture(title, $"{title}, layer by layer. {said}.", sections));
    }

    /// <summary>What the last of a model's layers gives: what it gives while the whole network runs, too.</summary>
    private static float[] Outputs(Model head, ImageSet image, CancellationToken cancellation)
    {
        var options = new PredictionOptions(Precision.Float32, Threads: 1);
        var outputs = Predictor.Run(head, image, options, cancellation);
        if (outputs.AreLogits && head.Network[^1].Activation?.Activation.IsSoftmax() == true)
            Predictor.ToProbabilities(outputs.Values, outputs.Width);
        return outputs.Values;
    }

    private static TileSection Draw(LayerSummary row, float[] outputs, int count, IReadOnlyList<string>? answers)
    {
        var shape = row.OutputShape;
        var (low, high) = (outputs.Min(), outputs.Max());
        var range = FormattableString.Invariant($"{low:G3} to {high:G3}");
        if (shape.Rank < 3)
        {
            // No picture any more: a strip of numbers, in lines where there are many.
            var columns = Math.Min(outputs.Length, VectorColumns);
            var strip = ColourScale.Sequential(outputs, columns, (outputs.Length + columns - 1) / columns, low, high);
            return Section(
                $"{row.Name}: {shape}, {range}{Answer(outputs, answers)}",
                [strip],
                Math.Min(12 * columns, 512)
            );
        }
        // Channels first, as the network's last step gives them.
        var (height, width, channels) = (shape[0], shape[1], shape[2]);
        var shown = Math.Min(count, channels);
        var maps = Enumerable
            .Range(0, shown)
            .Select(channel =>
                ColourScale.Sequential(
                    outputs.AsSpan(channel * height * width, height * width),
                    width,
                    height,
                    low,
                    high
                )
            );
        var part = shown < channels ? $", the first {shown} of {channels} maps" : "";
        return Section($"{row.Name}: {shape}{part}, {range}", [.. maps], MapSide);
    }

    private static string Answer(float[] outputs, IReadOnlyList<string>? names)
    {
        if (names is null)
            return "";
        var answer = ArgMax.Of(outputs);
        return $", most for {ClassName.Complete(names, outputs.Length)[answer]}";
    }

    private static TileSection Section(string heading, IReadOnlyList<Bitmap> maps, double side)
    {
        var largest = maps.Max(map => Math.Max(map.Width, map.Height));
        var pixel = largest <= side ? Math.Floor(side / largest) : side / largest;
        return new TileSection(heading, [.. maps.Select(map => new Tile(map, []))], Columns: 8, pixel);
    }
}
