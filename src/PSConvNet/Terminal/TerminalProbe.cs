using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PSConvNet;

/// <summary>Asks the terminal whether it knows graphics, once in a process.</summary>
/// <remarks>
/// The questions are Kitty's for its own protocol and DEC's for what a terminal is (DA1), whose answer names Sixel as 4. All terminals
/// answer the second, so that those that don't know the first are not waited for. A child process asks: it can set the terminal to hand
/// over what is not a line, and no key of .NET's console is lost to it.
/// </remarks>
internal static partial class TerminalProbe
{
    private const string Question = """
        exec 3<>/dev/tty || exit 1
        saved=$(stty -g <&3) || exit 1
        trap 'stty "$saved" <&3' EXIT
        stty raw -echo min 0 time 2 <&3
        printf '\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\\033[c' >&3
        dd bs=256 count=2 <&3 2>/dev/null
        """;

    private static readonly Lazy<TerminalGraphics> s_graphics = new(() => Read(Ask()));

    /// <summary>Kitty or Sixel where the terminal says so, else Blocks.</summary>
    public static TerminalGraphics Graphics => s_graphics.Value;

    /// <summary>What an answer says.</summary>
    internal static TerminalGraphics Read(string answer) =>
        answer.Contains("_Gi=31;OK", StringComparison.Ordinal) ? TerminalGraphics.Kitty
        : Attributes().Match(answer) is { Success: true } match && match.Groups[1].Value.Split(';').Contains("4")
            ? TerminalGraphics.Sixel
        : TerminalGraphics.Blocks;

    private static string Ask()
    {
        // Windows' console answers the same questions, but not to a child; there the variable decides.
        if (OperatingSystem.IsWindows() || Console.IsInputRedirected || Console.IsOutputRedirected)
            return "";
        try
        {
            using var asking = Process.Start(
                new ProcessStartInfo("sh", ["-c", Question.ReplaceLineEndings("\n")])
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            );
            return asking?.StandardOutput.ReadToEnd() ?? "";
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return "";
        }
    }

    [GeneratedRegex(@"\x1b\[\?([\d;]+)c")]
    private static partial Regex Attributes();
}
