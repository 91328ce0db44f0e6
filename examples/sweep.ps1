<#
.SYNOPSIS
The tutorial's suggestions as a sweep: different numbers of filters and units, activations and learning rates.

.DESCRIPTION
Runs trials with settings chosen by a tree-structured Parzen estimator, stops unpromising ones after a few epochs (not with -Quick), repeats the best
with other seeds, and measures the best on the test digits. After Ctrl-C, the same command continues the study. Runs in
PowerShell 7.4 or later.

.PARAMETER Study
The folder of the study.

.PARAMETER Quick
Twelve trials on 6,000 digits: about a minute.

.PARAMETER Path
A folder with the four MNIST files. Without it, Import-Mnist looks in PSCONVNET_DATA and its cache, and downloads them if they aren't there.

.EXAMPLE
dotnet run -c Release --project src/PSConvNet.Shell -- examples/sweep.ps1 -Quick
#>
[CmdletBinding()]
param(
    [string] $Study = './study',
    [switch] $Quick,
    [string] $Path
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PSConvNet)) {
    Import-Module "$PSScriptRoot/../module/PSConvNet.psd1"
}
$where = if ($Path) { @{ Path = $Path } } else { @{} }
$size = if ($Quick) { @{ First = 6000 } } else { @{} }
$digits = Import-Mnist @where @size | Expand-Dimension

$space = New-SweepSpace -Choice @{ Filters = 8, 16, 32; Activation = 'ReLU', 'GELU' } `
                        -Integer @{ Units = 32, 128 } -LogUniform @{ LearningRate = 1e-4, 1e-2 }

$trials, $pruner = $Quick ? (12, 'None') : (40, 'Asha')
Invoke-Sweep -Space $space -Data $digits -Epochs 6 -Trials $trials -Sampler Tpe -Pruner $pruner -Replicate 2 -Study $Study {
    param($p)
    New-ConvLayer $p.Filters -Activation $p.Activation | New-MaxPoolLayer 2 | New-FlattenLayer |
        New-DenseLayer $p.Units -Activation $p.Activation | New-DenseLayer 10 -Activation Softmax
} | Compare-Model | Out-Default

# Each by itself, for PowerShell lays out what comes after a table of another kind as a list.
Get-SweepTrial $Study -Best 3 | Out-Default
Show-Sweep $Study | Out-Default
