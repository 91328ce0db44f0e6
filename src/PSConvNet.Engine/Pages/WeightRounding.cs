namespace PSConvNet.Pages;

/// <summary>Decides how far a network's weights can be rounded, by asking the network.</summary>
internal static class WeightRounding
{
    /// <summary>
    /// The most that rounding may change any answer to the trial images. The page promises four times as much: of ten thousand test digits, the
    /// worst was at 1.8 times what the trial images showed.
    /// </summary>
    public const double MostChange = 2.5e-4;

    // In fourteen bits the tutorial's two networks take 4.2 MB, and a quarter of one more with each further bit.
    private static readonly int[] s_bits = [14, 15, 16];

    /// <summary>A network's weights in as few bits as its answers allow.</summary>
    /// <param name="model">The network; nobody changes it meanwhile.</param>
    /// <param name="description">What the page will read of it.</param>
    /// <param name="images">The trial images.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    public static PackedWeights Choose(
        Model model,
        NetworkDescription description,
        ImageSet images,
        CancellationToken cancellation
    )
    {
        var options = new PredictionOptions(Precision.Float32);
        var exact = Predictor.Predict(model, images, options, cancellation);
        foreach (var bits in s_bits)
        {
            var packed = PackedWeights.Of(model.Store, description.Parameters, bits);
            var rounded = model.Copy();
            packed.Values.CopyTo(rounded.Store.Values, 0);
            if (Change(exact, Predictor.Predict(rounded, images, options, cancellation)) <= MostChange)
                return packed;
        }
        return PackedWeights.Of(model.Store, description.Parameters, PackedWeights.Unrounded);
    }

    /// <summary>The largest difference between two answers.</summary>
    public static double Change(ReadOnlySpan<float> exact, ReadOnlySpan<float> rounded)
    {
        var most = 0.0;
        for (var i = 0; i < exact.Length; i++)
            most = Math.Max(most, Math.Abs((double)exact[i] - rounded[i]));
        return most;
    }
}
