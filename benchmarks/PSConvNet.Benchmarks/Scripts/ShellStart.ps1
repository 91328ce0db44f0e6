# Writes two lines: the seconds of Import-Module, and those from there to the end of the first batch.
param([string] $Result, [string] $Manifest)

$ErrorActionPreference = 'Stop'
function Import-Digits { try { Import-Mnist } catch { Import-Mnist -Name Synthetic } }
Remove-Module PSConvNet
$clock = [System.Diagnostics.Stopwatch]::StartNew()
Import-Module $Manifest
$import = $clock.Elapsed.TotalSeconds

$clock.Restart()
$data = Import-Digits | Expand-Dimension
$model = New-ConvLayer 32 -Activation ReLU | New-ConvLayer 64 -Activation ReLU | New-MaxPoolLayer 2 | New-DropoutLayer 0.25 |
    New-FlattenLayer | New-DenseLayer 128 -Activation ReLU | New-DropoutLayer 0.5 | New-DenseLayer 10 -Activation Softmax |
    New-Model -Name conv -InputShape 28,28,1
$null = $model | Invoke-Training -Data $data.Take(128) -Epochs 1
$firstBatch = $clock.Elapsed.TotalSeconds

[System.IO.File]::WriteAllLines($Result, [string[]] ($import, $firstBatch).ForEach({ $_.ToString('R', [cultureinfo]::InvariantCulture) }))
