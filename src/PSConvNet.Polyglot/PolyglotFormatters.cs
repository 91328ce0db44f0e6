using System.Globalization;
using System.Net;
using Microsoft.DotNet.Interactive.Formatting;

namespace PSConvNet.Polyglot;

/// <summary>What our objects look like in Polyglot Notebooks, which shows HTML only of types that have a formatter.</summary>
internal static class PolyglotFormatters
{
    private const string Html = "text/html";
    private const string Plain = "text/plain";

    /// <summary>Registers a formatter for each type that looks like more than its text; a second time changes nothing.</summary>
    public static void Register()
    {
        foreach (var type in RichView.Types)
        {
            Formatter.Register(type, (value, writer) => writer.Write(HtmlOf(value)), Html);
            Formatter.SetPreferredMimeTypesFor(type, Html);
        }
        Formatter.Register<ResultTable>((table, writer) => writer.Write(table.ToHtml()), Html);
        Formatter.Register<ResultTable>((table, writer) => writer.Write(table.ToText()), Plain);
        Formatter.SetPreferredMimeTypesFor(typeof(ResultTable), Html, Plain);
    }

    /// <summary>An object as HTML alone; a picture lies in the page itself.</summary>
    private static string HtmlOf(object value)
    {
        if (RichView.Of(value) is not { } view)
            return WebUtility.HtmlEncode(value.ToString() ?? "");
        if (view.Data.TryGetValue(Html, out var html))
            return html;
        return view.Data.TryGetValue("image/png", out var png)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"<img src=\"data:image/png;base64,{png}\" width=\"{view.Width}\" height=\"{view.Height}\" alt=\"{WebUtility.HtmlEncode(view.Alternative)}\">"
            )
            : WebUtility.HtmlEncode(value.ToString() ?? "");
    }
}
