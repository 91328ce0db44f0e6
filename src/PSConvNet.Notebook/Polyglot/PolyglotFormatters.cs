using System.Globalization;
using System.Net;
using System.Reflection;

namespace PSConvNet.Notebook;

/// <summary>
/// Has Polyglot Notebooks show our objects as pictures and tables. That host shows HTML only through formatters that were registered
/// with it; it is asked by reflection, where its assembly is in the process, and nothing here depends on it.
/// </summary>
internal static class PolyglotFormatters
{
    private const string AssemblyName = "Microsoft.DotNet.Interactive.Formatting";
    private const string Html = "text/html";

    private static int s_listens;

    /// <summary>Registers with the host that is there, or with the one that may come; further calls do nothing.</summary>
    public static void Register()
    {
        if (Interlocked.Exchange(ref s_listens, 1) == 1)
            return;
        // First the event: one that came between would be missed otherwise. To register twice does no harm.
        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => RegisterWith(loaded.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
            RegisterWith(assembly);
    }

    private static void RegisterWith(Assembly assembly)
    {
        if (assembly.IsDynamic || assembly.GetName().Name != AssemblyName)
            return;
        var formatter = assembly.GetType($"{AssemblyName}.Formatter");
        var register = formatter?.GetMethod(
            "Register",
            [typeof(Type), typeof(Action<object, TextWriter>), typeof(string)]
        );
        var prefer = formatter?.GetMethod("SetPreferredMimeTypesFor", [typeof(Type), typeof(string[])]);
        // Another version of the host may have other methods; its own way to show objects is then as good as it gets.
        if (register is null)
            return;
        try
        {
            foreach (var type in RichView.Types)
            {
                register.Invoke(null, [type, new Action<object, TextWriter>(Write), Html]);
                prefer?.Invoke(null, [type, new[] { Html }]);
            }
        }
        catch (TargetInvocationException)
        {
            // The module is of use without it, and a module that can't be imported is not.
        }
    }

    private static void Write(object value, TextWriter writer) => writer.Write(HtmlOf(value));

    /// <summary>An object as HTML alone; a picture lies in the page itself.</summary>
    internal static string HtmlOf(object value)
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
