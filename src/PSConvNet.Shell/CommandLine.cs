namespace PSConvNet.Shell;

/// <summary>What the person asked the shell to do.</summary>
internal enum ShellAction
{
    /// <summary>A prompt, or the script on standard input where that is redirected.</summary>
    Interactive,

    /// <summary>Run a script file.</summary>
    File,

    /// <summary>Run a script given as text.</summary>
    Command,

    /// <summary>Run the script that comes on standard input.</summary>
    StandardInput,

    /// <summary>Print how the shell is used.</summary>
    Help,

    /// <summary>Print the version.</summary>
    Version,
}

/// <summary>The parsed command line: an action, its script, and the arguments meant for that script.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Script">A path for <see cref="ShellAction.File"/>, text for <see cref="ShellAction.Command"/>, else empty.</param>
/// <param name="Arguments">The arguments for the script, in their order.</param>
/// <param name="NoLogo">Whether the interactive prompt starts without its greeting.</param>
internal sealed record CommandLine(
    ShellAction Action,
    string Script,
    IReadOnlyList<string> Arguments,
    bool NoLogo = false
)
{
    /// <summary>Reads the process' arguments; throws <see cref="UsageException"/> with one sentence where they make no sense.</summary>
    public static CommandLine Parse(IReadOnlyList<string> args)
    {
        var noLogo = false;
        for (var i = 0; i < args.Count; i++)
        {
            var rest = args.Skip(i + 1).ToArray();
            switch (Option(args[i]))
            {
                case null when args[i] is "-":
                    return new(ShellAction.StandardInput, "", rest, noLogo);
                case null:
                    return new(ShellAction.File, args[i], rest, noLogo);
                case "nologo":
                    noLogo = true;
                    break;
                case "file" or "f":
                    return ForFile(rest, noLogo);
                case "command" or "c":
                    return ForCommand(rest, noLogo);
                case "help" or "h" or "?":
                    return new(ShellAction.Help, "", []);
                case "version" or "v":
                    return new(ShellAction.Version, "", []);
                default:
                    throw new UsageException(
                        $"psconvnet knows no option '{args[i]}'. Run 'psconvnet -Help' for those it knows."
                    );
            }
        }
        return new(ShellAction.Interactive, "", [], noLogo);
    }

    private static CommandLine ForFile(string[] rest, bool noLogo) =>
        rest is [var path, .. var arguments]
            ? new(path is "-" ? ShellAction.StandardInput : ShellAction.File, path, arguments, noLogo)
            : throw new UsageException("-File wants the path of a script, as in: psconvnet -File train.ps1 -Epochs 2");

    // As in pwsh, what follows -Command is one text: psconvnet -c Get-Command -Module PSConvNet
    private static CommandLine ForCommand(string[] rest, bool noLogo) =>
        rest switch
        {
            [] => throw new UsageException(
                "-Command wants the text to run, as in: psconvnet -Command 'Get-ConvNetEnvironment'"
            ),
            ["-"] => new(ShellAction.StandardInput, "", [], noLogo),
            _ => new(ShellAction.Command, string.Join(' ', rest), [], noLogo),
        };

    private static string? Option(string argument) =>
        argument is ['-', _, ..] ? argument.TrimStart('-').ToLowerInvariant() : null;
}

/// <summary>A command line that can't be understood; the message says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
