using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace PSConvNet.Pages;

/// <summary>The page's scripts and style sheet: files of their own, which come with the engine.</summary>
internal static class PageScripts
{
    /// <summary>What runs the networks. It knows nothing of the page, and a worker runs it as well.</summary>
    public static string Network { get; } =
        Join(
            "Network",
            "weights",
            "matrix",
            "convolution",
            "dense",
            "pooling",
            "normalisation",
            "activations",
            "network",
            "sampling",
            "preparation",
            "answering"
        );

    /// <summary>What the reader sees and does.</summary>
    public static string Interface { get; } =
        Join("Interface", "asker", "pad", "pointer", "keyboard", "pictures", "samples", "answers", "maps", "page");

    /// <summary>How the page looks, after the report's style sheet.</summary>
    public static string Style { get; } = Read("page.css");

    /// <summary>What a Content-Security-Policy calls the content of an element by.</summary>
    public static string Hash(string content) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'";

    /// <summary>One script of several files, each under its name.</summary>
    private static string Join(string folder, params string[] names) =>
        "\"use strict\";\n"
        + string.Concat(names.Select(name => $"\n// ---- {name}.js\n{Read($"{folder}.{name}.js")}"));

    private static string Read(string name)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream($"Pages/{name}")
            ?? throw new InvalidOperationException($"The engine comes without {name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
