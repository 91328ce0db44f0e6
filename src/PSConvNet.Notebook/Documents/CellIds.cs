using System.Security.Cryptography;
using System.Text;

namespace PSConvNet.Notebook;

/// <summary>Ids of cells, made of what the cells hold, so that the same notebook gets the same ones again.</summary>
/// <param name="taken">The ids there are already.</param>
/// <param name="hash">Makes an id of a text; null for the usual way.</param>
internal sealed class CellIds(IEnumerable<string> taken, Func<string, string>? hash = null)
{
    private readonly HashSet<string> _taken = [.. taken];

    // How often a text has been tried. A notebook of many equal cells goes on from there, and not from the first attempt.
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);
    private readonly Func<string, string> _hash = hash ?? Hash;

    /// <summary>An id for a cell with a text that no other cell has.</summary>
    public string Next(string source)
    {
        var attempt = _attempts.GetValueOrDefault(source);
        string id;
        do
        {
            id = _hash($"{attempt++}:{source}");
        } while (!_taken.Add(id));
        _attempts[source] = attempt;
        return id;
    }

    private static string Hash(string text) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, 4).ToLowerInvariant();
}
