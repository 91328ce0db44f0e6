using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace PSConvNet.Benchmarks.Fuzzing.Loop;

/// <summary>The failures of a target: for each place in the code that fails one folder with an input and what happened.</summary>
/// <param name="path">Where they go.</param>
internal sealed partial class FailureFolder(string path)
{
    private const int Digits = 10;

    /// <summary>How many different failures there are.</summary>
    public int Count => Directory.Exists(path) ? Directory.GetDirectories(path).Length : 0;

    /// <summary>Keeps an input that failed, unless one has failed in the same way.</summary>
    /// <param name="input">The input.</param>
    /// <param name="what">What happened: an exception with its stack, or how the process ended.</param>
    /// <returns>Whether it is a failure that had not been seen.</returns>
    public bool Add(byte[] input, string what)
    {
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key(what))))[..Digits];
        var folder = Path.Combine(path, key);
        if (Directory.Exists(folder))
            return false;
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "input"), input);
        File.WriteAllText(Path.Combine(folder, "what.txt"), what + "\n");
        return true;
    }

    /// <summary>
    /// The types of the exceptions and the innermost method of the product. The frames around it come and go with what the JIT inlines. Where no
    /// such method is named, the text without its numbers.
    /// </summary>
    private static string Key(string what)
    {
        var place = Product().Match(what);
        return place.Success
            ? string.Join('\n', Exceptions().Matches(what).Select(type => type.Value).Append(place.Value))
            : Numbers().Replace(what, "");
    }

    [GeneratedRegex(@"[\w.]+Exception(?=:)")]
    private static partial Regex Exceptions();

    [GeneratedRegex(@"(?<=^\s+at )PSConvNet\.(?!Benchmarks)[^\r\n(]+", RegexOptions.Multiline)]
    private static partial Regex Product();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Numbers();
}
