using System.Text;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Pages;

/// <summary>
/// A page to draw on: one HTML file that runs models in the reader's browser without a network connection, and shows their input, answers and feature
/// maps for each picture.
/// </summary>
public sealed class ModelPage : IRichObject
{
    /// <summary>Of a page in a notebook: so high that the pad and the answers are seen together.</summary>
    private const string FrameStyle = "width:100%;height:min(50rem,92vh);border:1px solid #8888;border-radius:4px";

    private readonly string _html;

    private ModelPage(string title, string html) => (Title, _html) = (title, html);

    /// <summary>The page's title.</summary>
    public string Title { get; }

    /// <summary>How large the page is as a file, in bytes.</summary>
    public int Length => Encoding.UTF8.GetByteCount(_html);

    /// <summary>Writes the page.</summary>
    /// <param name="models">The models; one that comes more than once is one model.</param>
    /// <param name="data">The data set whose test images can be tried, those that a model gets most wrong; or null.</param>
    /// <param name="options">Title and how much is shown; or null for the usual.</param>
    /// <param name="measuring">How a model is measured, its name given; or null for the usual way.</param>
    /// <param name="cancellation">Ends it with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ConvNetException">
    /// <c>PageEmpty</c>: there are no models. <c>PageModelUnsupported</c>: a model takes no pictures, or gives no classes.
    /// <c>PageOptionInvalid</c>, <c>DataShapeMismatch</c>, <c>ClassCountMismatch</c>, <c>ClassUnknown</c>, <c>ModelBusy</c>,
    /// <c>PredictionsInvalid</c>, <c>NativeLibraryMissing</c>.
    /// </exception>
    public static ModelPage Create(
        IEnumerable<Model> models,
        Dataset? data = null,
        ModelPageOptions? options = null,
        Func<string, PredictionOptions>? measuring = null,
        CancellationToken cancellation = default
    )
    {
        options ??= new ModelPageOptions();
        options.Validate();
        var names = new DistinctNames();
        var ready = new List<PageModel>();
        foreach (var model in models.Distinct())
        {
            var name = names.Take(model.Name);
            ready.Add(PageModel.Of(name, model, data, options.MistakeCount, measuring?.Invoke(name), cancellation));
        }
        if (ready.Count == 0)
        {
            throw new ConvNetException(
                ErrorIds.PageEmpty,
                ErrorKind.InvalidArgument,
                "There is no model to draw for: give at least one model or training run."
            );
        }
        var document = new PageDocument(ready, options);
        return new ModelPage(document.Title, document.Write());
    }

    /// <summary>The whole page. It is well-formed XML, too.</summary>
    public string ToHtml() => _html;

    /// <summary>Writes the page to a file; a crash leaves the old file or the new one, never half of one.</summary>
    /// <param name="path">Where it goes; replaced if it is there.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public void Save(string path) => WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(_html)));

    /// <summary>The page in a frame of its own, which can run its scripts and reach nothing of the notebook around it.</summary>
    RichView IRichObject.View =>
        new(
            new Dictionary<string, string>
            {
                ["text/html"] = HtmlText.Of(
                    Tag(
                        "iframe",
                        With("title", ReportText.Clean(Title)),
                        With("sandbox", "allow-scripts"),
                        With("style", FrameStyle),
                        With("srcdoc", _html),
                        ""
                    )
                ),
            }
        );

    /// <summary>The title and the size.</summary>
    public override string ToString() => FormattableString.Invariant($"{Title} ({Length / 1e6:0.0} MB)");
}
