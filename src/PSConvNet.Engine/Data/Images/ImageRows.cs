using SkiaSharp;

namespace PSConvNet.Data;

/// <summary>A picture's rows, decoded so many at a time that they take little memory, whatever its height.</summary>
internal readonly struct ImageRows
{
    /// <summary>The most pixels that are decoded at a time where the decoder goes on from where it was, in bytes.</summary>
    public const int RowsMemory = 1 << 20;

    /// <summary>The most where it begins at the top for each band, in bytes: 16 million pixels in colour.</summary>
    public const int BandMemory = 64 << 20;

    private readonly SKCodec _codec;
    private readonly ImageDecoding _decoding;
    private readonly SKImageInfo _info;
    private readonly int _count;

    /// <summary>Plans how to decode; nothing is decoded or taken yet.</summary>
    /// <param name="codec">The decoder.</param>
    /// <param name="decoding">How rows are had from it.</param>
    /// <param name="most">The memory for pixels, in bytes; one row or a whole picture may take more.</param>
    /// <param name="size">The size to decode to, one of those that the decoder has; null for the picture's own.</param>
    public ImageRows(SKCodec codec, ImageDecoding decoding, int? most = null, SKSizeI? size = null)
    {
        _codec = codec;
        _decoding = decoding;
        // Asked for once: each answer makes an object of the picture's colour space. Without one, pixels stay as they are in the file.
        var info = size is { } scaled ? codec.Info.WithSize(scaled) : codec.Info;
        IsGrey = info.ColorType == SKColorType.Gray8;
        _info = IsGrey
            ? new SKImageInfo(info.Width, info.Height, SKColorType.Gray8, SKAlphaType.Opaque)
            : new SKImageInfo(info.Width, info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var memory = decoding switch
        {
            ImageDecoding.Rows => most ?? RowsMemory,
            ImageDecoding.Bands => most ?? BandMemory,
            _ => int.MaxValue,
        };
        _count = Math.Clamp(memory / Math.Max(1, _info.RowBytes), 1, Math.Max(1, info.Height));
    }

    /// <summary>Is given a row and its number, counted from the top.</summary>
    public delegate void RowTaker(int y, ReadOnlySpan<byte> row);

    /// <summary>Whether a pixel is a byte of grey; else it is red, green, blue and alpha (not premultiplied).</summary>
    public bool IsGrey { get; }

    /// <summary>The picture's height, as it is stored.</summary>
    public int Height => _info.Height;

    /// <summary>The picture's width, as it is stored.</summary>
    public int Width => _info.Width;

    /// <summary>The memory for pixels, in bytes.</summary>
    public long Memory => (long)_count * _info.RowBytes;

    /// <summary>Decodes the picture.</summary>
    /// <param name="take">Is given each row with its number; they may come in any order.</param>
    /// <returns>Success, or what is wrong.</returns>
    public SKCodecResult Decode(RowTaker take)
    {
        using var band = new SKBitmap(_info.WithSize(_info.Width, _count));
        // A BMP's lowest row comes first in most files; within what is decoded at a time rows lie as they are seen.
        var isUpsideDown = _decoding == ImageDecoding.Rows && _codec.ScanlineOrder == SKCodecScanlineOrder.BottomUp;
        if (
            _decoding == ImageDecoding.Rows
            && _codec.StartScanlineDecode(_info) is not SKCodecResult.Success and var no
        )
            return no;
        for (var done = 0; done < _info.Height; done += _count)
        {
            var count = Math.Min(_count, _info.Height - done);
            var result = DecodeBand(band, done, count);
            if (result != SKCodecResult.Success)
                return result;
            var pixels = band.GetPixelSpan();
            var top = isUpsideDown ? _info.Height - done - count : done;
            for (var i = 0; i < count; i++)
                take(top + i, pixels.Slice(i * band.RowBytes, _info.RowBytes));
        }
        return SKCodecResult.Success;
    }

    private SKCodecResult DecodeBand(SKBitmap band, int top, int count)
    {
        switch (_decoding)
        {
            case ImageDecoding.Rows:
                return _codec.GetScanlines(band.GetPixels(), count, band.RowBytes) == count
                    ? SKCodecResult.Success
                    : SKCodecResult.IncompleteInput;
            case ImageDecoding.Bands when count < _info.Height:
                var rows = new SKCodecOptions(new SKRectI(0, top, _info.Width, top + count));
                var result = _codec.StartIncrementalDecode(_info, band.GetPixels(), band.RowBytes, rows);
                return result == SKCodecResult.Success ? _codec.IncrementalDecode() : result;
            default:
                return _codec.GetPixels(_info, band.GetPixels());
        }
    }
}
