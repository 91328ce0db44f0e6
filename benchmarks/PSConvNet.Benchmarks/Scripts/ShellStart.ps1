# Writes two lines: the seconds of Import-Module, and those from there to the end of the first batch.
param([string] $Result, [string] $Manifest)

$ErrorActionPreference = 'Stop'
function Import-Digits { try { Import-Mnist } catch { Import-Mnist -Name Synthetic } }
$clock = [System.Diagnostics.Stopwatch]::StartNew()
Import-Module $Manifest
$import = $clock.Elapsed.TotalSeconds

$clock.Restart()
$data = Import-Digits | Expand-Dimension
$model = New-Model -Preset TutorialConv -InputShape 28,28,1
$null = $model | Invoke-Training -Data $data.Take(128) -Epochs 1
$firstBatch = $clock.Elapsed.TotalSeconds

[System.IO.File]::WriteAllLines($Result, [string[]] ($import, $firstBatch).ForEach({ $_.ToString('R', [cultureinfo]::InvariantCulture) }))
