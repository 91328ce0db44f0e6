using PuppeteerSharp;

namespace PSConvNet.Tests.Pages;

/// <summary>What a reader does with the page, in a browser: draws with mouse, keyboard and finger, brings pictures, tries mistakes.</summary>
[Collection(BrowserFixture.Collection)]
public sealed class DrawingTests(BrowserFixture browser)
{
    private static readonly Lazy<Dataset> s_digits = new(() => SyntheticDigits.Generate(20, 40).ExpandDimension());

    private static readonly (double X, double Y)[] s_line = [(0.5, 0.2), (0.52, 0.4), (0.5, 0.6), (0.48, 0.8)];

    // So that pictures are prepared for the models, as for those that learned from digits.
    private static readonly PixelStatistics s_digitsAre = new(1, 0.13, 0.3, 1, 0.02, 0.4) { Preparation = new() };

    private static Model Conv { get; } =
        new(
            [
                new ConvLayer(6) { Activation = Activation.ReLU },
                new BatchNormLayer(),
                new MaxPoolLayer(new(2, 2)),
                new FlattenLayer(),
                new DropoutLayer(0.5),
                new DenseLayer(10) { Activation = Activation.Softmax },
            ],
            new Shape(28, 28, 1),
            "conv"
        )
        {
            TrainingPixels = s_digitsAre,
        };

    private static Model Dense { get; } =
        new(
            [new FlattenLayer(), new DenseLayer(20) { Activation = Activation.ReLU }, new DenseLayer(10)],
            new Shape(28, 28, 1),
            "dense",
            seed: 5
        )
        {
            TrainingPixels = s_digitsAre,
        };

    private static readonly Lazy<ModelPage> s_page = new(() => ModelPage.Create([Conv, Dense]));

    [SkippableFact]
    public async Task A_line_drawn_with_the_mouse_is_answered_as_the_engine_answers_what_is_seen()
    {
        await using var page = await OpenAsync();
        await AssertBlankAsync(page);

        await page.DrawAsync(s_line);
        await page.AnswersAsync();
        await RestAsync(page);

        var seen = await page.SeenAsync();
        Assert.Contains(255, seen);
        var images = new ImageSet("seen", [.. seen.Select(pixel => (byte)pixel)], [0], new Shape(28, 28, 1));
        var answers = await page.ReadAsync();
        foreach (var (model, (best, shares)) in new[] { Conv, Dense }.Zip(answers))
        {
            var ours = Predictor.Predict(model, images, new PredictionOptions(Precision.Float32));
            // A tenth of a percent is what the page writes.
            Assert.All(ours.Zip(shares), pair => Assert.Equal(100 * pair.First, pair.Second, 0.151));
            Assert.Equal($"{Array.IndexOf(ours, ours.Max())}", best);
        }
        await page.WaitForAsync("document.getElementById('said').textContent.startsWith('conv says ')");
        Assert.Contains("dense says ", await page.EvaluateAsync<string>("document.getElementById('said').textContent"));
        AssertQuiet(page);
    }

    [SkippableFact]
    public async Task Answers_come_while_the_pen_is_down_and_undo_and_clear_take_strokes_back()
    {
        await using var page = await OpenAsync();
        var (x, y) = await page.PlaceAsync(0.5, 0.3);
        await page.Tab.Mouse.MoveAsync(x, y);
        await page.Tab.Mouse.DownAsync();
        await page.AnswersAsync();
        await page.Tab.Mouse.UpAsync();
        await RestAsync(page);
        var one = await page.SeenAsync();

        await page.DrawAsync((0.2, 0.7), (0.8, 0.7));
        await RestAsync(page);
        Assert.NotEqual(one, await page.SeenAsync());
        await page.Tab.ClickAsync("#undo");
        await RestAsync(page);
        Assert.Equal(one, await page.SeenAsync());
        await page.Tab.ClickAsync("#clear");
        await RestAsync(page);
        await AssertBlankAsync(page);
        await page.Tab.ClickAsync("#undo");
        await page.AnswersAsync();
        await RestAsync(page);
        Assert.Equal(one, await page.SeenAsync());
        AssertQuiet(page);
    }

    [SkippableFact]
    public async Task The_keyboard_draws_what_the_mouse_draws()
    {
        await using var page = await OpenAsync();
        await page.DrawAsync((14.5 / 28, 8.5 / 28), (14.5 / 28, 20.5 / 28));
        await RestAsync(page);
        var drawn = await page.SeenAsync();
        await page.Tab.Keyboard.DownAsync("Control");
        await page.Tab.Keyboard.PressAsync("z");
        await page.Tab.Keyboard.UpAsync("Control");
        await RestAsync(page);
        await AssertBlankAsync(page);

        await page.Tab.EvaluateExpressionAsync("document.querySelector('.skip').focus()");
        await page.Tab.Keyboard.PressAsync("Tab");
        Assert.Equal("pad", await page.EvaluateAsync<string>("document.activeElement.id"));
        for (var i = 0; i < 6; i++)
            await page.Tab.Keyboard.PressAsync("ArrowUp");
        Assert.Equal(
            "Row 9, column 15",
            await page.EvaluateAsync<string>("document.getElementById('said').textContent")
        );
        await AssertBlankAsync(page);
        await page.Tab.Keyboard.PressAsync(" ");
        for (var i = 0; i < 12; i++)
            await page.Tab.Keyboard.PressAsync("ArrowDown");
        Assert.Equal(
            "Row 21, column 15, drawing",
            await page.EvaluateAsync<string>("document.getElementById('said').textContent")
        );
        await page.Tab.Keyboard.PressAsync("Escape");
        await page.AnswersAsync();
        await RestAsync(page);
        // A mouse is at whole pixels of the window, the cursor is not.
        Assert.All(
            drawn.Zip(await page.SeenAsync()),
            pair => Assert.InRange(pair.Second, pair.First - 12, pair.First + 12)
        );
        Assert.Equal(0, await page.EvaluateAsync<double>("scrollY"));
        await page.Tab.Keyboard.PressAsync("Delete");
        await RestAsync(page);
        await AssertBlankAsync(page);
        AssertQuiet(page);
    }

    [SkippableFact]
    public async Task A_finger_draws_and_does_not_scroll()
    {
        await using var page = await OpenAsync(width: 390, height: 500, touch: true);
        var (x, y) = await page.PlaceAsync(0.5, 0.2);
        var before = await page.EvaluateAsync<double>("scrollY");
        await page.Tab.Touchscreen.TouchStartAsync(x, y);
        for (var i = 1; i <= 10; i++)
            await page.Tab.Touchscreen.TouchMoveAsync(x, y + 18 * i);
        await page.Tab.Touchscreen.TouchEndAsync();

        await page.AnswersAsync();
        await RestAsync(page);

        Assert.True((await page.SeenAsync()).Count(pixel => pixel > 128) > 30);
        Assert.Equal(before, await page.EvaluateAsync<double>("scrollY"));
        AssertQuiet(page);
    }

    [SkippableFact]
    public async Task A_mistake_is_put_before_the_networks_as_it_is()
    {
        var data = s_digits.Value;
        await using var page = await OpenAsync(data);
        var mistakes = PageMistakes(data);
        Assert.Equal(24, await page.EvaluateAsync<int>("document.querySelectorAll('.mistake').length"));
        var (image, truth, guess) = mistakes[3];

        await page.Tab.EvaluateExpressionAsync("document.querySelectorAll('.mistake')[3].click()");
        var answers = await page.AnswersAsync();
        await RestAsync(page);

        Assert.Equal(data.Test.GetImage(image).ToArray(), (await page.SeenAsync()).Select(pixel => (byte)pixel));
        Assert.Equal($"{guess}", answers[0].Best);
        Assert.StartsWith(
            $"Test image {image} is {truth}; conv says {guess}, ",
            await page.EvaluateAsync<string>("document.getElementById('source').textContent")
        );
        AssertQuiet(page);
    }

    [SkippableTheory]
    [InlineData("chosen")]
    [InlineData("dropped")]
    [InlineData("pasted")]
    public async Task A_picture_is_seen_however_it_comes(string way)
    {
        await using var page = await OpenAsync();
        await page.Tab.EvaluateExpressionAsync("document.getElementById('as-drawn').click()");
        await page.Tab.EvaluateFunctionAsync(
            """
            async (way) => {
              const canvas = new OffscreenCanvas(280, 280);
              const context = canvas.getContext("2d");
              context.fillRect(0, 0, 280, 280);
              context.fillStyle = "#fff";
              context.fillRect(100, 50, 30, 180);
              const files = new DataTransfer();
              files.items.add(new File([await canvas.convertToBlob()], "one <b>.png", { type: "image/png" }));
              const chooser = document.getElementById("chooser");
              if (way === "chosen") {
                chooser.files = files.files;
                chooser.dispatchEvent(new Event("change"));
              } else if (way === "dropped") {
                document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
              } else {
                document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: files, bubbles: true }));
              }
            }
            """,
            way
        );
        await page.AnswersAsync();
        await RestAsync(page);

        var expected = Enumerable
            .Range(0, 784)
            .Select(i => i % 28 is >= 10 and < 13 && i / 28 is >= 5 and < 23 ? 255 : 0);
        Assert.Equal(expected, await page.SeenAsync());
        Assert.Equal(
            "The picture one <b>.png.",
            await page.EvaluateAsync<string>("document.getElementById('source').textContent")
        );
        AssertQuiet(page);
    }

    [SkippableFact]
    public async Task What_is_no_picture_is_said_to_be_none_and_changes_nothing()
    {
        await using var page = await OpenAsync();

        await page.Tab.EvaluateExpressionAsync(
            """
            (() => {
              const files = new DataTransfer();
              files.items.add(new File(["text"], "notes.txt"));
              document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
            })()
            """
        );
        await page.WaitForAsync("document.getElementById('failed').textContent.startsWith('notes.txt ')");

        await AssertBlankAsync(page);
        AssertQuiet(page);
    }

    [SkippableFact]
    public async Task A_blank_sheet_gets_no_answer()
    {
        await using var page = await OpenAsync();

        await page.Tab.EvaluateFunctionAsync(
            """
            async () => {
              const canvas = new OffscreenCanvas(300, 200);
              canvas.getContext("2d").fillStyle = "#f4f2ee";
              canvas.getContext("2d").fillRect(0, 0, 300, 200);
              const files = new DataTransfer();
              files.items.add(new File([await canvas.convertToBlob()], "sheet.png", { type: "image/png" }));
              document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: files, bubbles: true }));
            }
            """
        );
        await page.WaitForAsync("document.getElementById('failed').textContent.startsWith('No strokes were found')");

        await AssertBlankAsync(page);
        AssertQuiet(page);
    }

    [SkippableFact]
    public async Task Two_strokes_far_apart_are_warned_of_once_the_pen_rests()
    {
        await using var page = await OpenAsync();
        await page.DrawAsync((0.2, 0.25), (0.2, 0.75));
        await page.DrawAsync((0.75, 0.25), (0.75, 0.75));

        await page.WaitForAsync(
            "document.getElementById('warning').textContent.startsWith('There are several objects')"
        );

        Assert.Equal("status", await page.EvaluateAsync<string>("document.getElementById('warning').role"));
        await page.Tab.ClickAsync("#undo");
        await RestAsync(page);
        Assert.DoesNotContain(
            "several",
            await page.EvaluateAsync<string>("document.getElementById('warning').textContent"),
            StringComparison.Ordinal
        );
        AssertQuiet(page);
    }

    [SkippableFact]
    public async Task The_maps_of_a_layer_are_those_of_the_engine()
    {
        await using var page = await OpenAsync();
        await page.DrawAsync(s_line);
        await page.AnswersAsync();

        var captions = new List<string>();
        foreach (var layer in (string[])["0/0", "0/2", "1/1"])
        {
            await page.Tab.SelectAsync("#layer", layer);
            await RestAsync(page);
            captions.Add(await page.EvaluateAsync<string>("document.getElementById('maps-words').textContent"));
        }

        var seen = new ImageSet("seen", [.. (await page.SeenAsync()).Select(p => (byte)p)], [0], new Shape(28, 28, 1));
        Assert.StartsWith($"conv2d_1: 6 maps of 26 × 26, from {Range(Conv, 1, seen)}", captions[0]);
        Assert.StartsWith($"max_pooling2d_1: 6 maps of 13 × 13, from {Range(Conv, 3, seen)}", captions[1]);
        Assert.StartsWith("dense_1: 20 numbers, from 0.00 (dark) to ", captions[2]);
        AssertQuiet(page);
    }

    [SkippableFact]
    public async Task Without_a_worker_the_page_answers_itself()
    {
        await using var page = await OpenAsync(before: "delete window.Worker");

        await page.DrawAsync(s_line);

        Assert.All(await page.AnswersAsync(), answer => Assert.Equal(100, answer.Shares.Sum(), 1.0));
        AssertQuiet(page);
    }

    [SkippableFact]
    public async Task A_pen_draws_in_colour_for_a_network_that_sees_colours()
    {
        var model = new Model(
            [new ConvLayer(4) { Stride = new(2, 2) }, new FlattenLayer(), new DenseLayer(3)],
            new Shape(40, 60, 3),
            "colours"
        );
        await using var page = await DrawnPage.OpenAsync(browser, ModelPage.Create([model]));
        await page.Tab.EvaluateExpressionAsync(
            "Object.assign(document.getElementById('colour'), { value: '#20c060' }).dispatchEvent(new Event('input'))"
        );

        await page.DrawAsync((0.5, 0.5), (0.7, 0.5));
        await page.AnswersAsync();
        await RestAsync(page);

        var pixel = await page.EvaluateAsync<int[]>(
            "[...document.getElementById('seen-0').getContext('2d').getImageData(36, 20, 1, 1).data]"
        );
        Assert.Equal([0x20, 0xc0, 0x60, 255], pixel);
        AssertQuiet(page);
    }

    private Task<DrawnPage> OpenAsync(
        Dataset? data = null,
        int width = 1200,
        int height = 900,
        bool touch = false,
        string? before = null
    ) =>
        DrawnPage.OpenAsync(
            browser,
            data is null ? s_page.Value : ModelPage.Create([Conv, Dense], data),
            width,
            height,
            touch,
            before
        );

    /// <summary>The images that conv is most sure about and wrong, by what it says of each image alone.</summary>
    private static (int Image, int Truth, int Guess)[] PageMistakes(Dataset data) =>
        [
            .. Prediction
                .Of(Conv, data.Test)
                .Where(answer => answer.IsCorrect == false)
                .OrderByDescending(answer => answer.Probability)
                .Select(answer => ((int)answer.Source, answer.Truth!.Value, answer.Label)),
        ];

    private static string Range(Model model, int layers, ImageSet image)
    {
        var values = Predictor.Predict(
            new Model(
                [.. model.Layers.Take(layers), new ActivationLayer(Activation.LeakyReLU) { Alpha = 1 }],
                model.InputShape,
                seed: model.Seed
            ),
            image,
            new PredictionOptions(Precision.Float32)
        );
        return FormattableString.Invariant($"{Three(values.Min())} (dark) to {Three(values.Max())} (bright).");

        // Three digits, as JavaScript writes them.
        static string Three(float value)
        {
            if (value == 0)
                return "0.00";
            var digits = 2 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
            return Math.Round((decimal)value, digits)
                .ToString($"F{digits}", System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Until what was drawn last has been answered.</summary>
    private static Task RestAsync(DrawnPage page) => page.WaitForAsync("document.querySelector('[aria-busy=false]')");

    private static async Task AssertBlankAsync(DrawnPage page) =>
        Assert.All(
            await page.ReadAsync(),
            answer =>
            {
                Assert.Equal("–", answer.Best);
                Assert.All(answer.Shares, share => Assert.Equal(0, share));
            }
        );

    private static void AssertQuiet(DrawnPage page)
    {
        Assert.Empty(page.Complaints);
        Assert.Empty(page.Requests);
    }
}
