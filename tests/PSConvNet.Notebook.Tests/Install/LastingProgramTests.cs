using PSConvNet.Commands;

namespace PSConvNet.Notebook.Tests.Install;

public class LastingProgramTests
{
    private const string Data = @"C:\Users\ada\AppData\Local";
    private const string Store =
        @"C:\Program Files\WindowsApps\Microsoft.PowerShell_7.6.9.0_x64__8wekyb3d8bbwe\pwsh.exe";
    private const string Alias = Data + @"\Microsoft\WindowsApps\Microsoft.PowerShell_8wekyb3d8bbwe\pwsh.exe";

    [Fact]
    public void A_PowerShell_of_the_store_is_started_by_its_alias_which_an_update_leaves()
    {
        var shell = new ShellProgram([Store]).Lasting(Data, path => path == Alias);

        Assert.Equal([Alias], shell.Words);
    }

    [Theory]
    [InlineData(Store)]
    [InlineData(@"C:\Program Files\PowerShell\7\pwsh.exe")]
    [InlineData("/usr/bin/pwsh")]
    public void Every_other_program_keeps_its_path_and_so_does_one_without_an_alias(string program)
    {
        var shell = new ShellProgram([program, "more"]);

        Assert.Equal(shell.Words, shell.Lasting(Data, _ => false).Words);
    }
}
