<#
.SYNOPSIS
Fine-tuning: a network that knows MNIST's digits learns the digits of one person from twenty pictures of each, in seconds.

.DESCRIPTION
Trains a convolutional network on MNIST (or uses one that you trained), measures it on a person's digits, freezes all layers except the dense
ones, trains these on twenty pictures per class, and measures both networks on the pictures that were held out, with 95 % intervals and McNemar's
test; then on MNIST's own test digits, to show what was forgotten. Runs in PowerShell 7.4 or later.

Without -Path the script invents a person. It takes test digits of MNIST, on which the network wasn't trained, and changes them to look like the digits of
somebody who learned to write in Europe: ones with a long upstroke, sevens and zeros with a stroke through them, all of them slanted
backwards and drawn with a thick pen. Such pictures show how the commands work, but not how well your own digits will be read.

.PARAMETER Path
A folder that contains a folder for each digit, 0 to 9, with pictures that were drawn, scanned or photographed, on a light or dark background. They are
prepared as the authors of MNIST prepared theirs (docs/preparation.md).

.PARAMETER Model
A model file of Export-Model that was trained on digits. Without it, a model is trained first.

.PARAMETER PerClass
The number of pictures of each class to train on. All others are held out for measurement.

.PARAMETER HeldOut
The number of additional pictures of each class by the invented person, for measurement.

.PARAMETER Epochs
The number of passes through these pictures.

.PARAMETER Quick
Trains the first network for only one epoch on 5,000 digits.

.EXAMPLE
dotnet run -c Release --project src/PSConvNet.Shell -- examples/own-digits.ps1 -Quick
#>
[CmdletBinding()]
param(
    [string] $Path,
    [string] $Model,
    [int] $PerClass = 20,
    [int] $HeldOut = 50,
    [double] $Epochs = 20,
    [switch] $Quick
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PSConvNet)) {
    Import-Module "$PSScriptRoot/../module/PSConvNet.psd1"
}

# One digit of 28 x 28 as the made-up person writes it: more ink where this person puts it, then the slant, then the pen.
function Convert-Hand([byte[]] $Pixels, [string] $Digit) {
    $side = 28
    $drawn = [byte[]] $Pixels.Clone()
    $top, $bottom, $left, $right, $first = $side, 0, $side, 0, -1
    for ($i = 0; $i -lt 784; $i++) {
        if ($Pixels[$i] -le 127) { continue }
        $x = $i % $side
        $y = ($i - $x) / $side
        if ($first -lt 0) { $top, $first = $y, $x }
        if ($x -lt $left) { $left = $x }
        if ($x -gt $right) { $right = $x }
        $bottom = $y
    }
    # From column and row, to column and row; none for most digits.
    $line = switch ($Digit) {
        '0' { $right, $top, $left, $bottom }
        '1' { $first, $top, [Math]::Max(2, $first - 7), [Math]::Min(25, $top + 8) }
        '7' {
            $row = [int] (($top + $bottom) / 2)
            $stem = 0..27 | Where-Object { $Pixels[$row * $side + $_] -gt 127 } | Select-Object -First 1
            [Math]::Max(2, $stem - 4), $row, [Math]::Min(25, $stem + 6), $row
        }
    }
    if ($line) {
        $x1, $y1, $x2, $y2 = $line
        $steps = [Math]::Max([Math]::Abs($x2 - $x1), [Math]::Abs($y2 - $y1))
        for ($step = 0; $step -le $steps; $step++) {
            $x = [Math]::Round($x1 + ($x2 - $x1) * $step / [Math]::Max(1, $steps))
            $y = [Math]::Round($y1 + ($y2 - $y1) * $step / [Math]::Max(1, $steps))
            $drawn[$y * $side + $x] = 255
        }
    }
    $slanted = [byte[]]::new(784)
    for ($y = 0; $y -lt $side; $y++) {
        # Three pixels to the left at the top, three to the right at the bottom.
        $shift = [int] [Math]::Round(($y - 13.5) * 0.25)
        $from = [Math]::Max(0, -$shift)
        [Array]::Copy($drawn, $y * $side + $from, $slanted, $y * $side + $from + $shift, $side - [Math]::Abs($shift))
    }
    $thick = [byte[]] $slanted.Clone()
    for ($i = 0; $i -lt 756; $i++) {
        $ink = $slanted[$i]
        if ($ink -le 60) { continue }
        if ($i % $side -lt $side - 1 -and $thick[$i + 1] -lt $ink) { $thick[$i + 1] = $ink }
        if ($thick[$i + $side] -lt $ink) { $thick[$i + $side] = $ink }
    }
    , $thick
}

# A picture of greys as a BMP: headers, the greys, then the rows from the lowest up.
function Write-Grey([string] $File, [byte[]] $Pixels, [int] $Side) {
    $writer = [IO.BinaryWriter]::new([IO.File]::Create($File))
    try {
        $writer.Write([byte[]] (66, 77))
        foreach ($number in (1078 + $Pixels.Length), 0, 1078, 40, $Side, $Side) { $writer.Write([int] $number) }
        foreach ($number in 1, 8) { $writer.Write([int16] $number) }
        foreach ($number in 0, $Pixels.Length, 0, 0, 256, 0) { $writer.Write([int] $number) }
        foreach ($grey in 0..255) { $writer.Write([byte[]] ($grey, $grey, $grey, 0)) }
        for ($row = $Side - 1; $row -ge 0; $row--) { $writer.Write($Pixels, $row * $Side, $Side) }
    }
    finally { $writer.Dispose() }
}

# 1. A network that knows digits --------------------------------------------------------------------------------------
try {
    $mnist = Import-Mnist | Expand-Dimension
}
catch {
    Write-Warning "$($_.Exception.Message)"
    Write-Warning 'Going on with SYNTHETIC digits, drawn by the module: the numbers below are not those of MNIST.'
    $mnist = Import-Mnist Synthetic -First 20000 | Expand-Dimension
}
if ($Quick) {
    $mnist = [PSConvNet.Data.Dataset]::new($mnist.Name, $mnist.Train.Take(5000), $mnist.Test, $mnist.ClassNames, $mnist.Source)
}
if ($Model) {
    $base = Import-Model $Model
}
else {
    $base = New-Model -Preset FastConv -Name base
    $run = $base | Invoke-Training -Data $mnist -Recipe Fast -Epochs ($Quick ? 1 : 2)
    "Trained the first network in $([Math]::Round($run.Seconds)) s."
}

# 2. A person's digits ------------------------------------------------------------------------------------------------
$made = $null
$test = $mnist.Test
if ($Path) {
    $Path = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path)
}
else {
    "There is no -Path: this script makes up a person, whose digits are test digits of $($mnist.Name) written another way."
    $made = [IO.Directory]::CreateTempSubdirectory('own-digits-').FullName
    $Path = "$made/person"
    # Those of the first half of the test digits; what was forgotten is measured on the second.
    $half = [int] ($test.Count / 2)
    $each = [Math]::Max(2, [Math]::Min($PerClass + $HeldOut, [int] ($half / 25)))
    $labels = $test.Labels.ToArray()
    foreach ($digit in 0..9) {
        $folder = [IO.Directory]::CreateDirectory("$Path/$digit").FullName
        $taken = 0
        for ($i = 0; $i -lt $half -and $taken -lt $each; $i++) {
            if ($labels[$i] -ne $digit) { continue }
            Write-Grey "$folder/$taken.bmp" (Convert-Hand $test.GetImage($i).ToArray() "$digit") 28
            $taken++
        }
    }
    $test = $test.Select('Test', [int[]] ($half..($test.Count - 1)))
}

try {
    $counts = foreach ($folder in [IO.Directory]::GetDirectories($Path)) { [IO.Directory]::GetFiles($folder).Count }
    $fewest = ($counts | Measure-Object -Minimum).Minimum
    if ($fewest -le $PerClass) {
        throw "The smallest class of $Path has $fewest pictures; with -PerClass $PerClass none of them is left to measure on. Give a lower -PerClass, or more pictures."
    }
    # Pictures that somebody brings have to become what MNIST's are first; those of the made-up person are that already.
    $how = if ($made) { @{} } else { @{ Preparation = New-ImagePreparation } }
    $own = Import-ImageFolder -LiteralPath $Path -TestSplit (1 - $PerClass / $fewest) @how
    "$($own.Train.Count) pictures to learn from, $($own.Test.Count) held out."

    # 3. Fine-tuning: the convolutions stay as they are, the dense layers learn ---------------------------------------
    $tuned = Copy-Model $base -Name tuned
    $run = $tuned | Invoke-Training -Data $own -Frozen * -Unfrozen dense* -Epochs $Epochs -BatchSize 20 -Augmentation @{ Shift = 1; Rotate = 5 } -ClassWeight Balanced
    "Learned them in $($run.Seconds.ToString('0.0', [cultureinfo]::InvariantCulture)) s."

    # 4. Before and after, on pictures that neither network has seen --------------------------------------------------
    $rows = @($base, $tuned | Compare-Model -Data $own)
    $rows | Out-Default

    # What it costs: the digits that the first network was trained for.
    $before, $after = foreach ($network in $base, $tuned) { Measure-Model $network $test }
    foreach ($metrics in $before, $after) {
        [string]::Format([cultureinfo]::InvariantCulture, '{0} on {1:N0} other test digits of {2}: {3:0.00} % ({4:0.00} % to {5:0.00} %)',
            $metrics.Name, $metrics.Samples, $mnist.Name, 100 * $metrics.Accuracy, 100 * $metrics.Interval.Lower, 100 * $metrics.Interval.Upper)
    }
    # Where it errs no more, there is no picture.
    Show-Image $own -Model $tuned -Wrong -Count 8 -ErrorAction SilentlyContinue
}
finally {
    if ($made) { [IO.Directory]::Delete($made, $true) }
}
