<#
.SYNOPSIS
The tutorial: handwritten digits, a dense and a convolutional network, trained with the same call and compared.

.DESCRIPTION
Imports MNIST, gives the images their channel dimension, builds the two networks in a pipeline, trains both for 12 epochs on all
60,000 digits, and compares them on the 10,000 test digits. Runs in PowerShell 7.4 or later.

.PARAMETER Quick
Three epochs on the first 10,000 digits: a minute or so instead of several.

.PARAMETER Epochs
The number of passes through the training digits.

.PARAMETER Path
A folder with the four MNIST files. Without it, Import-Mnist looks in PSCONVNET_DATA and its cache, and downloads them if they aren't there.

.EXAMPLE
dotnet run -c Release --project src/PSConvNet.Shell -- examples/mnist-tutorial.ps1 -Quick
#>
[CmdletBinding()]
param(
    [switch] $Quick,
    [double] $Epochs = $(if ($Quick) { 3 } else { 12 }),
    [string] $Path
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PSConvNet)) {
    Import-Module "$PSScriptRoot/../module/PSConvNet.psd1"
}

# 1. The digits -------------------------------------------------------------------------------------------------------
$source = @{}
if ($Path) { $source.Path = $Path }
if ($Quick) { $source.First = 10000 }
try {
    $mnist = Import-Mnist @source
}
catch {
    if ($_.FullyQualifiedErrorId -notlike 'DatasetNotFound*') { throw }
    $PSCmdlet.WriteWarning($_.Exception.Message)
    $PSCmdlet.WriteWarning('Going on with SYNTHETIC digits, drawn by the module: the accuracies below are not those of MNIST.')
    $source.Remove('Path')
    $mnist = Import-Mnist -Name Synthetic @source
}
$mnist | Out-Default
"Shape of a digit as imported:      $($mnist.Shape)"

# A convolution wants to know how many channels an image has: one, for grey.
$mnist = $mnist | Expand-Dimension
"Shape with the channel dimension:  $($mnist.Shape)"

# 2. The networks -----------------------------------------------------------------------------------------------------
$dense = New-FlattenLayer |
    New-DenseLayer 512 -Activation ReLU | New-DropoutLayer 0.2 |
    New-DenseLayer 512 -Activation ReLU | New-DropoutLayer 0.2 |
    New-DenseLayer 10 -Activation Softmax | New-Model -Name dense -InputShape 28,28,1

$conv = New-ConvLayer 32 -KernelSize 3 -Activation ReLU |
    New-ConvLayer 64 -KernelSize 3 -Activation ReLU |
    New-MaxPoolLayer 2 | New-DropoutLayer 0.25 | New-FlattenLayer |
    New-DenseLayer 128 -Activation ReLU | New-DropoutLayer 0.5 |
    New-DenseLayer 10 -Activation Softmax | New-Model -Name conv -InputShape 28,28,1

$dense, $conv | Out-Default

# 3. Training: the same call for both ---------------------------------------------------------------------------------
$runs = $dense, $conv | Invoke-Training -Data $mnist -Epochs $Epochs -Verbose

# 4. The comparison ---------------------------------------------------------------------------------------------------
$rows = $runs | Compare-Model -Data $mnist
$rows | Out-Default

$percent = { param($share) $share.ToString('P2', [cultureinfo]::InvariantCulture) }
$results = foreach ($run in $runs) {
    $row = $rows.Where({ $_.Name -eq $run.ModelName })[0]
    "$($run.ModelName) $(& $percent $row.Accuracy) in $([Math]::Round($run.Seconds)) s"
}
"After $Epochs epochs on $($mnist.Train.Count) images of $($mnist.Name): $($results -join ', ')."
