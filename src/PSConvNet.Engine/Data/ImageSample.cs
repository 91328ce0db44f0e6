using Newtonsoft.Json;

namespace PSConvNet.Data;

/// <summary>One image, as a view of the set that it is in.</summary>
/// <param name="Pixels">0 to 255, row after row, channels innermost.</param>
/// <param name="Shape">Height x width, or height x width x channels.</param>
public sealed record ImageSample([property: JsonIgnore] ReadOnlyMemory<byte> Pixels, Shape Shape)
{
    /// <summary>Its size in pixels: <c>28 x 28 x 1 pixels</c>.</summary>
    public override string ToString() => $"{Shape} pixels";
}
