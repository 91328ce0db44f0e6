using System.Reflection;
using System.Text.Json.Nodes;

namespace PSConvNet.Notebook;

/// <summary>What the kernel says of itself.</summary>
internal static class KernelInfo
{
    /// <summary>The project's version.</summary>
    public static string Version { get; } = typeof(KernelInfo).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    // The assembly's own version stays 7.6.0 through all releases of 7.6.
    private static string EngineVersion { get; } =
        typeof(System.Management.Automation.PSObject)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split(' ', '+')[0]
        ?? "";

    /// <summary>The content of a <c>kernel_info_reply</c>.</summary>
    public static JsonObject Content() =>
        new()
        {
            ["status"] = "ok",
            ["protocol_version"] = WireMessage.ProtocolVersion,
            ["implementation"] = "psconvnet",
            ["implementation_version"] = Version,
            ["language_info"] = new JsonObject
            {
                ["name"] = "powershell",
                ["version"] = EngineVersion,
                ["mimetype"] = "application/x-powershell",
                ["file_extension"] = ".ps1",
                ["pygments_lexer"] = "powershell",
                ["codemirror_mode"] = "powershell",
            },
            ["banner"] = $"PSConvNet {Version} on PowerShell {EngineVersion}",
            // None of the optional ones: no debugger, and no subshells (KernelSession says why). The field before this one is older
            // frontends'.
            ["debugger"] = false,
            ["supported_features"] = new JsonArray(),
            ["help_links"] = new JsonArray(
                new JsonObject
                {
                    ["text"] = "PowerShell",
                    ["url"] = "https://learn.microsoft.com/powershell/scripting/overview",
                }
            ),
        };
}
