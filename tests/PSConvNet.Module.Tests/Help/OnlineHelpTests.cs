using System.Diagnostics;
using System.Management.Automation;
using System.Text.RegularExpressions;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Help;

/// <summary>Where help leads: to other commands, to topics, and to a page in a browser.</summary>
public sealed class OnlineHelpTests(HelpSession shared) : IClassFixture<HelpSession>, IDisposable
{
    private static readonly string s_project = Regex
        .Match(File.ReadAllText(Repository.Manifest), @"ProjectUri\s+=\s+'(https://[^']+)'")
        .Groups[1]
        .Value;

    private static string Address => $"{s_project}/blob/main/docs/commands/";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Cmdlets => HelpTests.Cmdlets;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void Related_links_lead_to_the_page_of_the_command_and_to_what_exists(string cmdlet)
    {
        var links = HelpTests.Items(shared.Of(cmdlet), "relatedLinks", "navigationLink").ToList();

        Assert.Equal($"{Address}{cmdlet}.md", HelpTests.Text(links[0], "uri"));
        Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", "commands", $"{cmdlet}.md")));
        var others = links.Skip(1).Select(link => HelpTests.Text(link, "linkText")).ToList();
        Assert.InRange(others.Count, 2, 7);
        Assert.Equal("about_PSConvNet", others[^1]);
        Assert.All(
            others.SkipLast(1),
            other => Assert.Contains(other, HelpTests.Cmdlets.Cast<object[]>().Select(row => row[0]))
        );
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void A_command_tells_its_page_without_its_help(string cmdlet)
    {
        using var session = new PowerShellSession();

        Assert.Equal(
            $"{Address}{cmdlet}.md",
            session.Run($"(Get-Command {cmdlet}).HelpUri").Output.Single().ToString()
        );
    }

    [Fact]
    public void The_manifest_s_other_addresses_are_the_project_s_and_nothing_else_names_it()
    {
        Assert.StartsWith("https://", s_project, StringComparison.Ordinal);
        var name = s_project[s_project.IndexOf("//", StringComparison.Ordinal)..].Split('/', 4)[3];
        var addresses = Regex
            .Matches(File.ReadAllText(Repository.Manifest), "https://[^']+")
            .Select(match => match.Value)
            .ToList();
        Assert.Equal(4, addresses.Count);
        Assert.All(addresses, address => Assert.Contains($"/{name}", address, StringComparison.Ordinal));
        var others = new[] { "src", "build", "docs", "examples", "module" }
            .SelectMany(folder =>
                Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.*", SearchOption.AllDirectories)
            )
            .Append(Path.Combine(Repository.Root, "README.md"))
            .Where(file => Path.GetExtension(file) is ".cs" or ".md" or ".ps1" or ".targets" or ".csproj" or ".txt")
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Where(file => File.ReadAllText(file).Contains($"github.com/{name}", StringComparison.OrdinalIgnoreCase));
        // The line that clones the repository is for people to copy.
        Assert.Equal(["README.md"], others.Select(Path.GetFileName));
    }

    [SkippableFact]
    public void Get_Help_Online_opens_the_page_in_the_browser()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "a browser of the test's own needs xdg-open");
        var opened = Path.Combine(_folder.Path, "opened");
        var browser = Path.Combine(_folder.Path, "xdg-open");
        File.WriteAllText(browser, $"#!/bin/sh\nprintf %s \"$1\" > '{opened}.new'\nmv '{opened}.new' '{opened}'\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(browser, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Run(
            Pwsh.Path,
            ["-NoProfile", "-Command", $"Import-Module '{Repository.Manifest}'; Get-Help Export-Model -Online"],
            ("PATH", $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}")
        );

        Assert.True(Eventually.Holds(() => File.Exists(opened)));
        Assert.Equal($"{Address}Export-Model.md", File.ReadAllText(opened));
    }

    [SkippableFact]
    public void A_new_user_without_a_network_reads_all_help_and_is_asked_nothing()
    {
        const string script = """
            $commands = Get-Command -Module PSConvNet -CommandType Cmdlet
            $poor = $commands | Where-Object { (Get-Help $_.Name).Synopsis -like "*$($_.Name) [[]*" }
            "$($commands.Count) $(@($poor).Count) $((Get-Help about_PSConvNet).Length -gt 500)"
            """;
        Skip.IfNot(OperatingSystem.IsLinux(), "networks are taken away by Linux' namespaces");
        Skip.IfNot(Run("unshare", ["-rn", "true"]).ExitCode == 0, "namespaces are not allowed here");

        var result = Run(
            "unshare",
            ["-rn", Pwsh.Path, "-NoProfile", "-Command", $"Import-Module '{Repository.Manifest}'; {script}"],
            ("HOME", _folder.Path)
        );

        Assert.Equal($"{HelpTests.Cmdlets.Cast<object>().Count()} 0 True", result.Out.Trim());
        Assert.Equal("", result.Error);
    }

    private static (int ExitCode, string Out, string Error) Run(
        string program,
        string[] arguments,
        params (string Name, string Value)[] variables
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = new RunningShell(Process.Start(start)!);
        process.Process.StandardInput.Close();
        var result = process.Wait();
        return (result.ExitCode, result.Out, result.Error);
    }
}
