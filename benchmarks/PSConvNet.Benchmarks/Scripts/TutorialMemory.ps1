# Runs the tutorial and writes the largest resident size this process has had, in bytes.
param([string] $Result, [string] $Tutorial, [int] $Epochs)

& $Tutorial -Epochs $Epochs
$peak = [System.Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64
[System.IO.File]::WriteAllText($Result, "$peak")
