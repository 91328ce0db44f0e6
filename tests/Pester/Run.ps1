<#
.SYNOPSIS
    Runs the Pester tests of this folder and ends with their counts; exit code 1 when one fails.
.DESCRIPTION
    Says so, and fails nothing, when Pester 5 or later is not installed.
#>
[CmdletBinding()]
param()

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

# The one that is installed, or that which the test projects bring.
$packages = $env:NUGET_PACKAGES ? $env:NUGET_PACKAGES : (Join-Path ([Environment]::GetFolderPath('UserProfile')) '.nuget/packages')
$pester = Get-Module Pester, (Join-Path $packages 'pester/*/tools/Pester.psd1') -ListAvailable |
    Where-Object Version -GE '5.0' | Sort-Object Version -Descending | Select-Object -First 1
if (-not $pester) {
    Write-Host 'Pester 5 or later was not found: the Pester tests were not run (dotnet restore, or Install-PSResource Pester).'
    exit 0
}
Import-Module $pester.Path

$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$leftOut = @(
    if (-not $IsWindows) { @{ File = 'Windows.Tests.ps1'; Why = 'it is for Windows (the WindowsTests of PSConvNet.Module.Tests run it under Wine)' } }
    if (-not (Test-Path (Join-Path $PSScriptRoot '../../build/Package.ps1'))) { @{ File = 'Gallery.Tests.ps1'; Why = 'this is no checkout, in which the package is made' } }
)
$configuration.Run.ExcludePath = [string[]] @($leftOut | ForEach-Object { Join-Path $PSScriptRoot $_.File })
$leftOut | ForEach-Object { Write-Host "$($_.File) is left out: $($_.Why)." }
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.CIFormat = 'None'
$result = Invoke-Pester -Configuration $configuration

# Tests behind a BeforeAll that fails are counted as failed already; a file that can't be read has none.
$unread = @($result.Containers | Where-Object { $_.Result -eq 'Failed' -and $_.TotalCount -eq 0 })
$failed = $result.FailedCount + $unread.Count
Write-Host "Pester $($pester.Version): $($result.PassedCount) passed, $failed failed, $($result.SkippedCount) skipped"
if ($result.TotalCount -eq 0) {
    Write-Host 'No Pester test was found.'
    exit 1
}
exit [int]($result.Result -ne 'Passed')
