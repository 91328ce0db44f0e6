using System.Globalization;

namespace PSConvNet.Layers;

/// <summary>How an image is padded before a window moves over it: <c>Valid</c> (not at all), <c>Same</c>, or a number of pixels.</summary>
public sealed record Padding
{
    private readonly int? _pixels;

    private Padding(int? pixels) => _pixels = pixels;

    /// <summary>Whether it is <see cref="Same"/>, whose pixels depend on image and window.</summary>
    public bool IsSame => _pixels is null;

    /// <summary>How many pixels there are on every side; 0 for <see cref="Valid"/>, and for <see cref="Same"/>, which has no one number.</summary>
    public int Pixels => _pixels ?? 0;

    /// <summary>No padding: the window stays inside the image.</summary>
    public static Padding Valid { get; } = new(0);

    /// <summary>
    /// As much as makes the output ceil(input / stride) high and wide; where that is odd, the larger half goes below and right,
    /// as in Keras.
    /// </summary>
    public static Padding Same { get; } = new((int?)null);

    /// <summary>The same number of pixels on every side.</summary>
    /// <param name="pixels">From 0 to 10,000.</param>
    /// <exception cref="ConvNetException"><c>LayerSettingInvalid</c>: it is none of these.</exception>
    public static Padding Of(int pixels) =>
        pixels switch
        {
            < 0 or > LayerSpec.LongestSide => throw Unknown(pixels.ToString(CultureInfo.InvariantCulture)),
            0 => Valid,
            _ => new Padding(pixels),
        };

    /// <summary>Reads <c>Valid</c>, <c>Same</c> or a number.</summary>
    /// <exception cref="ConvNetException"><c>LayerSettingInvalid</c>: it is none of them.</exception>
    public static Padding Parse(string? text) =>
        (text ?? "").Trim().ToUpperInvariant() switch
        {
            "VALID" => Valid,
            "SAME" => Same,
            var number when int.TryParse(number, CultureInfo.InvariantCulture, out var pixels) => Of(pixels),
            _ => throw Unknown(text ?? ""),
        };

    /// <inheritdoc />
    public override string ToString() =>
        _pixels switch
        {
            null => "Same",
            0 => "Valid",
            var pixels => pixels.Value.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>The rows and columns to add on each side of an image.</summary>
    internal Edges Around(Shape input, Window window, Window stride, Window dilation)
    {
        var (top, bottom) = Sides(input[0], window.Height, stride.Height, dilation.Height);
        var (left, right) = Sides(input[1], window.Width, stride.Width, dilation.Width);
        return new Edges(top, bottom, left, right);
    }

    private (int Before, int After) Sides(int size, int window, int stride, int dilation)
    {
        if (_pixels is { } pixels)
            return (pixels, pixels);
        var reach = (window - 1) * dilation + 1;
        var steps = ((long)size + stride - 1) / stride;
        var total = (int)Math.Max((steps - 1) * stride + reach - size, 0);
        return (total / 2, total - total / 2);
    }

    private static ConvNetException Unknown(string text) =>
        new(
            ErrorIds.LayerSettingInvalid,
            ErrorKind.InvalidArgument,
            $"Padding must be Valid, Same, or a number of pixels from 0 to {LayerSpec.LongestSide}, not '{text}'.",
            text
        );
}
