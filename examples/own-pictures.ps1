<#
.SYNOPSIS
Your own pictures: imports a folder for each class as a data set, trains networks on it, and classifies files.

.DESCRIPTION
Imports a folder that contains a folder for each class, trains a dense and a convolutional network on four fifths of the pictures,
compares them on the rest, and asks the better one about one file of each class. Without -Path it first draws its own pictures:
circles, squares and triangles of different sizes and positions. Runs in PowerShell 7.4 or later.

.PARAMETER Path
A folder that contains a folder for each class. Without it, pictures are drawn in a temporary folder and removed at the end.

.PARAMETER Preparation
What New-ImagePreparation returns: the pictures are prepared as MNIST's were, which suits digits, letters and other strokes in ink. Without it
they are resized as they are.

.PARAMETER Size
The height and width to which all pictures are resized.

.PARAMETER Epochs
The number of passes through the training pictures.

.EXAMPLE
dotnet run -c Release --project src/PSConvNet.Shell -- examples/own-pictures.ps1

.EXAMPLE
./examples/own-pictures.ps1 -Path ./letters -Preparation (New-ImagePreparation)
#>
[CmdletBinding()]
param(
    [string] $Path,
    [object] $Preparation,
    [int] $Size = 28,
    [double] $Epochs = 15
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module PSConvNet)) {
    Import-Module "$PSScriptRoot/../module/PSConvNet.psd1"
}

# A bright shape on a dark ground, as a BMP of 256 greys: headers, the greys, then the rows from the lowest up.
function Write-Shape([string] $File, [string] $Shape, [Random] $Random) {
    $side = 4 * $Random.Next(6, 10)
    $radius = $side * (0.25 + 0.2 * $Random.NextDouble())
    $x0 = $radius + $Random.NextDouble() * ($side - 2 * $radius)
    $y0 = $radius + $Random.NextDouble() * ($side - 2 * $radius)
    $ground = $Random.Next(0, 70)
    $ink = $Random.Next(150, 230)
    $pixels = [byte[]]::new($side * $side)
    $Random.NextBytes($pixels)
    for ($i = 0; $i -lt $pixels.Length; $i++) {
        $x = ($i % $side - $x0) / $radius
        $y = ($y0 - [Math]::Floor($i / $side)) / $radius
        $inside = switch ($Shape) {
            circle { $x * $x + $y * $y -le 1 }
            square { $x -ge -0.85 -and $x -le 0.85 -and $y -ge -0.85 -and $y -le 0.85 }
            triangle { $y -le 0.9 -and [Math]::Abs($x) -le 0.55 * ($y + 0.9) }
        }
        $pixels[$i] = ($inside ? $ink : $ground) + $pixels[$i] % 25
    }
    $writer = [IO.BinaryWriter]::new([IO.File]::Create($File))
    try {
        $writer.Write([byte[]] (66, 77))
        foreach ($number in (1078 + $pixels.Length), 0, 1078, 40, $side, $side) { $writer.Write([int] $number) }
        foreach ($number in 1, 8) { $writer.Write([int16] $number) }
        foreach ($number in 0, $pixels.Length, 0, 0, 256, 0) { $writer.Write([int] $number) }
        foreach ($grey in 0..255) { $writer.Write([byte[]] ($grey, $grey, $grey, 0)) }
        $writer.Write($pixels)
    }
    finally { $writer.Dispose() }
}

$drawn = $null
if ($Path) {
    $Path = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path).TrimEnd('/', '\')
}
else {
    $drawn = [IO.Directory]::CreateTempSubdirectory('own-pictures-').FullName
    $Path = "$drawn/shapes"
    $random = [Random]::new(1)
    foreach ($shape in 'circle', 'square', 'triangle') {
        $folder = [IO.Directory]::CreateDirectory("$Path/$shape").FullName
        foreach ($i in 1..150) { Write-Shape "$folder/$i.bmp" $shape $random }
    }
}

try {
    # 1. The pictures -------------------------------------------------------------------------------------------------
    # A network learns from pictures as they were prepared here, and Invoke-Prediction below prepares its files in the same way.
    $prepared = @{}
    if ($Preparation) { $prepared.Preparation = $Preparation }
    $data = Import-ImageFolder -LiteralPath $Path -Size $Size @prepared
    $data | Out-Default
    $classes = $data.ClassNames.Count

    # 2. The networks -------------------------------------------------------------------------------------------------
    $dense = New-FlattenLayer | New-DenseLayer 128 -Activation ReLU |
        New-DenseLayer $classes -Activation Softmax | New-Model -Name dense -InputShape $Size,$Size,1

    $conv = New-ConvLayer 16 -Activation ReLU | New-MaxPoolLayer 2 |
        New-ConvLayer 32 -Activation ReLU | New-MaxPoolLayer 2 | New-FlattenLayer |
        New-DenseLayer 64 -Activation ReLU | New-DropoutLayer 0.3 |
        New-DenseLayer $classes -Activation Softmax | New-Model -Name conv -InputShape $Size,$Size,1

    # 3. Training and the comparison ----------------------------------------------------------------------------------
    $runs = $dense, $conv | Invoke-Training -Data $data -Epochs $Epochs -BatchSize 32
    $rows = @($runs | Compare-Model -Data $data)
    $rows | Out-Default

    # 4. What is in a file? -------------------------------------------------------------------------------------------
    $best = if ($rows[0].Name -eq 'conv') { $conv } else { $dense }
    $files = foreach ($class in $data.ClassNames) {
        [string[]] $found = [IO.Directory]::GetFiles("$Path/$class", '*', 'AllDirectories') -match '[\\/][^.][^\\/]*\.(png|jpe?g|bmp)$'
        [Array]::Sort($found, [StringComparer]::Ordinal)
        $found[0]
    }
    $answers = Invoke-Prediction $best -LiteralPath $files
    foreach ($answer in $answers) {
        $share = $answer.Probability.ToString('P0', [cultureinfo]::InvariantCulture)
        "$($answer.Source.Substring($Path.Length + 1)): $($answer.ClassName), $share"
    }
}
finally {
    if ($drawn) { [IO.Directory]::Delete($drawn, $true) }
}
