# Dot-sourced in BeforeAll by each file of tests: where things lie, a small network, and another PowerShell like this one.

$root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
$manifest = Join-Path $root 'module/PSConvNet.psd1'
if (-not (Test-Path (Join-Path $root 'module/bin/PSConvNet.dll'))) {
    throw 'The module is not built: run dotnet build -c Release, or ./build.ps1.'
}

# Where build.ps1 lays this system's package.
$runtime = ($IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux') + '-' + [Runtime.InteropServices.RuntimeInformation]::OSArchitecture.ToString().ToLowerInvariant()
$version = (Import-PowerShellDataFile $manifest).ModuleVersion
$package = "artifacts/packages/$runtime/PSConvNet/$version"

function New-TinyModel([string] $Name = 'tiny') {
    New-ConvLayer 4 -KernelSize 3 -Activation ReLU |
        New-MaxPoolLayer 2 |
        New-FlattenLayer |
        New-DenseLayer 10 -Activation Softmax |
        New-Model -Name $Name -InputShape 28, 28, 1
}

function Invoke-Pwsh([string] $Script) {
    $program = @((Get-Process -Id $PID).Path)
    # As a .NET tool PowerShell is a library that dotnet runs.
    if ((Split-Path $program[0] -LeafBase) -eq 'dotnet') { $program += Join-Path $PSHOME 'pwsh.dll' }
    $first, $rest = $program + '-NoProfile', '-NonInteractive', '-Command', $Script
    & $first @rest
    if ($LASTEXITCODE -ne 0) { throw "pwsh ended with exit code $LASTEXITCODE" }
}
