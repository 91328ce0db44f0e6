namespace PSConvNet.Runtime;

/// <summary>Changes images on their way into a batch. Each worker has one of its own, for it has memory of its own.</summary>
internal interface IImageChange
{
    /// <summary>Changes one image.</summary>
    /// <param name="index">Its place among the samples; what is done to it must depend on nothing else that a worker could differ in.</param>
    /// <param name="image">Its pixels.</param>
    /// <returns>As many pixels, good until the next call.</returns>
    ReadOnlySpan<byte> Change(int index, ReadOnlySpan<byte> image);
}
