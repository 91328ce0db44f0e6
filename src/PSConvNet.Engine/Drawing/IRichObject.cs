namespace PSConvNet.Drawing;

/// <summary>An object that says itself what it looks like in a notebook, for it comes from a room that drawing knows nothing of.</summary>
internal interface IRichObject
{
    /// <summary>What it looks like.</summary>
    RichView View { get; }
}
