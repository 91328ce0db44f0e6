using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace PSConvNet.Pages;

/// <summary>The page's scripts and style sheet: files of their own, which come with the engine.</summary>
internal static class PageScripts
{
    /// <summary>What prepares pictures and runs the networks. It knows nothing of the page, and a worker runs it as well.</summary>
    public static string Network { get; } =
        Join(
            "Network.weights",
            "Network.matrix",
            "Network.convolution",
            "Network.dense",
            "Network.pooling",
            "Network.normalisation",
            "Network.activations",
            "Network.network",
            "Preparation.sampling",
            "Preparation.plane",
            "Preparation.alpha",
            "Preparation.paper",
            "Preparation.parts",
            "Preparation.lines",
            "Preparation.strokes",
            "Preparation.reading",
            "Preparation.frame",
            "Preparation.objects",
            "Preparation.doubts",
            "Preparation.preparation",
            "Network.answering"
        );

    /// <summary>What the reader sees and does.</summary>
    public static string Interface { get; } =
        Join(
            "Interface.asker",
            "Interface.pad",
            "Interface.pointer",
            "Interface.keyboard",
            "Interface.pictures",
            "Interface.samples",
            "Interface.answers",
            "Interface.warnings",
            "Interface.maps",
            "Interface.page"
        );

    /// <summary>How the page looks, after the report's style sheet.</summary>
    public static string Style { get; } = Read("page.css");

    /// <summary>What a Content-Security-Policy calls the content of an element by.</summary>
    public static string Hash(string content) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'";

    /// <summary>One script of several files, each under its name.</summary>
    private static string Join(params string[] names) =>
        "\"use strict\";\n" + string.Concat(names.Select(name => $"\n// ---- {name}.js\n{Read($"{name}.js")}"));

    private static string Read(string name)
    {
        using var stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream($"Pages/{name}")
            ?? throw new InvalidOperationException($"The engine doesn't contain {name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
