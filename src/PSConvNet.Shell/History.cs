using System.Text.RegularExpressions;

namespace PSConvNet.Shell;

/// <summary>The commands typed at the prompt, kept in the user's state folder from one session to the next.</summary>
internal sealed partial class History
{
    private const int Limit = 1000;
    private readonly string _path;
    private readonly List<string> _entries = [];

    /// <summary>Reads a history file where there is one.</summary>
    /// <param name="path">The file: a command a line, line feeds and backslashes in it escaped.</param>
    public History(string path)
    {
        _path = path;
        Try(() =>
        {
            if (!File.Exists(path))
                return;
            var lines = File.ReadAllLines(path);
            _entries.AddRange(lines.TakeLast(Limit).Where(l => l.Length > 0).Select(Unescape));
            if (lines.Length > 2 * Limit)
                Rewrite();
        });
    }

    /// <summary>The file of this user: XDG_STATE_HOME/psconvnet/history, or its counterpart on Windows.</summary>
    public static string UserFile
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            if (string.IsNullOrEmpty(state) || !Path.IsPathRooted(state))
            {
                state = OperatingSystem.IsWindows()
                    ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
            }
            return Path.Combine(state, "psconvnet", "history");
        }
    }

    /// <summary>
    /// Remembers a command. Not kept: a repetition of the last one, one that begins with a blank, and in the file none that seems
    /// to hold a secret.
    /// </summary>
    public void Add(string command)
    {
        if (command.StartsWith(' ') || (_entries.Count > 0 && _entries[^1] == command))
            return;
        _entries.Add(command);
        if (!Secret().IsMatch(command))
            Try(() => Append(Escape(command) + "\n"));
    }

    /// <summary>A walk through the history that starts behind its newest entry.</summary>
    public HistoryCursor Browse() => new(_entries);

    private void Append(string line)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        using var file = new StreamWriter(_path, OwnersFile(FileMode.Append));
        file.Write(line);
    }

    // By way of a file beside it, so that a session that ends meanwhile loses nothing.
    private void Rewrite()
    {
        var temporary = $"{_path}.{Environment.ProcessId}";
        using (var file = new StreamWriter(temporary, OwnersFile(FileMode.Create)))
            _entries.ForEach(entry => file.Write(Escape(entry) + "\n"));
        File.Move(temporary, _path, overwrite: true);
    }

    private static FileStreamOptions OwnersFile(FileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    // A history that can't be read or written is a smaller harm than a prompt that does not come.
    private static void Try(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
    }

    private static string Escape(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);

    private static string Unescape(string line) => Escaped().Replace(line, match => match.Value is @"\n" ? "\n" : @"\");

    [GeneratedRegex(@"\\[\\n]")]
    private static partial Regex Escaped();

    [GeneratedRegex("password|passphrase|secret|token|api-?key|asplaintext|connectionstring", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
