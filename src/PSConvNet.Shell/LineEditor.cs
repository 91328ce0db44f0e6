using System.Management.Automation;
using System.Management.Automation.Language;

namespace PSConvNet.Shell;

/// <summary>Reads a command at the keyboard: editing keys, history, completion, more lines while the command is incomplete.</summary>
internal sealed class LineEditor(Terminal terminal, History history, Completer completer)
{
    private const ConsoleModifiers Control = ConsoleModifiers.Control;
    private const ConsoleModifiers Alt = ConsoleModifiers.Alt;

    /// <summary>The command typed; empty after Ctrl-C, null after Ctrl-D on an empty line.</summary>
    public string? Read(string prompt)
    {
        terminal.StartLine();
        var breaks = Console.TreatControlCAsInput;
        Console.TreatControlCAsInput = true;
        try
        {
            return new Edit(terminal, history.Browse(), completer, prompt).Run();
        }
        finally
        {
            Console.TreatControlCAsInput = breaks;
        }
    }

    /// <summary>The editing of one command.</summary>
    private sealed class Edit(Terminal terminal, HistoryCursor past, Completer completer, string prompt)
    {
        private readonly EditBuffer _buffer = new();
        private readonly LineView _view = new(terminal, prompt);
        private string? _result;
        private bool _done;

        public string? Run()
        {
            while (!_done)
            {
                // While a paste comes in, one painting at its end is enough.
                if (!Console.KeyAvailable)
                    _view.Paint(_buffer);
                Handle(Console.ReadKey(intercept: true));
            }
            return _result;
        }

        private void Handle(ConsoleKeyInfo key)
        {
            switch (key.Modifiers & ~ConsoleModifiers.Shift, key.Key)
            {
                case (_, ConsoleKey.Enter) or (Control, ConsoleKey.J):
                    Enter();
                    break;
                case (Control, ConsoleKey.C):
                    _view.Leave(_buffer);
                    Finish("");
                    break;
                case (Control, ConsoleKey.D) when _buffer.Text.Length == 0:
                    terminal.Draw("exit\r\n");
                    Finish(null);
                    break;
                case (0, ConsoleKey.Tab):
                    Complete();
                    break;
                case (0, ConsoleKey.UpArrow) or (Control, ConsoleKey.P):
                    if (!_buffer.Up())
                        Recall(past.Older(_buffer.Text));
                    break;
                case (0, ConsoleKey.DownArrow) or (Control, ConsoleKey.N):
                    if (!_buffer.Down())
                        Recall(past.Newer(_buffer.Text));
                    break;
                case (Control, ConsoleKey.R):
                    Recall(past.OlderWith(_buffer.Text));
                    break;
                case (Control, ConsoleKey.L):
                    _view.ClearScreen();
                    break;
                case (0, ConsoleKey.Escape):
                    _buffer.Set("");
                    break;
                default:
                    if (!EditKey(key) && !char.IsControl(key.KeyChar) && (key.Modifiers & Control) == 0)
                        _buffer.Insert(key.KeyChar.ToString());
                    break;
            }
        }

        private bool EditKey(ConsoleKeyInfo key)
        {
            Action? action = (key.Modifiers & ~ConsoleModifiers.Shift, key.Key) switch
            {
                (0, ConsoleKey.LeftArrow) or (Control, ConsoleKey.B) => _buffer.Left,
                (0, ConsoleKey.RightArrow) or (Control, ConsoleKey.F) => _buffer.Right,
                (Control, ConsoleKey.LeftArrow) or (Alt, ConsoleKey.LeftArrow or ConsoleKey.B) => _buffer.WordLeft,
                (Control, ConsoleKey.RightArrow) or (Alt, ConsoleKey.RightArrow or ConsoleKey.F) => _buffer.WordRight,
                (_, ConsoleKey.Home) or (Control, ConsoleKey.A) => _buffer.Home,
                (_, ConsoleKey.End) or (Control, ConsoleKey.E) => _buffer.End,
                (0, ConsoleKey.Backspace) or (Control, ConsoleKey.H) => _buffer.DeleteLeft,
                (0, ConsoleKey.Delete) or (Control, ConsoleKey.D) => _buffer.DeleteRight,
                (Control or Alt, ConsoleKey.Backspace) or (Control, ConsoleKey.W) => _buffer.DeleteWordLeft,
                (Control, ConsoleKey.Delete) or (Alt, ConsoleKey.D) => _buffer.DeleteWordRight,
                (Control, ConsoleKey.U) => _buffer.DeleteToStart,
                (Control, ConsoleKey.K) => _buffer.DeleteToEnd,
                _ => null,
            };
            action?.Invoke();
            return action is not null;
        }

        private void Enter()
        {
            Parser.ParseInput(_buffer.Text, out _, out var errors);
            if (errors.Any(e => e.IncompleteInput))
            {
                _buffer.Insert("\n");
                return;
            }
            _view.Leave(_buffer);
            Finish(_buffer.Text);
        }

        private void Recall(string? text)
        {
            if (text is not null)
                _buffer.Set(text);
        }

        private void Complete()
        {
            var found = completer.Complete(_buffer.Text, _buffer.Cursor);
            if (found is null)
                return;
            var typed = _buffer.Text.Substring(found.Start, found.Length);
            if (found.Common.Length > typed.Length || found.Names.Count == 1)
            {
                _buffer.Replace(found.Start, found.Length, found.Common);
                return;
            }
            var cursor = _buffer.Cursor;
            var text = _buffer.Text;
            _view.Leave(_buffer);
            terminal.Draw(CompletionList.Draw(found.Names, terminal.Width).ReplaceLineEndings("\r\n"));
            // Leaving went to the end of the text; the cursor stays where the person put it.
            _buffer.Set(text[..cursor]);
            _buffer.Replace(cursor, 0, text[cursor..]);
            while (_buffer.Cursor > cursor)
                _buffer.Left();
        }

        private void Finish(string? result) => (_result, _done) = (result, true);
    }
}
