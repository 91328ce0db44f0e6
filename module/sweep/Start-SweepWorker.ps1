# A worker of a study: works on it until nothing is left. Invoke-Sweep starts these, and so do schedulers.
# Ends with 0 when there is nothing left to do, 3 when it was stopped, 1 after an error.
param(
    [Parameter(Mandatory)] [string] $Study,
    [int] $MostTrials,
    [string] $Leash
)

$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'PSConvNet.psd1'))
$end = Invoke-Sweep -Worker @PSBoundParameters
exit ("$end" -eq 'Stopped' ? 3 : 0)
