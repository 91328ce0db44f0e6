#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, packages and cleans PSConvNet.
.DESCRIPTION
    Build    dotnet build; the module can then be imported from module/PSConvNet.psd1.
    Test     dotnet test, then the Pester tests, where Pester 5 or later is installed.
    Package  builds and lays a complete copy of the module into artifacts/PSConvNet/<version>/.
    Docs     writes docs/commands from the cmdlets' comments.
    Clean    removes everything that was built.
    Without PowerShell the same is done by `dotnet build -c Release` and `dotnet test -c Release`.
.PARAMETER Task
    What to do; Build when not given.
.PARAMETER Configuration
    The build configuration; Release when not given.
.EXAMPLE
    ./build.ps1
.EXAMPLE
    ./build.ps1 Package -WhatIf
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Package', 'Docs', 'Clean')]
    [string] $Task = 'Build',

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

# What a user's copy holds, as pairs of source and path below the package's folder.
function Get-PackageFile {
    $bin = Join-Path $moduleFolder 'bin'
    Get-ChildItem $moduleFolder -Recurse -File |
        Where-Object { -not $_.FullName.StartsWith($bin + [IO.Path]::DirectorySeparatorChar) }
    # Ours with the symbols that make a stack trace readable; of other people's files only what is loaded.
    Get-ChildItem $bin -File -Filter 'PSConvNet*' | Where-Object Extension -In '.dll', '.pdb'
    Get-ChildItem (Join-Path $bin 'dependencies') -File | Where-Object Extension -NotIn '.pdb', '.xml'
}

function Invoke-Package {
    Invoke-Build
    $version = (Import-PowerShellDataFile (Join-Path $moduleFolder 'PSConvNet.psd1')).ModuleVersion
    $target = Join-Path $PSScriptRoot "artifacts/PSConvNet/$version"
    if (-not $PSCmdlet.ShouldProcess($target, 'Write the package')) { return }

    foreach ($needed in 'bin/PSConvNet.dll', 'bin/PSConvNet.Engine.dll', 'bin/PSConvNet.Notebook.dll', 'bin/PSConvNet.Polyglot.dll', 'bin/dependencies/TorchSharp.dll', 'en-US/PSConvNet.dll-Help.xml', 'en-US/PSConvNet.Notebook.dll-Help.xml') {
        if (-not (Test-Path (Join-Path $moduleFolder $needed))) { throw "module/$needed is missing after the build: the package would not be complete." }
    }
    # Built beside and renamed: what lies in artifacts/ is whole, or is not there.
    $partial = "$target.new"
    Remove-Item $partial -Recurse -Force -ErrorAction Ignore
    foreach ($file in Get-PackageFile) {
        $path = Join-Path $partial ([IO.Path]::GetRelativePath($moduleFolder, $file.FullName))
        $null = New-Item (Split-Path $path) -ItemType Directory -Force
        # The outputs are links to one staged copy; a package holds files of its own.
        [IO.File]::Copy($file.ResolveLinkTarget($true)?.FullName ?? $file.FullName, $path)
    }
    foreach ($name in 'LICENSE', 'README.md') { Copy-Item (Join-Path $PSScriptRoot $name) $partial }
    Remove-Item $target -Recurse -Force -ErrorAction Ignore
    Move-Item $partial $target

    $files = Get-ChildItem $target -Recurse -File
    $size = ($files | Measure-Object Length -Sum).Sum
    Write-Host ('{0}: {1} files, {2:N0} MB' -f $target, $files.Count, ($size / 1MB))
}

function Invoke-Docs {
    Invoke-DotNet 'build', (Join-Path $PSScriptRoot 'src/PSConvNet'), '-c', $Configuration, '-t:CommandPages'
}

function Invoke-Clean {
    $built = @(
        Join-Path $PSScriptRoot 'artifacts'
        Join-Path $moduleFolder 'bin'
        Join-Path $moduleFolder 'en-US'
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
