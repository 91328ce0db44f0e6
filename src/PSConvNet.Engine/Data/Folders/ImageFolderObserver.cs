namespace PSConvNet.Data;

/// <summary>Is told how the reading of a folder goes; always on the thread that called for it.</summary>
public interface IImageFolderObserver
{
    /// <summary>Some pictures more are done. Called often: an observer that paints should look at the clock first.</summary>
    /// <param name="done">How many are done, unreadable ones included.</param>
    /// <param name="count">How many there are.</param>
    void OnRead(int done, int count);

    /// <summary>
    /// A picture can't be read and is left out; the others go on, unless this throws. Called in the pictures' order.
    /// </summary>
    /// <param name="reason"><c>ImageFileInvalid</c>, <c>FileNotFound</c> or <c>DataFileUnreadable</c>; its target is the path.</param>
    void OnUnreadable(ConvNetException reason);

    /// <summary>Something that is probably not meant so.</summary>
    void OnWarning(string message);

    /// <summary>Something worth telling in verbose output.</summary>
    void OnMessage(string message);
}
