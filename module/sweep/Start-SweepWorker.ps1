# A worker of a study: works on it until nothing is left. Invoke-Sweep starts these, and so do schedulers.
# Exit codes: 0 when nothing is left to do, 3 when it was stopped, 1 after an error.
param(
    [Parameter(Mandatory)] [string] $Study,
    [int] $MostTrials,
    [string] $Leash
)

$ErrorActionPreference = 'Stop'
# Whoever started the worker reads what it writes as text, and so do people in schedulers' logs.
$PSStyle.OutputRendering = 'PlainText'
try {
    Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'PSConvNet.psd1'))
    # Not a command of the module: only workers need it.
    $worker = [System.Management.Automation.CmdletInfo]::new('Start-SweepWorker', [PSConvNet.Commands.SweepWorkerCommand])
    $end = & $worker @PSBoundParameters
}
catch {
    # One line, without PowerShell's frame around it.
    [Console]::Error.WriteLine(("$($_.Exception.Message)" -replace '\s*[\r\n]+\s*', ' '))
    exit 1
}
exit ("$end" -eq 'Stopped' ? 3 : 0)
