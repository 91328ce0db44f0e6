namespace PSConvNet.Drawing;

/// <summary>What an object looks like where more than text can be shown: in a notebook.</summary>
/// <param name="Data">
/// MIME type to content: <c>image/png</c> in base64, <c>text/html</c>. Plain text is not among them: that is what PowerShell prints.
/// </param>
/// <param name="Width">An image's width in pixels of a page, where there is an image; its own pixels are finer.</param>
/// <param name="Height">An image's height in pixels of a page.</param>
/// <param name="Alternative">An image in sentences, for those who can't see it.</param>
public sealed record RichView(
    IReadOnlyDictionary<string, string> Data,
    int? Width = null,
    int? Height = null,
    string? Alternative = null
)
{
    /// <summary>The types that have a view, and those derived from them with them: what a host that wants to know beforehand registers.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [typeof(Picture), typeof(TrainingRun), typeof(ModelSummary), typeof(IRichObject)];

    /// <summary>The view of an object, or null where its text is all there is.</summary>
    /// <exception cref="ConvNetException"><c>NativeLibraryMissing</c>, from pictures.</exception>
    public static RichView? Of(object? value) =>
        value switch
        {
            // Pixels, not vectors: they are shown by every page that shows notebooks, those that strip HTML of its styles too.
            Picture picture => new RichView(
                new Dictionary<string, string> { ["image/png"] = Convert.ToBase64String(picture.ToPng()) },
                picture.Width,
                picture.Height,
                picture.Description
            ),
            TrainingRun run => Html(run.ToHtml()),
            ModelSummary summary => Html(summary.ToHtml()),
            IRichObject rich => rich.View,
            _ => null,
        };

    private static RichView Html(string html) => new(new Dictionary<string, string> { ["text/html"] = html });
}
