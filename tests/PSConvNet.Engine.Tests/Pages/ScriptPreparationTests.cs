using System.Text.Json.Nodes;
using PSConvNet.Pages;
using PuppeteerSharp;

namespace PSConvNet.Tests.Pages;

/// <summary>The page's preparation of pictures against the engine's: the same pictures give the same samples.</summary>
[Collection(BrowserFixture.Collection)]
public sealed class ScriptPreparationTests(BrowserFixture browser)
{
    private const int PicturesOfAKind = 6;

    private const string Prepare = """
        (cases) => JSON.parse(cases).map(({ width, height, data, shape, settings }) =>
          [...prepare({ width, height, data: bytesOf(data) }, shape, settings)])
        """;

    private static readonly ImagePreparation[] s_settings =
    [
        new(),
        new()
        {
            Polarity = InkPolarity.DarkOnLight,
            Centre = InkCentre.Box,
            Fit = 22,
        },
        new() { Polarity = InkPolarity.LightOnDark, KeepLines = true },
        new()
        {
            KeepBackground = true,
            KeepContrast = true,
            KeepStrokes = true,
        },
    ];

    [SkippableFact]
    public async Task Pictures_are_prepared_as_they_are_here()
    {
        var cases = (
            from kind in Enumerable.Range(0, TroubledPicture.Kinds)
            from seed in Enumerable.Range(0, PicturesOfAKind)
            // Most pictures with the usual settings.
            let settings = s_settings[seed < 3 ? 0 : seed - 2]
            let shape = seed == 1 ? new Shape(20, 32, 1) : new Shape(28, 28, 1)
            select (Kind: kind, Seed: seed, Picture: TroubledPicture.Draw(kind, seed), Settings: settings, Shape: shape)
        ).ToList();
        var page = await browser.OpenAsync();
        await page.AddScriptTagAsync(new AddTagOptions { Content = PageScripts.Network });
        var json = new JsonArray([
            .. cases.Select(one => new JsonObject
            {
                ["width"] = one.Picture.Width,
                ["height"] = one.Picture.Height,
                ["data"] = TextBytes.Of(one.Picture.Pixels.Span),
                ["shape"] = new JsonArray(one.Shape[0], one.Shape[1], 1),
                ["settings"] = PageModel.Describe(one.Settings, one.Shape),
            }),
        ]);

        var theirs = await page.EvaluateFunctionAsync<int[][]>(Prepare, json.ToJsonString());
        await page.CloseAsync();

        var drawn = 0;
        foreach (var (one, sample) in cases.Zip(theirs))
        {
            var ours = one.Settings.Prepare(one.Picture, one.Shape).Objects[0].Sample.Pixels.ToArray();
            var most = ours.Zip(sample, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(most <= 1, $"Picture {one.Seed} of kind {one.Kind} differs by {most}");
            drawn += ours.Any(level => level > 128) ? 1 : 0;
        }
        // Samples of nothing would agree, too.
        Assert.InRange(drawn, 0.9 * cases.Count, cases.Count);
    }

    [SkippableFact]
    public async Task A_picture_as_it_is_drawn_is_the_mean_of_what_lies_under_each_pixel()
    {
        var page = await browser.OpenAsync();
        await page.AddScriptTagAsync(new AddTagOptions { Content = PageScripts.Network });

        // Two pixels, one half clear: red on what is white below; their mean in grey, and each in colour.
        var samples = await page.EvaluateExpressionAsync<int[][]>(
            """
            (() => {
              const picture = { width: 2, height: 1, data: Uint8Array.of(255, 0, 0, 255, 255, 0, 0, 128) };
              return [[1, 1, 1], [1, 2, 3], [2, 4, 1]].map((shape) => [...sample(picture, shape)]);
            })()
            """
        );
        await page.CloseAsync();

        Assert.Equal([121], samples[0]);
        Assert.Equal([255, 0, 0, 255, 127, 127], samples[1]);
        Assert.Equal([76, 76, 165, 165, 76, 76, 165, 165], samples[2]);
    }
}
