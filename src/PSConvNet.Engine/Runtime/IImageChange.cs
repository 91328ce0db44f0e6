namespace PSConvNet.Runtime;

/// <summary>Changes images before they become part of a batch. Each worker has its own, because it holds the changed image.</summary>
internal interface IImageChange
{
    /// <summary>Changes one image.</summary>
    /// <param name="index">The image's index among the samples. The change may depend on it, but not on the worker.</param>
    /// <param name="image">Its pixels.</param>
    /// <returns>As many pixels, valid until the next call.</returns>
    ReadOnlySpan<byte> Change(int index, ReadOnlySpan<byte> image);
}
