# Starts the notebook kernel of the newest version of the module that is installed. Register-NotebookKernel copies this file beside kernel.json, where
# it stays when the module is updated.
param(
    # The folder that has a folder for each version.
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [string] $ConnectionFile
)

$ErrorActionPreference = 'Stop'
function Get-Script([string] $Folder) { [System.IO.Path]::Combine($Folder, 'kernel', 'Start-NotebookKernel.ps1') }

$versions = if ([System.IO.Directory]::Exists($Module)) { [System.IO.Directory]::GetDirectories($Module) }
$newest = $versions |
    Where-Object { ([System.IO.Path]::GetFileName($_) -as [version]) -and [System.IO.File]::Exists((Get-Script $_)) } |
    Sort-Object { [version] [System.IO.Path]::GetFileName($_) } | Select-Object -Last 1
if (-not $newest) {
    # It was moved, perhaps from the user's modules to those of all users.
    $newest = Get-Module PSConvNet -ListAvailable | Sort-Object Version | Select-Object -Last 1 | ForEach-Object ModuleBase
}
if (-not $newest) {
    throw "PSConvNet is no longer installed: neither $Module nor the folders of PSModulePath have it. Install it, and run Register-NotebookKernel -Force."
}
& (Get-Script $newest) $ConnectionFile
