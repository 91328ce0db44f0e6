using System.Management.Automation;

namespace PSConvNet.Module.Tests.Help;

/// <summary>One example as Get-Help gives it.</summary>
internal sealed record HelpExample(int Number, string Code)
{
    public static IReadOnlyList<HelpExample> Of(PSObject help) =>
        [
            .. HelpTests
                .Items(help, "examples", "example")
                .Select((example, i) => new HelpExample(i + 1, HelpTests.Text(example, "code"))),
        ];
}
