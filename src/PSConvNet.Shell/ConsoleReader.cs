using System.Management.Automation;
using System.Security;

namespace PSConvNet.Shell;

/// <summary>Reads answers while a pipeline runs, from the keyboard or from redirected input; Ctrl-C ends the wait.</summary>
internal sealed class ConsoleReader(Terminal terminal, ProgressBar progress)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(15);
    private volatile bool _cancelled;

    /// <summary>Ends a read that waits for a key, and all later ones until <see cref="Reset"/>.</summary>
    public void Cancel() => _cancelled = true;

    /// <summary>Allows reading again.</summary>
    public void Reset() => _cancelled = false;

    /// <summary>One line, or null at the end of the input.</summary>
    public string? ReadLine()
    {
        progress.Clear();
        if (!terminal.InputIsTerminal)
            return Console.In.ReadLine();
        var text = ReadFromKeys(echo: c => c);
        return text is null ? null : new string([.. text]);
    }

    /// <summary>One line, shown as stars.</summary>
    public SecureString ReadSecret()
    {
        progress.Clear();
        var secret = new SecureString();
        IEnumerable<char>? typed = terminal.InputIsTerminal ? ReadFromKeys(echo: _ => '*') : Console.In.ReadLine();
        foreach (var letter in typed ?? throw AtEnd())
            secret.AppendChar(letter);
        secret.MakeReadOnly();
        return secret;
    }

    /// <summary>What to throw where an answer is needed and none can come.</summary>
    public static PSInvalidOperationException AtEnd() =>
        new(
            "An answer is needed, and there is nothing more on standard input. Run the script on a terminal, or give the value as a parameter."
        );

    private List<char>? ReadFromKeys(Func<char, char> echo)
    {
        var text = new List<char>();
        while (true)
        {
            var key = NextKey();
            switch (key)
            {
                case { Key: ConsoleKey.Enter }:
                    Echo(Environment.NewLine);
                    return text;
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when text.Count == 0:
                    Echo(Environment.NewLine);
                    return null;
                case { Key: ConsoleKey.Backspace } when text.Count > 0:
                    var width = Math.Max(1, CellWidth.Of([echo(text[^1])]));
                    text.RemoveAt(text.Count - 1);
                    Echo(string.Concat(Enumerable.Repeat("\b \b", width)));
                    break;
                case { KeyChar: var letter } when !char.IsControl(letter):
                    text.Add(letter);
                    Echo(echo(letter).ToString());
                    break;
            }
        }
    }

    // Waiting in ReadKey itself could not be ended by a stop.
    private ConsoleKeyInfo NextKey()
    {
        while (!Console.KeyAvailable)
        {
            if (_cancelled)
                throw new PipelineStoppedException();
            Thread.Sleep(PollInterval);
        }
        return Console.ReadKey(intercept: true);
    }

    private void Echo(string text) => terminal.WritePrompt(text);
}
