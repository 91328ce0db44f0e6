using System.Globalization;

namespace PSConvNet.Benchmarks.Fuzzing.Loop;

/// <summary>The inputs that reached new code, kept in a folder for the next process.</summary>
internal sealed class FuzzCorpus
{
    // Changes of the newest and of accepted inputs reach new code most often; a change of a refused input is mostly refused, too.
    private const double ShareOfNewest = 0.25;
    private const double ShareOfAccepted = 0.5;
    private const int Newest = 20;
    private const string AcceptedEnd = ".accepted";

    private readonly string _folder;
    private readonly List<byte[]> _inputs = [];
    private readonly List<byte[]> _accepted = [];

    /// <summary>Reads the inputs of a folder.</summary>
    public FuzzCorpus(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        foreach (var file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
            Keep(File.ReadAllBytes(file), file.EndsWith(AcceptedEnd, StringComparison.Ordinal));
    }

    /// <summary>How many there are.</summary>
    public int Count => _inputs.Count;

    /// <summary>The inputs in the order of their finding.</summary>
    public IReadOnlyList<byte[]> Inputs => _inputs;

    /// <summary>Keeps an input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="isAccepted">Whether its reader accepted it.</param>
    public void Add(byte[] input, bool isAccepted)
    {
        var name = _inputs.Count.ToString("D6", CultureInfo.InvariantCulture) + (isAccepted ? AcceptedEnd : "");
        File.WriteAllBytes(Path.Combine(_folder, name), input);
        Keep(input, isAccepted);
    }

    /// <summary>An input by chance.</summary>
    public byte[] Draw(Random random)
    {
        var from = _accepted.Count > 0 && random.NextDouble() < ShareOfAccepted ? _accepted : _inputs;
        return random.NextDouble() < ShareOfNewest
            ? from[^random.Next(1, Math.Min(Newest, from.Count) + 1)]
            : from[random.Next(from.Count)];
    }

    private void Keep(byte[] input, bool isAccepted)
    {
        _inputs.Add(input);
        if (isAccepted)
            _accepted.Add(input);
    }
}
