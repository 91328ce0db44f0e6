using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace PSConvNet.Tests.Pages;

/// <summary>How the page looks and sounds, and what it can't do, in a browser.</summary>
[Collection(BrowserFixture.Collection)]
public sealed class PageLookTests(BrowserFixture browser)
{
    private const string Hostile = "</script><img src=x onerror=alert(1)>&lt;\"'`${1} ]]> <!--";

    [SkippableTheory]
    [InlineData(320, 640)]
    [InlineData(390, 844)]
    [InlineData(1200, 900)]
    public async Task Nothing_is_wider_than_the_window(int width, int height)
    {
        await using var page = await DrawnPage.OpenAsync(browser, Page(), width, height, touch: width < 1000);
        await page.Tab.EvaluateExpressionAsync("document.querySelectorAll('details').forEach((d) => (d.open = true))");
        await page.Tab.EvaluateExpressionAsync("document.querySelector('.mistake').click()");
        await page.AnswersAsync();
        await page.WaitForAsync("!document.getElementById('maps').hidden");

        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        // What can be pressed is large enough for a finger.
        Assert.Empty(
            await page.EvaluateAsync<string[]>(
                "[...document.querySelectorAll('button, select, .pen, fieldset label')].filter((e) => e.getBoundingClientRect().height < 24).map((e) => e.textContent)"
            )
        );
    }

    [SkippableTheory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task Text_can_be_read_in_light_and_dark(string scheme)
    {
        await using var page = await DrawnPage.OpenAsync(browser, Page());
        await page.Tab.EmulateMediaFeaturesAsync([
            new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = scheme },
        ]);
        await page.Tab.EvaluateExpressionAsync("document.querySelector('.mistake').click()");
        await page.AnswersAsync();

        var ground = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        Assert.Equal(scheme == "light" ? "rgb(255, 255, 255)" : "rgb(13, 17, 23)", ground);
        // The contrast that WCAG 2.2 asks for (4.5 : 1) of every text there is; disabled buttons are excepted there, too.
        var faint = await page.Tab.EvaluateFunctionAsync<string[]>(
            """
            () => {
              const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
              const light = (colour) => numbers(colour).slice(0, 3).map((c) => c / 255)
                .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
              const behind = (e) => {
                const colour = getComputedStyle(e).backgroundColor;
                return (numbers(colour)[3] ?? 1) > 0 ? colour : e.parentElement ? behind(e.parentElement) : "rgb(255,255,255)";
              };
              return [...document.body.querySelectorAll("*")]
                .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && e.checkVisibility())
                .filter((e) => !e.closest("#hint, script, .unseen, [aria-disabled=true]"))
                .filter((e) => {
                  const [a, b] = [light(getComputedStyle(e).color), light(behind(e))];
                  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
                })
                .map((e) => `${e.tagName} ${e.textContent}`);
            }
            """
        );
        Assert.Empty(faint);
    }

    [SkippableFact]
    public async Task A_screen_reader_hears_a_name_for_everything_that_can_be_used()
    {
        await using var page = await DrawnPage.OpenAsync(browser, Page());
        var tree = await page.Tab.Accessibility.SnapshotAsync();

        var all = Nodes(tree).ToList();
        string[] used = ["button", "slider", "combobox", "radio", "application", "link", "heading", "image"];
        Assert.All(
            all.Where(node => used.Contains(node.Role)),
            node => Assert.False(string.IsNullOrWhiteSpace(node.Name))
        );
        Assert.Contains(all, node => node is { Role: "application", Name: "Pad to draw on" });
        Assert.Contains(all, node => node is { Role: "button", Name: "Open a picture" });
        Assert.Contains(all, node => node is { Role: "slider", Name: "Pen" });
        Assert.Contains(all, node => node is { Role: "combobox", Name: "Layer" });
        Assert.Contains(
            all,
            node => node is { Role: "radio" } && node.Name.StartsWith("as drawn", StringComparison.Ordinal)
        );

        static IEnumerable<PuppeteerSharp.PageAccessibility.SerializedAXNode> Nodes(
            PuppeteerSharp.PageAccessibility.SerializedAXNode node
        ) => (node.Children ?? []).SelectMany(Nodes).Prepend(node);
    }

    [SkippableFact]
    public async Task Names_are_text_and_no_script_but_the_pages_own_runs()
    {
        var bars = Networks.Bars();
        var data = new Dataset(Hostile, bars.Train, bars.Test, [Hostile, Hostile + "2", "&lt;"], Hostile);
        var model = new Model(
            [new FlattenLayer { Name = Hostile }, new DenseLayer(3) { Name = Hostile + "2" }],
            data.Shape,
            Hostile
        );
        var options = new ModelPageOptions { Title = Hostile };
        await using var page = await DrawnPage.OpenAsync(
            browser,
            ModelPage.Create([model, model.Copy()], data, options)
        );
        var dialogs = 0;
        page.Tab.Dialog += (_, _) => dialogs++;
        await page.Tab.EvaluateExpressionAsync("document.querySelector('.mistake').click()");
        var answers = await page.AnswersAsync();

        Assert.All(answers, answer => Assert.Contains(answer.Best, data.ClassNames));
        Assert.Equal(Hostile, await page.Tab.GetTitleAsync());
        Assert.Equal(
            [Hostile, Hostile + " (2)"],
            await page.EvaluateAsync<string[]>("[...document.querySelectorAll('.panel h3')].map((e) => e.textContent)")
        );
        Assert.Equal(0, await page.EvaluateAsync<int>("document.images.length"));
        Assert.Empty(page.Complaints);

        // What found its way in would not run, and reach nothing.
        var reached = await page.Tab.EvaluateFunctionAsync<string[]>(
            """
            async () => {
              const refused = [];
              document.addEventListener("securitypolicyviolation", (e) => refused.push(e.effectiveDirective));
              const script = document.createElement("script");
              script.textContent = "window.broken = true";
              document.body.append(script);
              const button = document.createElement("div");
              button.innerHTML = "<button onclick='window.broken = true'></button><style>body{display:none}</style>";
              document.body.append(button);
              button.firstChild.click();
              await fetch("https://example.org/").catch(() => {});
              new Image().src = "https://example.org/a.png";
              await new Promise((done) => setTimeout(done, 200));
              return [...new Set(refused), String(window.broken), getComputedStyle(document.body).display].sort();
            }
            """
        );
        Assert.Equal(
            ["block", "connect-src", "img-src", "script-src-attr", "script-src-elem", "style-src-elem", "undefined"],
            reached
        );
        Assert.Equal(0, dialogs);
    }

    [SkippableFact]
    public async Task Of_many_classes_the_likeliest_have_bars_the_first_at_the_top()
    {
        var model = new Model(
            [new FlattenLayer(), new DenseLayer(100) { Activation = Activation.Softmax }],
            new Shape(28, 28),
            "hundred"
        );
        await using var page = await DrawnPage.OpenAsync(browser, ModelPage.Create([model]));

        await page.DrawAsync((0.3, 0.3), (0.7, 0.7));
        await page.AnswersAsync();
        await page.WaitForAsync("document.querySelector('[aria-busy=false]')");
        var (best, shares) = Assert.Single(await page.ReadAsync());

        var shown = await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('.bars li')].filter((li) => !li.hidden).sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top).map((li) => li.firstChild.textContent)"
        );
        Assert.Equal(12, shown.Length);
        Assert.Equal(best, shown[0]);
        var order = shown
            .Select(name => shares[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)])
            .ToArray();
        Assert.Equal(order.OrderDescending(), order);
        Assert.True(order[^1] >= shares.Order().ElementAt(87));
    }

    [SkippableFact]
    public async Task In_a_notebook_it_works_in_a_frame_that_reaches_nothing_around_it()
    {
        var tab = await browser.OpenAsync();
        var view = RichView.Of(Page())!;
        await tab.SetContentAsync($"<!DOCTYPE html><title>notebook</title>{view.Data["text/html"]}");
        var frame = await (await tab.WaitForSelectorAsync("iframe")).ContentFrameAsync();
        await frame.WaitForSelectorAsync(".mistake");

        await frame.EvaluateExpressionAsync("document.querySelector('.mistake').click()");
        await frame.WaitForExpressionAsync(
            "document.querySelector('.share').textContent",
            new WaitForFunctionOptions()
        );

        Assert.Equal("null", await frame.EvaluateExpressionAsync<string>("self.origin"));
        Assert.Equal(
            "SecurityError",
            await frame.EvaluateExpressionAsync<string>(
                "(() => { try { return parent.document.title } catch (e) { return e.name } })()"
            )
        );
        await tab.CloseAsync();
    }

    /// <summary>Three models of long names, and mistakes.</summary>
    private static ModelPage Page()
    {
        var data = SyntheticDigits.Generate(10, 30).ExpandDimension();
        var classes = new[]
        {
            "a class of a long name that goes on",
            "T-shirt/top",
            "2",
            "3",
            "4",
            "5",
            "6",
            "7",
            "8",
            "9",
        };
        data = data.RenameClasses(classes);
        LayerSpec[] layers =
        [
            new ConvLayer(4),
            new FlattenLayer(),
            new DenseLayer(10) { Activation = Activation.Softmax },
        ];
        return ModelPage.Create(
            [
                new Model(layers, data.Shape, "a_network_of_a_long_name_without_spaces")
                {
                    TrainingPixels = new PixelStatistics(1, 0.13, 0.3, 1, 0.02, 0.4) { Preparation = new() },
                },
                new Model(layers, data.Shape, "b", seed: 2),
                new Model([new FlattenLayer(), .. layers[2..]], data.Shape, "c c c"),
            ],
            data
        );
    }
}
