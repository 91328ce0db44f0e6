using System.Diagnostics;
using System.Management.Automation.Host;

namespace PSConvNet;

/// <summary>Shows pictures as well as a terminal can. The default view of pictures calls it.</summary>
public static class TerminalView
{
    private const int FewestColumns = 20;

    /// <summary>A picture as text for where PowerShell's formatter is writing to.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="host">The session's host.</param>
    /// <param name="rendering">The value of <c>$PSStyle.OutputRendering</c>; PlainText forbids colours.</param>
    /// <returns>
    /// Lines; coloured where a person looks at a terminal that has colours, else plain characters. Nothing where the terminal has been
    /// sent pixels: no formatter would leave those whole.
    /// </returns>
    public static string Show(Picture picture, PSHost host, object? rendering = null)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(host);
        // A line as wide as the terminal would be followed by an empty one.
        var columns = Math.Max(FewestColumns, Columns(host) - 1);
        var graphics =
            rendering?.ToString() == "PlainText" || !IsWrittenToHost()
                ? TerminalGraphics.Text
                : TerminalAbility.Of(host);
        if (picture.IsText || graphics is TerminalGraphics.Text or TerminalGraphics.Blocks)
            return picture.ToText(columns, graphics != TerminalGraphics.Text);
        host.UI.WriteLine(picture.ToGraphics(graphics, columns));
        return "";
    }

    private static int Columns(PSHost host)
    {
        try
        {
            return host.UI?.RawUI is { } raw && raw.BufferSize.Width > 0 ? raw.BufferSize.Width : 80;
        }
        // A session that nobody looks at has a host without a screen.
        catch (Exception e) when (e is HostException or NotImplementedException or NotSupportedException or IOException)
        {
            return 80;
        }
    }

    /// <summary>
    /// Whether the host gets what is formatted, and not a file or a string. A view is not told, so the calls that led to it are asked.
    /// Out-Default leaves no trace among them.
    /// </summary>
    private static bool IsWrittenToHost() =>
        !Array.Exists(
            new StackTrace().GetFrames(),
            frame => frame.GetMethod()?.DeclaringType?.Name is "OutStringCommand" or "OutFileCommand"
        );
}
