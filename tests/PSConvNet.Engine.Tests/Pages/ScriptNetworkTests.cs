using System.Text.Json.Nodes;
using PSConvNet.Tests.Files.Onnx;
using PuppeteerSharp;

namespace PSConvNet.Tests.Pages;

/// <summary>The page's script against the engine: every kind of layer, in the browser.</summary>
[Collection(BrowserFixture.Collection)]
public sealed class ScriptNetworkTests(BrowserFixture browser)
{
    private const int Images = 3;

    /// <summary>Of the largest output. The page convolves directly; Winograd's filtering here rounds more, by the width of the vectors.</summary>
    private const double Rounding = 1e-5;

    /// <summary>Makes each network of what the page holds, and asks it about each image.</summary>
    private const string Ask = """
        (cases) => JSON.parse(cases).map(({ description, weights, images }) => {
          const network = new Network(description, weights);
          return images.map((image) => [...network.answer(bytesOf(image))]);
        })
        """;

    // Shows what the layers give as it is: what ends in no activation is given a softmax, which hides much.
    private static readonly ActivationLayer s_tanh = new(Activation.Tanh);

    [SkippableFact]
    public async Task Every_kind_of_layer_gives_what_it_gives_here()
    {
        var models = LayerCases.All.Values.Select(entry =>
            Network([.. entry.Layers, s_tanh], LayerCases.Parse(entry.Input))
        );

        await AssertAgreeAsync([.. models], Rounding);
    }

    [SkippableFact]
    public async Task Every_activation_gives_what_it_gives_here()
    {
        var spread = new BatchNormLayer();
        var models =
            from activation in Enum.GetValues<Activation>()
            from shape in (Shape[])[new(9), new(4, 3), new(4, 3, 5)]
            from layer in (LayerSpec[])
                [
                    new ActivationLayer(activation),
                    .. activation is Activation.LeakyReLU or Activation.ELU
                        ? [new ActivationLayer(activation) { Alpha = 0.7 }]
                        : Array.Empty<LayerSpec>(),
                ]
            from layers in (LayerSpec[][])
                [
                    [layer, s_tanh],
                    [layer],
                ]
            // It has no place before a matrix, which has no channels.
            select Network(shape.Rank == 2 ? layers : [spread, .. layers], shape);

        await AssertAgreeAsync([.. models], Rounding);
    }

    [SkippableFact]
    public async Task Random_networks_give_what_they_give_here()
    {
        var models = Enumerable
            .Range(1, 150)
            .Select(seed => new RandomNetwork(seed))
            .Select(network => Network(network.Layers, network.Input));

        await AssertAgreeAsync([.. models], Rounding);
    }

    /// <summary>A kind that somebody adds is to be among the cases.</summary>
    [Fact]
    public void No_kind_of_layer_is_forgotten()
    {
        var kinds = typeof(LayerSpec)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(LayerSpec)) && !type.IsAbstract);
        var seen = LayerCases.All.Values.SelectMany(entry => entry.Layers).Select(layer => layer.GetType());

        Assert.Empty(kinds.Except(seen).Except([typeof(ActivationLayer)]));
    }

    [SkippableFact]
    public async Task Bytes_of_any_number_come_through_the_text()
    {
        var random = new Random(1);
        byte[][] all =
        [
            .. Enumerable.Range(0, 40).Select(length => Enumerable.Repeat((byte)255, length).ToArray()),
            .. Enumerable.Range(0, 40).Select(length => new byte[length]),
            .. Enumerable
                .Range(0, 60)
                .Select(_ =>
                {
                    var bytes = new byte[random.Next(3000)];
                    random.NextBytes(bytes);
                    return bytes;
                }),
        ];
        var page = await browser.OpenAsync();
        await page.AddScriptTagAsync(new AddTagOptions { Content = PageScripts.Network });

        var read = await page.EvaluateFunctionAsync<int[][]>(
            "(texts) => texts.map((text) => [...bytesOf(text)])",
            (object)all.Select(bytes => TextBytes.Of(bytes)).ToArray()
        );
        await page.CloseAsync();

        Assert.Equal(all.Select(bytes => bytes.Select(one => (int)one)), read);
    }

    [Fact]
    public void Bytes_as_text_take_sixteen_characters_for_thirteen_and_need_no_escapes()
    {
        var bytes = new byte[13_000];
        new Random(1).NextBytes(bytes);

        var text = TextBytes.Of(bytes);

        Assert.Equal(16_000, text.Length);
        Assert.DoesNotContain(text, one => one is < ' ' or > '~' or '<' or '>' or '&' or '"');
    }

    [SkippableTheory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public async Task Rounded_weights_are_read_as_they_were_rounded(int bits)
    {
        var model = Network([.. Networks.SmallOfEverything, new FlattenLayer()], new Shape(8, 8, 1));
        var packed = PackedWeights.Of(model.Store, NetworkDescription.Of(model).Parameters, bits);
        var rounded = model.Copy();
        packed.Values.CopyTo(rounded.Store.Values, 0);

        var (theirs, ours) = (await AskAsync([(model, packed)]), Predict(rounded, ImagesFor(rounded)));

        AssertEqual(ours, theirs[0], Rounding, model);
    }

    /// <summary>With nothing before or after it, so that a flatten layer makes the order of images the predictor's.</summary>
    private static Model Network(IReadOnlyList<LayerSpec> layers, Shape input)
    {
        var model = new Model(layers, input);
        if (model.OutputShape.Rank > 1)
            model = new Model([.. layers, new FlattenLayer()], input);
        OnnxPeer.Disturb(model);
        return model;
    }

    private async Task AssertAgreeAsync(IReadOnlyList<Model> models, double tolerance)
    {
        var theirs = await AskAsync([
            .. models.Select(model =>
                (model, PackedWeights.Of(model.Store, NetworkDescription.Of(model).Parameters, PackedWeights.Unrounded))
            ),
        ]);
        for (var i = 0; i < models.Count; i++)
            AssertEqual(Predict(models[i], ImagesFor(models[i])), theirs[i], tolerance, models[i]);
    }

    private async Task<float[][]> AskAsync(IReadOnlyList<(Model Model, PackedWeights Weights)> networks)
    {
        var page = await browser.OpenAsync();
        await page.AddScriptTagAsync(new AddTagOptions { Content = PageScripts.Network });
        var cases = new JsonArray([
            .. networks.Select(entry => new JsonObject
            {
                ["description"] = new PageModel(
                    "",
                    entry.Model,
                    [],
                    NetworkDescription.Of(entry.Model),
                    entry.Weights,
                    []
                ).Describe(),
                ["weights"] = TextBytes.Of(entry.Weights.Bytes),
                ["images"] = new JsonArray([
                    .. Enumerable
                        .Range(0, Images)
                        .Select(i => (JsonNode)TextBytes.Of(ImagesFor(entry.Model).GetImage(i).Span)),
                ]),
            }),
        ]);
        var answers = await page.EvaluateFunctionAsync<float[][][]>(Ask, cases.ToJsonString());
        await page.CloseAsync();
        return [.. answers.Select(images => images.SelectMany(values => values).ToArray())];
    }

    private static ImageSet ImagesFor(Model model)
    {
        var pixels = new byte[Images * model.InputShape.Size];
        new Random(2).NextBytes(pixels);
        return new ImageSet("some", pixels, new int[Images], model.InputShape);
    }

    private static float[] Predict(Model model, ImageSet images) =>
        Predictor.Predict(model, images, new PredictionOptions(Precision.Float32));

    private static void AssertEqual(float[] ours, float[] theirs, double tolerance, Model model)
    {
        Assert.Equal(ours.Length, theirs.Length);
        var difference = WeightRounding.Change(ours, theirs);
        Assert.True(
            difference < tolerance * Math.Max(1, ours.Max(Math.Abs)),
            $"{string.Join(" > ", model.Layers)} on {model.InputShape}: differs by {difference}"
        );
    }
}
