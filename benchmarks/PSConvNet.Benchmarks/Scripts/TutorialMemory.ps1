# Runs the tutorial and writes the largest resident size this process has had, in bytes.
param([string] $Result, [string] $Tutorial, [double] $Epochs)

$null = & $Tutorial -Epochs $Epochs 4>&1
$peak = [System.Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64
[System.IO.File]::WriteAllText($Result, "$peak")
