namespace PSConvNet.Data;

/// <summary>Changes one image after another as an <see cref="Augmentation"/> says; for one thread.</summary>
internal sealed class ImageAugmenter : IImageChange
{
    /// <summary>Keeps these random numbers apart from those of the same seed that order images and make masks.</summary>
    private const int Stream = 3;

    /// <summary>Log of the longest side to the shortest in the paper on erasing.</summary>
    private static readonly double s_longest = Math.Log(1 / 0.3);

    private readonly Augmentation _settings;
    private readonly int _height;
    private readonly int _width;
    private readonly int _channels;
    private readonly long _seed;
    private readonly ImageWarp? _warp;
    private readonly ElasticField? _field;
    private readonly byte[] _changed;

    /// <summary>Makes room for images of one shape.</summary>
    /// <param name="settings">What is done.</param>
    /// <param name="shape">height x width (x channels).</param>
    /// <param name="seed">Names the random numbers.</param>
    public ImageAugmenter(Augmentation settings, Shape shape, long seed)
    {
        (_settings, _seed) = (settings, seed);
        (_height, _width, _channels) = (shape[0], shape[1], shape.Rank == 3 ? shape[2] : 1);
        _warp = settings.Moves ? new ImageWarp(_height, _width, _channels, settings.Fill == EdgeFill.Edge) : null;
        _field =
            settings.Elastic > 0 ? new ElasticField(_height, _width, settings.Elastic, settings.ElasticSigma) : null;
        _changed = new byte[shape.Size];
    }

    /// <summary>The epoch, from 1: the same image is changed in another way in each.</summary>
    public int Epoch { get; set; } = 1;

    /// <inheritdoc />
    public ReadOnlySpan<byte> Change(int index, ReadOnlySpan<byte> image)
    {
        // Every part draws its numbers, on or off: to switch one on is not to change what the others do.
        var random = new RandomStream(_seed, Stream, Epoch, index);
        var motion = new Motion(
            Right: Either(ref random, _settings.Shift),
            Down: Either(ref random, _settings.Shift),
            Turn: Either(ref random, _settings.Rotate),
            Scale: _settings.Scale.At(random.NextDouble()),
            Shear: Either(ref random, _settings.Shear),
            Mirror: random.NextDouble() < 0.5 && _settings.FlipHorizontal
        );
        var noise = random.NextUInt64();
        var rectangle = Rectangle(ref random);
        if (_warp is null)
            image.CopyTo(_changed);
        else
        {
            _field?.Draw(ref random);
            _warp.Apply(image, AffineMap.Inverse(_height, _width, motion), _field, _changed);
        }
        if (_settings.Noise > 0)
            PixelNoise.Add(_changed, noise, _settings.Noise);
        for (var row = 0; row < rectangle.Height; row++)
        {
            var first = (rectangle.Top + row) * _width + rectangle.Left;
            _changed.AsSpan(first * _channels, rectangle.Width * _channels).Clear();
        }
        return _changed;
    }

    private static double Either(ref RandomStream random, double most) => (2 * random.NextDouble() - 1) * most;

    /// <summary>What is to be erased; of no height where nothing is.</summary>
    private (int Top, int Left, int Height, int Width) Rectangle(ref RandomStream random)
    {
        var chosen = random.NextDouble() < _settings.Erase;
        var area = _settings.EraseArea.At(random.NextDouble()) * _height * _width;
        var ratio = Math.Exp((2 * random.NextDouble() - 1) * s_longest);
        var (top, left) = (random.NextDouble(), random.NextDouble());
        if (!chosen)
            return default;
        // Whole rows first, no fewer than it takes; then the columns that come nearest to the area.
        var least = Math.Min((int)Math.Ceiling(area / _width), _height);
        var height = Math.Clamp((int)Math.Round(Math.Sqrt(area * ratio)), least, _height);
        var width = Math.Clamp((int)Math.Round(area / height), 1, _width);
        return ((int)(top * (_height - height + 1)), (int)(left * (_width - width + 1)), height, width);
    }
}
