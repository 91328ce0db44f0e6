# Trains the tutorial's network by turns through Invoke-Training and through the engine's own Trainer, which takes no notice of
# PowerShell once it runs. Writes a line a pair: the engine's seconds / the cmdlet's.
param([string] $Result, [int] $Images, [int] $Pairs)

$ErrorActionPreference = 'Stop'
function Import-Digits { try { Import-Mnist } catch { Import-Mnist -Name Synthetic } }
$data = (Import-Digits | Expand-Dimension).Take($Images)
$model = New-Model -Preset TutorialConv -InputShape 28,28,1
# What the cmdlet uses when it is told no more than the number of epochs.
$options = ($model | Invoke-Training -Data $data -Epochs 1).Options

$clock = [System.Diagnostics.Stopwatch]::new()
function Measure-Cmdlet {
    $clock.Restart()
    $null = $model | Invoke-Training -Data $data -Epochs 1
    $clock.Elapsed.TotalSeconds
}
function Measure-Engine {
    $clock.Restart()
    $null = [PSConvNet.Trainer]::new($model, $data, $options, $null).Run([System.Threading.CancellationToken]::None)
    $clock.Elapsed.TotalSeconds
}

$null = Measure-Engine
$lines = for ($pair = 0; $pair -lt $Pairs; $pair++) {
    # Whoever comes second finds the clock and the caches as the first left them, so they take turns at that too.
    if ($pair % 2) {
        $engine = Measure-Engine
        $cmdlet = Measure-Cmdlet
    }
    else {
        $cmdlet = Measure-Cmdlet
        $engine = Measure-Engine
    }
    ($engine / $cmdlet).ToString('R', [cultureinfo]::InvariantCulture)
}
[System.IO.File]::WriteAllLines($Result, [string[]] $lines)
