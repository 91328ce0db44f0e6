using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell;
using PSConvNet.Shell;

// The engine would report each imported module to its makers and look for its own updates; nothing here calls home.
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
Environment.SetEnvironmentVariable("POWERSHELL_UPDATECHECK", "Off");

if (ModuleLocation.FindManifest(AppContext.BaseDirectory) is not { } manifest)
{
    Console.Error.WriteLine(
        $"psconvnet: The module was not found: neither {AppContext.BaseDirectory} nor a folder above it has module/PSConvNet.psd1. "
            + "Build the checkout ('dotnet build -c Release')."
    );
    return 1;
}

var state = InitialSessionState.CreateDefault();
state.ImportPSModule([manifest]);

if (OperatingSystem.IsWindows())
{
    // What pwsh sets in a configuration file of its own, which the SDK's packages lack.
    state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned;
    // Windows' code pages have neither the bars of a progress line nor the names of most of the world's files.
    Console.OutputEncoding = System.Text.Encoding.UTF8;
}

var banner =
    $"PSConvNet on PowerShell {PSVersionInfo.PSVersion}{Environment.NewLine}"
    + "Get-Command -Module PSConvNet lists the commands, Get-Help explains one, exit ends.";
const string help = """
    psconvnet: PowerShell with PSConvNet imported. It takes the arguments of pwsh:

        psconvnet                                  a prompt
        psconvnet script.ps1 -Name value ...       runs a script
        psconvnet -Command "..."                   runs a command

    It has PowerShell's own modules. Those that pwsh ships beside them, such as PSReadLine and ThreadJob, come with pwsh: dotnet tool restore, dotnet pwsh.
    https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_pwsh
    """;

using var signals = new ScriptSignals(args);
try
{
    var code = ConsoleShell.Start(state, banner, help, args);
    return signals.ExitCode ?? code;
}
catch (Exception) when (signals.ExitCode is not null)
{
    // The console, whose session a SIGTERM has closed.
    return signals.ExitCode ?? 1;
}
