# A worker of a study: works on it until nothing is left. Invoke-Sweep starts these, and so do schedulers.
# Exit codes: 0 when nothing is left to do, 3 when it was stopped, 1 after an error.
param(
    [Parameter(Mandatory)] [string] $Study,
    [int] $MostTrials,
    [string] $Leash
)

$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'PSConvNet.psd1'))
# Not a command of the module: only workers need it.
$worker = [System.Management.Automation.CmdletInfo]::new('Start-SweepWorker', [PSConvNet.Commands.SweepWorkerCommand])
$end = & $worker @PSBoundParameters
exit ("$end" -eq 'Stopped' ? 3 : 0)
