# Trains the tutorial's network by turns through Invoke-Training and through the engine's own Trainer, which takes no notice of
# PowerShell once it runs. Writes two lines: the median seconds an epoch of 1,280 images takes either way.
param([string] $Result, [int] $Turns, [int] $Epochs)

$ErrorActionPreference = 'Stop'
function Import-Digits { try { Import-Mnist } catch { Import-Mnist -Name Synthetic } }
$data = (Import-Digits | Expand-Dimension).Take(1280)
$model = New-Model -Preset TutorialConv -InputShape 28,28,1

# What the cmdlet makes of its parameters is what the engine is called with. By then the JIT is done, too.
$options = ($model | Invoke-Training -Data $data -Epochs $Epochs).Options

$cmdlet = [System.Collections.Generic.List[double]]::new()
$engine = [System.Collections.Generic.List[double]]::new()
for ($turn = 0; $turn -lt $Turns; $turn++) {
    # Without each run's first epoch, whose fresh memory costs more and more irregularly than what is looked for.
    $run = $model | Invoke-Training -Data $data -Epochs $Epochs
    $run.History | ForEach-Object { if ($_.Epoch -gt 1) { $cmdlet.Add($_.Seconds) } }
    $run = [PSConvNet.Trainer]::new($model, $data, $options, $null).Run([System.Threading.CancellationToken]::None)
    $run.History | ForEach-Object { if ($_.Epoch -gt 1) { $engine.Add($_.Seconds) } }
}
$lines = foreach ($list in $cmdlet, $engine) {
    $list.Sort()
    $list[[Math]::Floor($list.Count / 2)].ToString('R', [cultureinfo]::InvariantCulture)
}
[System.IO.File]::WriteAllLines($Result, [string[]] $lines)
