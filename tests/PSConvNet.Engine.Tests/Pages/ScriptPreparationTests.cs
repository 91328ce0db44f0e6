using System.Text.Json.Nodes;
using PSConvNet.Benchmarks.Pictures;
using PSConvNet.Tests.Data.Preparation;
using PuppeteerSharp;
using SkiaSharp;

namespace PSConvNet.Tests.Pages;

/// <summary>The page's preparation of pictures against the engine's: the same pictures give the same samples.</summary>
[Collection(BrowserFixture.Collection)]
public sealed class ScriptPreparationTests(BrowserFixture browser)
{
    private const int PicturesOfAKind = 6;

    private const string Prepare = """
        (cases) => JSON.parse(cases)
          .map(({ width, height, data, shape, settings }) => prepare({ width, height, data: bytesOf(data) }, shape, settings))
          .map(({ sample, doubts }) => ({ sample: [...sample], doubts }))
        """;

    private static readonly Shape s_sample = new(28, 28);

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
        var theirs = await PrepareAsync([.. cases.Select(one => (one.Picture, one.Settings, one.Shape))]);

        var drawn = 0;
        foreach (var (one, (sample, doubts)) in cases.Zip(theirs))
        {
            var prepared = one.Settings.Prepare(one.Picture, one.Shape);
            var ours = prepared.Objects[0].Sample.Pixels.ToArray();
            var most = ours.Zip(sample, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(most <= 1, $"Picture {one.Seed} of kind {one.Kind} differs by {most}");
            Assert.Equal(prepared.Doubts.Select(doubt => doubt.ToString()), doubts);
            drawn += ours.Any(level => level > 128) ? 1 : 0;
        }
        // Samples of nothing would agree, too.
        Assert.InRange(drawn, 0.9 * cases.Count, cases.Count);
    }

    [SkippableFact]
    public async Task Pictures_are_doubted_as_they_are_here()
    {
        // Small ones: all are handed to the browser.
        int[] seeds = [0, 1, 2, 7, 8, 9];
        PixelPicture[] pictures =
        [
            .. BlankSheet.All.SelectMany(sheet => seeds.Select(seed => DigitPictures.Read(sheet.Make(seed)))),
            .. Enumerable.Range(0, 24).Select(Several),
        ];

        var theirs = await PrepareAsync([.. pictures.Select(picture => (picture, new ImagePreparation(), s_sample))]);

        var ours = pictures.Select(picture => new ImagePreparation().Prepare(picture, s_sample).Doubts).ToList();
        Assert.Equal(
            ours.Select(doubts => string.Join(", ", doubts)),
            theirs.Select(one => string.Join(", ", one.Doubts))
        );
        Assert.Equal(
            [
                PictureDoubt.Blank,
                PictureDoubt.SeveralObjects,
                PictureDoubt.Texture,
                PictureDoubt.Band,
                PictureDoubt.Unclear,
            ],
            ours.SelectMany(doubts => doubts).Distinct().Order()
        );
    }

    [SkippableFact]
    public async Task Answers_are_unsupported_as_they_are_here()
    {
        var random = new Random(1);
        float[][] answers =
        [
            [0.49f, 0.51f],
            [0.5f, 0.5f],
            [0.4f, 0.3f, 0.3f],
            [0.45f, 0.45f, 0.2f],
            [-0.1f, 0.4f, 0.7f],
            [-0.1f, 0.45f, 0.3f, 0.35f],
            [0.2f, 0.1f],
            .. Enumerable
                .Range(0, 50)
                .Select(_ =>
                {
                    var values = Enumerable.Range(0, 4).Select(_ => random.NextSingle()).ToArray();
                    return values.Select(value => value / values.Sum()).ToArray();
                }),
        ];
        var page = await browser.OpenAsync();
        await page.AddScriptTagAsync(new AddTagOptions { Content = PageScripts.Network });

        var theirs = await page.EvaluateFunctionAsync<bool[]>(
            "(answers) => answers.map((answer) => isUnsupported(Float32Array.from(answer)))",
            (object)answers
        );
        await page.CloseAsync();

        var ours = answers.Select(answer => !Prediction.SupportsClass(answer)).ToArray();
        Assert.Equal(ours, theirs);
        Assert.InRange(ours.Count(unsupported => unsupported), 5, 50);
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

    /// <summary>Digits and other things in a row: near each other, touching, small ones and large ones, and many.</summary>
    private static PixelPicture Several(int seed)
    {
        var random = new Random(seed);
        var many = seed % 8 == 7;
        using var picture = new DrawnPicture(300, 160, new SKColor(240, 238, 230), seed);
        if (many)
        {
            picture.Draw(canvas =>
            {
                for (var i = 0; i < 120; i++)
                    canvas.DrawCircle(15 + 18 * (i % 15), 15 + 18 * (i / 15), 3 + i % 4, new SKPaint());
            });
        }
        for (int i = 0, left = 10; i < 3 && !many; i++)
        {
            var side = random.Next(50, 130);
            picture.Digit(
                DigitPictures.Synthetic[random.Next(10)],
                left,
                random.Next(5, 155 - side),
                side,
                SKColors.Black
            );
            left += (int)(side * (0.4 + 0.4 * random.NextDouble()));
        }
        return DigitPictures.Read(picture.Png());
    }

    private async Task<(int[] Sample, string[] Doubts)[]> PrepareAsync(
        IReadOnlyList<(PixelPicture Picture, ImagePreparation Settings, Shape Shape)> cases
    )
    {
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
        var theirs = await page.EvaluateFunctionAsync<Answer[]>(Prepare, json.ToJsonString());
        await page.CloseAsync();
        return [.. theirs.Select(answer => (answer.Sample, answer.Doubts))];
    }

    private sealed record Answer(int[] Sample, string[] Doubts);
}
