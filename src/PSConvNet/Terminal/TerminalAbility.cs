using System.Management.Automation.Host;

namespace PSConvNet;

/// <summary>What the terminal can show, as far as its environment says.</summary>
internal static class TerminalAbility
{
    /// <summary>How it shows pictures: what PSCONVNET_GRAPHICS says, else the best it says it can.</summary>
    public static TerminalGraphics Of(PSHost host) =>
        Enum.TryParse<TerminalGraphics>(Variable("PSCONVNET_GRAPHICS"), ignoreCase: true, out var wanted) ? wanted
        : HasColours(host) ? TerminalProbe.Graphics
        : TerminalGraphics.Text;

    /// <summary>Whether 24-bit colours reach a person's eyes.</summary>
    private static bool HasColours(PSHost host) =>
        !Console.IsOutputRedirected
        && host.UI is { SupportsVirtualTerminal: true }
        // no-color.org
        && string.IsNullOrEmpty(Variable("NO_COLOR"))
        && Variable("TERM") is not ("dumb" or "linux" or "vt100" or "vt220")
        // Takes 24-bit colours for other sequences, and blinks.
        && Variable("TERM_PROGRAM") != "Apple_Terminal";

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name);
}
