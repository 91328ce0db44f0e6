using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace PSConvNet.Tests.Pages;

/// <summary>The page as a file.</summary>
public sealed class ModelPageTests
{
    private static readonly XNamespace s_xhtml = "http://www.w3.org/1999/xhtml";

    [Fact]
    public void The_tutorials_two_networks_take_less_than_five_megabytes()
    {
        var shape = new Shape(28, 28, 1);
        var page = ModelPage.Create(
            [new Model(Networks.TutorialConv, shape, "conv"), new Model(Networks.TutorialDense, shape, "dense")],
            SyntheticDigits.Generate(10, 50).ExpandDimension(),
            new ModelPageOptions { MistakeCount = 24 }
        );

        Assert.InRange(page.Length, 4_000_000, 4_300_000);
        Assert.Equal("Draw for conv and dense", page.Title);
    }

    /// <summary>Trained networks need more bits than these: as many as there are before weights stay as they are.</summary>
    [Fact]
    public void The_tutorials_two_networks_take_less_than_five_megabytes_in_sixteen_bits_too()
    {
        var weights = new[] { Networks.TutorialConv, Networks.TutorialDense }.Sum(layers =>
        {
            var model = new Model(layers, new Shape(28, 28, 1));
            var packed = PackedWeights.Of(model.Store, NetworkDescription.Of(model).Parameters, bits: 16);
            return TextBytes.Of(packed.Bytes).Length;
        });

        Assert.InRange(weights, 4_500_000, 4_650_000);
    }

    [Fact]
    public void It_is_well_formed_and_its_policy_names_its_scripts_and_nothing_else()
    {
        var html = Small().ToHtml();
        var root = XDocument.Parse(html, LoadOptions.PreserveWhitespace).Root!;

        var policy = root.Descendants(s_xhtml + "meta")
            .Single(meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy")
            .Attribute("content")!
            .Value;
        var directives = policy.Split("; ").ToDictionary(part => part.Split(' ')[0], part => part.Split(' ')[1..]);
        Assert.Equal(["'none'"], directives["default-src"]);
        Assert.Equal(["blob:"], directives["worker-src"]);
        // What a browser takes the hash of: the text between the tags, as it is in the file.
        Assert.Equal(Hashes(html, "script"), directives["script-src"]);
        Assert.Equal(Hashes(html, "style"), directives["style-src"]);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        var ids = root.DescendantsAndSelf().Attributes("id").Select(id => id.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Equal_models_give_equal_pages()
    {
        Assert.Equal(Small().ToHtml(), Small().ToHtml());
        Assert.NotEqual(Small().ToHtml(), Small(seed: 2).ToHtml());
    }

    [Fact]
    public void A_notebooks_frame_can_be_written_whatever_the_title_is()
    {
        var options = new ModelPageOptions { Title = "bell \a null \0 half \uD800 \" <" };
        var page = ModelPage.Create([new Model(Networks.SmallDense, new Shape(8, 8, 1))], options: options);

        var frame = XElement.Parse(RichView.Of(page)!.Data["text/html"]);

        Assert.Equal("bell \uFFFD null \uFFFD half \uFFFD \" <", frame.Attribute("title")!.Value);
        Assert.Equal("allow-scripts", frame.Attribute("sandbox")!.Value);
    }

    [Theory]
    [InlineData("784", "10", "PageModelUnsupported")]
    [InlineData("8,8,2", "3", "PageModelUnsupported")]
    [InlineData("8,8,1", "image", "PageModelUnsupported")]
    [InlineData("", "", "PageEmpty")]
    public void What_can_not_be_drawn_for_is_refused(string input, string output, string errorId)
    {
        Model[] models = (input, output) switch
        {
            ("", _) => [],
            (_, "image") => [new Model([new ConvLayer(3)], LayerCases.Parse(input))],
            _ =>
            [
                new Model([new FlattenLayer(), new DenseLayer(LayerCases.Parse(output)[0])], LayerCases.Parse(input)),
            ],
        };

        var error = Assert.Throws<ConvNetException>(() => ModelPage.Create(models));

        Assert.Equal(errorId, error.ErrorId);
    }

    [Fact]
    public void A_model_whose_answers_change_with_rounding_keeps_its_weights()
    {
        // Two sums of large numbers that differ by little: what rounding changes of either is as large as what they differ by.
        var model = new Model([new FlattenLayer(), new DenseLayer(2)], new Shape(28, 28, 1));
        var kernel = model.Store.Span(model.Store.Slots[0]);
        var random = new Random(1);
        for (var i = 0; i < 784; i++)
        {
            kernel[i] = 1000 * (random.NextSingle() - 0.5f);
            kernel[784 + i] = kernel[i] * (1 + 1e-5f * random.NextSingle());
        }

        var steep = WeightRounding.Choose(
            model,
            NetworkDescription.Of(model),
            TrialImages.Of(model.InputShape, null),
            default
        );
        var plain = new Model([new FlattenLayer(), new DenseLayer(2)], new Shape(28, 28, 1));
        var usual = WeightRounding.Choose(
            plain,
            NetworkDescription.Of(plain),
            TrialImages.Of(plain.InputShape, null),
            default
        );

        Assert.Equal(PackedWeights.Unrounded, steep.Bits);
        Assert.Equal(model.Store.Values, steep.Values);
        Assert.Equal(14, usual.Bits);
    }

    [Theory]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public void Rounding_moves_a_weight_by_half_a_step_at_most(int bits)
    {
        var model = new Model(Networks.SmallOfEverything, new Shape(8, 8, 1));
        var packed = PackedWeights.Of(model.Store, NetworkDescription.Of(model).Parameters, bits);

        foreach (var slot in model.Store.Slots)
        {
            var (exact, rounded) = (
                model.Store.Span(slot).ToArray(),
                packed.Values[slot.Offset..(slot.Offset + slot.Length)]
            );
            var step = slot.Spec.Shape.Rank > 1 ? exact.Max(Math.Abs) / ((1 << (bits - 1)) - 1) : 0;
            Assert.All(exact.Zip(rounded), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 0.501 * step));
        }
    }

    private static ModelPage Small(long seed = 1) =>
        ModelPage.Create(
            [new Model(Networks.SmallDense, new Shape(8, 8, 1), seed: seed)],
            Networks.Bars(),
            new ModelPageOptions { WrittenAt = DateTimeOffset.UnixEpoch }
        );

    private static IEnumerable<string> Hashes(string html, string tag)
    {
        for (
            var at = html.IndexOf($"<{tag}", StringComparison.Ordinal);
            at >= 0;
            at = html.IndexOf($"<{tag}", at + 1, StringComparison.Ordinal)
        )
        {
            var start = html.IndexOf('>', at) + 1;
            var content = html[start..html.IndexOf($"</{tag}>", start, StringComparison.Ordinal)];
            if (!html[at..start].Contains("type=", StringComparison.Ordinal))
                yield return $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'";
        }
    }
}
