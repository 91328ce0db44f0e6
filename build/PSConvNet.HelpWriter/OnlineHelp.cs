namespace PSConvNet.HelpWriter;

/// <summary>Where help is read in a browser.</summary>
internal static class OnlineHelp
{
    /// <summary>The topic that every command belongs to.</summary>
    public const string Topic = "about_PSConvNet";

    private const string Pages = "https://github.com/psconvnet/psconvnet/blob/main/docs/commands/";

    /// <summary>The page of a command; what Get-Help -Online opens.</summary>
    public static string PageOf(string command) => $"{Pages}{command}.md";
}
