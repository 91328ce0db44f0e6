using System.Text;

namespace PSConvNet.Notebook;

/// <summary>Knows the signatures of late, so that a message that was overheard can't be sent again.</summary>
internal sealed class ReplayGuard
{
    private const int Remembered = 65_536;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Remembers a signature; false where it has been seen before.</summary>
    public bool IsNew(byte[] signature)
    {
        var text = Encoding.ASCII.GetString(signature);
        if (!_seen.Add(text))
            return false;
        _order.Enqueue(text);
        if (_order.Count > Remembered)
            _seen.Remove(_order.Dequeue());
        return true;
    }
}
