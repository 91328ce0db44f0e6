namespace PSConvNet.Shell;

/// <summary>How the shell is used.</summary>
internal static class Usage
{
    private const string Text = """
        psconvnet: PowerShell with PSConvNet imported.

          psconvnet <script.ps1> [arguments]         run a script; -Name value and -Switch bind to its parameters
          psconvnet -File <script.ps1> [arguments]   the same
          psconvnet -Command '<text>'                run PowerShell text (-c)
          psconvnet [-NoLogo]                        a prompt; 'exit' or Ctrl-D ends it
          ... | psconvnet                            run the script that comes on standard input
          psconvnet -Help | -Version

        The exit code is 0, the code given to 'exit', 1 for a terminating error, 64 for a command line that makes no
        sense, 130 after Ctrl-C. Output goes to standard output; errors, warnings and verbose messages to standard
        error. NO_COLOR turns colours off.

        This is PowerShell's engine without its Utility and Management modules: Select-Object, Sort-Object and their
        like need a full pwsh 7.4 or later, where 'Import-Module PSConvNet' gives the same commands.

        """;

    /// <summary>Prints it.</summary>
    public static void Print(Terminal terminal) => terminal.Write(Text.ReplaceLineEndings());
}
