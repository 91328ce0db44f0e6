using System.Globalization;
using PSConvNet.Tests.Runtime;
using PuppeteerSharp;

namespace PSConvNet.Tests.Pages;

/// <summary>A page as a reader has it: opened from a file, drawn on, looked at. It keeps what a browser complains of.</summary>
internal sealed class DrawnPage : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];

    private DrawnPage(IPage tab) => Tab = tab;

    public IPage Tab { get; }

    /// <summary>What a browser wrote to its console, threw, or did not let the page do.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>The requests for anything but the page itself.</summary>
    public IReadOnlyList<string> Requests => _requests;

    public static async Task<DrawnPage> OpenAsync(
        BrowserFixture browser,
        ModelPage page,
        int width = 1200,
        int height = 900,
        bool touch = false,
        string? before = null
    )
    {
        var drawn = new DrawnPage(await browser.OpenAsync());
        var file = drawn._folder.File("draw.html");
        page.Save(file);
        var address = new Uri(file).AbsoluteUri;
        drawn.Tab.Console += (_, message) => drawn._complaints.Add(message.Message.Text);
        drawn.Tab.PageError += (_, error) => drawn._complaints.Add(error.Message);
        drawn.Tab.Request += (_, request) =>
        {
            var url = request.Request.Url;
            if (
                url != address
                && !url.StartsWith("blob:", StringComparison.Ordinal)
                && !url.StartsWith("data:", StringComparison.Ordinal)
            )
                drawn._requests.Add(url);
        };
        await drawn.Tab.SetViewportAsync(
            new ViewPortOptions
            {
                Width = width,
                Height = height,
                HasTouch = touch,
                IsMobile = touch,
            }
        );
        if (before is not null)
            await drawn.Tab.EvaluateExpressionOnNewDocumentAsync(before);
        await drawn.Tab.GoToAsync(address);
        return drawn;
    }

    /// <summary>Where a share of the pad's width and height is in the window.</summary>
    public async Task<(decimal X, decimal Y)> PlaceAsync(double x, double y)
    {
        await Tab.EvaluateExpressionAsync("document.getElementById('pad').scrollIntoView({ block: 'nearest' })");
        var box = await Tab.EvaluateExpressionAsync<double[]>(
            "(({ left, top, width, height }) => [left, top, width, height])(document.getElementById('pad').getBoundingClientRect())"
        );
        return ((decimal)(box[0] + x * box[2]), (decimal)(box[1] + y * box[3]));
    }

    /// <summary>A line with the mouse, through places on the pad.</summary>
    public async Task DrawAsync(params (double X, double Y)[] places)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var (x, y) = await PlaceAsync(places[i].X, places[i].Y);
            await Tab.Mouse.MoveAsync(x, y);
            if (i == 0)
                await Tab.Mouse.DownAsync();
        }
        await Tab.Mouse.UpAsync();
    }

    /// <summary>Waits for an answer, and gives each model's class and the probabilities of all classes.</summary>
    public async Task<(string Best, double[] Shares)[]> AnswersAsync()
    {
        await WaitForAsync("[...document.querySelectorAll('.share')].every((share) => share.textContent)");
        return await ReadAsync();
    }

    /// <summary>The answers as they stand.</summary>
    public async Task<(string Best, double[] Shares)[]> ReadAsync()
    {
        var panels = await Tab.EvaluateExpressionAsync<string[][]>(
            "[...document.querySelectorAll('.panel')].map((panel) => [panel.querySelector('.best').textContent, ...[...panel.querySelectorAll('.bars .number')].map((number) => number.textContent)])"
        );
        return
        [
            .. panels.Select(panel =>
                (
                    panel[0],
                    panel[1..]
                        .Select(text => text.Length == 0 ? 0 : double.Parse(text[..^2], CultureInfo.InvariantCulture))
                        .ToArray()
                )
            ),
        ];
    }

    public Task WaitForAsync(string condition) => Tab.WaitForExpressionAsync(condition);

    public Task<T> EvaluateAsync<T>(string expression) => Tab.EvaluateExpressionAsync<T>(expression);

    /// <summary>The numbers of the picture that the first network sees, 0 to 255.</summary>
    public Task<int[]> SeenAsync() =>
        EvaluateAsync<int[]>(
            """
            (() => {
              // A copy: a browser has something to say to the console about a picture that is read often.
              const context = new OffscreenCanvas(28, 28).getContext("2d", { willReadFrequently: true });
              context.drawImage(document.getElementById("seen-0"), 0, 0);
              return [...context.getImageData(0, 0, 28, 28).data].filter((_, i) => i % 4 === 0);
            })()
            """
        );

    public async ValueTask DisposeAsync()
    {
        await Tab.CloseAsync();
        _folder.Dispose();
    }
}
