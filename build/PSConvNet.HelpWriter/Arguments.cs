namespace PSConvNet.HelpWriter;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments(string Module, IReadOnlyList<string> Docs, string? Maml, string? Markdown)
{
    /// <summary>Reads the command line; null when it makes no sense.</summary>
    public static Arguments? Parse(string[] args)
    {
        string? module = null;
        string? maml = null;
        string? markdown = null;
        List<string> docs = [];
        for (var i = 0; i < args.Length; i++)
            switch (args[i])
            {
                case "--maml" when i + 1 < args.Length:
                    maml = args[++i];
                    break;
                case "--markdown" when i + 1 < args.Length:
                    markdown = args[++i];
                    break;
                case "--docs" when i + 1 < args.Length:
                    docs.Add(args[++i]);
                    break;
                case var path when module is null && !path.StartsWith('-'):
                    module = Path.GetFullPath(path);
                    break;
                default:
                    return null;
            }
        if (module is null)
            return null;
        if (docs.Count == 0)
            docs.AddRange(Directory.EnumerateFiles(Path.GetDirectoryName(module)!, "*.xml"));
        return new Arguments(module, docs, maml, markdown);
    }
}
