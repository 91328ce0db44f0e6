# Trains the tutorial's network by turns through Invoke-Training and through the engine's own Trainer, which takes no notice of
# PowerShell once it runs. Writes two lines: the median seconds an epoch of 1,280 images takes either way.
param([string] $Result, [int] $Turns, [int] $Epochs)

$ErrorActionPreference = 'Stop'
function Import-Digits { try { Import-Mnist } catch { Import-Mnist -Name Synthetic } }
$data = (Import-Digits | Expand-Dimension).Take(1280)
$model = New-Model -Preset TutorialConv -InputShape 28,28,1

# What the cmdlet makes of its parameters is what the engine is called with. After two runs the JIT is done with most of it, too.
$options = (1..2 | ForEach-Object { $model | Invoke-Training -Data $data -Epochs $Epochs })[-1].Options

$cmdlet = [System.Collections.Generic.List[double]]::new()
$engine = [System.Collections.Generic.List[double]]::new()
# Without each run's first epoch, whose fresh memory costs more and more irregularly than what is looked for.
function Add-Epoch($run, $list) { $run.History | ForEach-Object { if ($_.Epoch -gt 1) { $list.Add($_.Seconds) } } }
$runs = @(
    { Add-Epoch ($model | Invoke-Training -Data $data -Epochs $Epochs) $cmdlet }
    { Add-Epoch ([PSConvNet.Training.Trainer]::new($model, $data, $options, $null).Run([System.Threading.CancellationToken]::None)) $engine }
)
for ($turn = 0; $turn -lt $Turns; $turn++) {
    # Now the one first, now the other: what comes later is compiled better.
    & $runs[$turn % 2]
    & $runs[($turn + 1) % 2]
}
$lines = foreach ($list in $cmdlet, $engine) {
    $list.Sort()
    $list[[Math]::Floor($list.Count / 2)].ToString('R', [cultureinfo]::InvariantCulture)
}
[System.IO.File]::WriteAllLines($Result, [string[]] $lines)
