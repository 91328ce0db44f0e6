#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, packages and cleans PSConvNet.
.DESCRIPTION
    Build    dotnet build; the module can then be imported from module/PSConvNet.psd1.
    Test     dotnet test, then the Pester tests, where Pester 5 or later is installed.
    Package  builds, then lays a complete copy of the module into artifacts/packages/<runtime>/PSConvNet/<version>/, and the engine's NuGet
             package into artifacts/packages/nuget/.
    Docs     writes docs/commands from the cmdlets' comments.
    Clean    removes everything that was built.
    Without PowerShell the same is done by `dotnet build -c Release` and `dotnet test -c Release`.
.PARAMETER Task
    What to do; Build when not given.
.PARAMETER Runtime
    The systems to make packages for, whatever this one is; this one when not given. "any" is the package for the gallery: all
    systems, without libtorch.
.PARAMETER Zip
    Also makes a zip file of each package.
.PARAMETER Configuration
    The build configuration; Release when not given.
.EXAMPLE
    ./build.ps1
.EXAMPLE
    ./build.ps1 Package -Runtime win-x64, osx-arm64, any -Zip
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Package', 'Docs', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('linux-x64', 'linux-arm64', 'win-x64', 'win-arm64', 'osx-arm64', 'any')]
    [string[]] $Runtime = @(
        ($IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux') + '-' +
            [Runtime.InteropServices.RuntimeInformation]::OSArchitecture.ToString().ToLowerInvariant()
    ),

    [switch] $Zip,

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release'
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
# dotnet's exit code is looked at here, in one place.
$PSNativeCommandUseErrorActionPreference = $false

$moduleFolder = Join-Path $PSScriptRoot 'module'
$solution = Join-Path $PSScriptRoot 'PSConvNet.sln'

function Invoke-DotNet([string[]] $Arguments) {
    if (-not $PSCmdlet.ShouldProcess($PSScriptRoot, "dotnet $($Arguments -join ' ')")) { return }
    if (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) {
        throw 'dotnet was not found: install the .NET 10 SDK (https://dotnet.microsoft.com/download).'
    }
    & dotnet @Arguments | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($Arguments[0]) failed with exit code $LASTEXITCODE." }
}

function Invoke-Build { Invoke-DotNet 'build', $solution, '-c', $Configuration }

function Invoke-Test {
    $failures = @()
    try { Invoke-DotNet 'test', $solution, '-c', $Configuration }
    catch { $failures += $_.Exception.Message }

    $run = Join-Path $PSScriptRoot 'tests/Pester/Run.ps1'
    if ($PSCmdlet.ShouldProcess($run, 'Run the Pester tests')) {
        # A process of its own: a module that is loaded here could not be built again on Windows.
        Push-Location $PSScriptRoot
        try {
            Invoke-DotNet 'tool', 'restore'
            Invoke-DotNet 'pwsh', '-NoProfile', '-NonInteractive', '-File', $run
        }
        catch { $failures += $_.Exception.Message }
        finally { Pop-Location }
    }
    if ($failures) { throw ($failures -join ' ') }
}

function Invoke-Package {
    Invoke-Build
    foreach ($each in $Runtime) {
        $null = & (Join-Path $PSScriptRoot 'build/Package.ps1') -Runtime $each -Configuration $Configuration -Zip:$Zip
    }
    Invoke-DotNet 'pack', (Join-Path $PSScriptRoot 'src/PSConvNet.Engine'), '-c', $Configuration, '--no-build', '-o', (
        Join-Path $PSScriptRoot 'artifacts/packages/nuget'
    )
}

function Invoke-Docs {
    Invoke-DotNet 'build', (Join-Path $PSScriptRoot 'src/PSConvNet'), '-c', $Configuration, '-t:CommandPages'
}

function Invoke-Clean {
    $built = @(
        Join-Path $PSScriptRoot 'artifacts'
        Join-Path $moduleFolder 'bin'
        # The topics beside them are written by hand.
        Get-ChildItem (Join-Path $moduleFolder 'en-US') -Filter '*-Help.xml' -ErrorAction Ignore | ForEach-Object { $_.FullName }
        foreach ($group in 'src', 'tests', 'build', 'benchmarks') {
            foreach ($project in Get-ChildItem (Join-Path $PSScriptRoot $group) -Directory -ErrorAction Ignore) {
                'bin', 'obj', 'TestResults' | ForEach-Object { Join-Path $project.FullName $_ }
            }
        }
    )
    foreach ($path in $built) {
        if ((Test-Path $path) -and $PSCmdlet.ShouldProcess($path, 'Remove')) {
            Remove-Item $path -Recurse -Force
        }
    }
}

switch ($Task) {
    'Build' { Invoke-Build }
    'Test' { Invoke-Test }
    'Package' { Invoke-Package }
    'Docs' { Invoke-Docs }
    'Clean' { Invoke-Clean }
}
