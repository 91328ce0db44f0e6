using System.Runtime.CompilerServices;
using SkiaSharp;

namespace PSConvNet.Drawing;

/// <summary>A picture that is drawn once, on whatever canvas: pixels or SVG, light or dark.</summary>
public abstract class CanvasPicture : Picture
{
    private protected CanvasPicture(string title, string description)
        : base(title, description) { }

    /// <inheritdoc />
    public sealed override byte[] ToPng(double scale = 2, bool dark = false)
    {
        if (!(scale is >= 0.1 and <= 8))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale must lie between 0.1 and 8.");
        return WithSkia(() => PngCanvas.Write(this, scale, dark));
    }

    /// <inheritdoc />
    public override string ToSvg() => WithSkia(() => SvgCanvas.Write(this));

    /// <summary>Draws everything, the page's colour left out; one unit is one pixel of a page.</summary>
    internal abstract void Draw(Pen pen);

    /// <summary>What needs Skia; where it is missing, says so.</summary>
    internal static T WithSkia<T>(Func<T> draw)
    {
        try
        {
            return Run(draw);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or FileNotFoundException)
        {
            throw new ConvNetException(
                ErrorIds.NativeLibraryMissing,
                ErrorKind.Unavailable,
                $"SkiaSharp, which draws pictures, can't be loaded from {DependencyContext.Folder}: build the project again (dotnet build -c Release) or install PSConvNet again.",
                DependencyContext.Folder,
                e
            );
        }

        // Not inlined: the JIT resolves SkiaSharp when it compiles what draws, and a failure must end in the handler above.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static T Run(Func<T> draw) => draw();
    }
}
