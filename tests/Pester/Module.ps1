# Dot-sourced in BeforeAll by each file of tests: where things lie, and small networks to work with.

$root = Resolve-Path (Join-Path $PSScriptRoot '../..')
$manifest = Join-Path $root 'module/PSConvNet.psd1'
if (-not (Test-Path (Join-Path $root 'module/bin/PSConvNet.dll'))) {
    throw 'The module is not built: run dotnet build -c Release, or ./build.ps1.'
}

function New-TinyModel([string] $Name = 'tiny') {
    New-ConvLayer 4 -KernelSize 3 -Activation ReLU |
        New-MaxPoolLayer 2 |
        New-FlattenLayer |
        New-DenseLayer 10 -Activation Softmax |
        New-Model -Name $Name -InputShape 28, 28, 1
}

function Get-Completion([string] $Text) {
    (TabExpansion2 $Text $Text.Length).CompletionMatches.CompletionText
}
