using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Drawing;

/// <summary>What a person sees in a terminal, and what a file gets.</summary>
public sealed class TerminalPictureTests : IDisposable
{
    private const string Script = "Show-Image -Image ([byte[]](@(0) * 64 + @(255) * 192)) -Title shown";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_terminal_it_is_plain_characters()
    {
        var result = ShellProcess.Run("-Command", Script);

        Assert.Equal("", result.Error);
        // Two rows of pixels a line; where dark meets bright, a line has something of both.
        Assert.Equal(5, result.Lines.Count(line => line.TrimEnd() == new string('@', 16)));
        Assert.DoesNotContain('\e', result.Out);
        Assert.DoesNotContain('▀', result.Out);
    }

    [SkippableTheory]
    [InlineData("PSCONVNET_GRAPHICS=Blocks", "\e[38;2;255;255;255m")]
    [InlineData("PSCONVNET_GRAPHICS=kitty", "\e_Ga=T,f=100,q=2,c=")]
    [InlineData("PSCONVNET_GRAPHICS=Sixel", "\ePq\"1;1;")]
    public void In_a_terminal_it_is_as_good_as_that_can(string variable, string sequence)
    {
        TerminalShell.Need();
        using var shell = new TerminalShell(_folder.Path, environment: $"TERM=xterm-256color {variable}");
        shell.WaitForPrompt();
        shell.Run($"{Script}; 'done'", "^done");

        Assert.Contains(sequence, shell.Raw);
    }

    [SkippableFact]
    public void A_terminal_that_wants_no_colours_gets_none()
    {
        TerminalShell.Need();
        using var shell = new TerminalShell(_folder.Path, environment: "TERM=xterm-256color NO_COLOR=1");
        shell.WaitForPrompt();
        shell.Run($"{Script}; 'done'", "^done");

        Assert.Contains(new string('@', 16), shell.Raw);
        Assert.DoesNotContain("▀", shell.Raw);
    }
}
