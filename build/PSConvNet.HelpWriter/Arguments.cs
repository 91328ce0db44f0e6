namespace PSConvNet.HelpWriter;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments(
    IReadOnlyList<string> Modules,
    IReadOnlyList<string> Docs,
    string? Maml,
    string? Markdown
)
{
    /// <summary>Reads the command line; null when it makes no sense.</summary>
    public static Arguments? Parse(string[] args)
    {
        List<string> modules = [];
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
                case var path when !path.StartsWith('-'):
                    modules.Add(Path.GetFullPath(path));
                    break;
                default:
                    return null;
            }
        if (modules.Count == 0)
            return null;
        if (docs.Count == 0)
        {
            var folders = modules.Select(module => Path.GetDirectoryName(module)!).Distinct();
            docs.AddRange(folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.xml")));
        }
        return new Arguments(modules, docs, maml, markdown);
    }
}
