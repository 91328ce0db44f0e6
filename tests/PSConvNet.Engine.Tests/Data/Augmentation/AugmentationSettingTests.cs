using System.Globalization;
using System.Text.Json;

namespace PSConvNet.Tests.Data.Augmentations;

public class AugmentationSettingTests
{
    public static Augmentation Everything { get; } =
        new()
        {
            Shift = 2.5,
            Rotate = 10,
            Scale = new(0.9, 1.1),
            Shear = 5,
            Elastic = 34,
            ElasticSigma = 4.5,
            Noise = 8,
            Erase = 0.5,
            EraseArea = new(0.05, 0.2),
            FlipHorizontal = true,
            Fill = EdgeFill.Edge,
        };

    /// <summary>Settings that can't be, each with what a message must name.</summary>
    public static TheoryData<string, Func<Augmentation>> Wrong =>
        new()
        {
            {
                "Shift",
                () =>
                    new() { Shift = -1 }
            },
            {
                "Shift",
                () =>
                    new() { Shift = double.NaN }
            },
            {
                "Shift",
                () =>
                    new() { Shift = double.PositiveInfinity }
            },
            {
                "Rotate",
                () =>
                    new() { Rotate = -0.1 }
            },
            {
                "Rotate",
                () =>
                    new() { Rotate = 181 }
            },
            {
                "Rotate",
                () =>
                    new() { Rotate = double.NaN }
            },
            {
                "Scale",
                () =>
                    new() { Scale = new(1.1, 0.9) }
            },
            {
                "Scale",
                () =>
                    new() { Scale = new(0, 1) }
            },
            {
                "Scale",
                () =>
                    new() { Scale = new(1, 11) }
            },
            {
                "Scale",
                () =>
                    new() { Scale = new(double.NaN, 1) }
            },
            {
                "Scale",
                () =>
                    new() { Scale = new(1, double.NaN) }
            },
            {
                "Scale",
                () =>
                    new() { Scale = default }
            },
            {
                "Shear",
                () =>
                    new() { Shear = 61 }
            },
            {
                "Shear",
                () =>
                    new() { Shear = double.NaN }
            },
            {
                "Elastic",
                () =>
                    new() { Elastic = -34 }
            },
            {
                "Elastic",
                () =>
                    new() { Elastic = double.NaN }
            },
            {
                "Elastic",
                () =>
                    new() { Elastic = 1e9 }
            },
            {
                "ElasticSigma",
                () =>
                    new() { ElasticSigma = 0.9 }
            },
            {
                "ElasticSigma",
                () =>
                    new() { ElasticSigma = double.NaN }
            },
            {
                "Noise",
                () =>
                    new() { Noise = 256 }
            },
            {
                "Noise",
                () =>
                    new() { Noise = double.NaN }
            },
            {
                "Erase",
                () =>
                    new() { Erase = 1.1 }
            },
            {
                "Erase",
                () =>
                    new() { Erase = double.NaN }
            },
            {
                "EraseArea",
                () =>
                    new() { EraseArea = new(0, 0.5) }
            },
            {
                "EraseArea",
                () =>
                    new() { EraseArea = new(0.5, 0.2) }
            },
            {
                "EraseArea",
                () =>
                    new() { EraseArea = new(0.5, 1.2) }
            },
            {
                "EraseArea",
                () =>
                    new() { EraseArea = new(double.NaN, double.NaN) }
            },
            {
                "Fill",
                () =>
                    new() { Fill = (EdgeFill)7 }
            },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_setting_out_of_its_range_is_refused_by_name_with_what_to_give(string setting, Func<Augmentation> make)
    {
        var error = Assert.Throws<ConvNetException>(make);

        Assert.Equal("AugmentationSettingInvalid", error.ErrorId);
        Assert.Equal(ErrorKind.InvalidArgument, error.Kind);
        Assert.StartsWith($"Augmentation.{setting} can't be ", error.Message, StringComparison.Ordinal);
        Assert.Contains(": give ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_is_off_until_it_is_set()
    {
        var off = new Augmentation();

        Assert.True(off.IsOff);
        Assert.Equal("none", off.ToString());
        // What only says how something would be done does nothing by itself.
        Assert.True(
            new Augmentation
            {
                ElasticSigma = 9,
                EraseArea = new(0.1, 0.2),
                Fill = EdgeFill.Edge,
            }.IsOff
        );
        Assert.False(Augmentation.Digits.IsOff);
    }

    [Fact]
    public void It_says_in_words_what_is_on_in_any_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE");

            Assert.Equal(
                "shift 1.5 px, rotate 8 degrees, scale 0.9..1.1, elastic 18 (sigma 6 px)",
                Augmentation.Digits.ToString()
            );
            Assert.Equal(
                "shift 2.5 px, rotate 10 degrees, scale 0.9..1.1, shear 5 degrees, elastic 34 (sigma 4.5 px), noise 8 levels, erase 0.5 (area 0.05..0.2), flip, edges drawn out",
                Everything.ToString()
            );
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void The_papers_settings_displace_by_as_much_as_documented() =>
        Assert.Equal(1.4, new Augmentation { Elastic = 34 }.ElasticDisplacement, 0.05);

    [Fact]
    public void It_goes_to_json_and_back_and_takes_no_nonsense_from_there()
    {
        var json = FileJson.ToNode(Everything)!;

        Assert.Equal(Everything, json.Deserialize<Augmentation>(FileJson.Strict));
        Assert.Equal(new Augmentation(), JsonSerializer.Deserialize<Augmentation>("{}", FileJson.Strict));
        json["scale"]!["high"] = 0.1;
        Assert.Equal(
            "AugmentationSettingInvalid",
            Assert.Throws<ConvNetException>(() => json.Deserialize<Augmentation>(FileJson.Lenient)).ErrorId
        );
    }

    [Theory]
    [InlineData("0.9..1.1", 0.9, 1.1)]
    [InlineData("1..1", 1, 1)]
    [InlineData("-2 .. 3e2", -2, 300)]
    public void A_range_is_read_as_it_is_written(string text, double low, double high)
    {
        var range = NumberRange.Parse(text);

        Assert.Equal(new NumberRange(low, high), range);
        Assert.Equal(range, NumberRange.Parse(range.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1..")]
    [InlineData("a..b")]
    [InlineData("1..2..3")]
    public void What_is_no_range_is_refused_with_an_example(string text)
    {
        var error = Assert.Throws<FormatException>(() => NumberRange.Parse(text));

        Assert.Contains("0.9..1.1", error.Message, StringComparison.Ordinal);
    }
}
