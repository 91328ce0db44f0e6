namespace PSConvNet.Data;

/// <summary>How far a download is.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="Received">Bytes received so far, over all attempts.</param>
/// <param name="Total">Its size in bytes, or null where the server does not say.</param>
/// <param name="Index">Which file of the set this is, from 0.</param>
/// <param name="Count">How many files are downloaded.</param>
public sealed record DownloadProgress(string File, Uri Source, long Received, long? Total, int Index, int Count)
{
    /// <summary>How much of this file is there, 0 to 1; 0 where its size is unknown.</summary>
    public double Fraction => Total is > 0 ? Math.Min(1, (double)Received / Total.Value) : 0;
}
