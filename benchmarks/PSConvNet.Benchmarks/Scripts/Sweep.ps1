# A sweep on real digits, for the benchmark: 24 points of a grid, or 100 by chance.
param([string] $Study, [string] $Sampler, [int] $Parallel, [int] $Threads)

$data = Import-Mnist -First ($Sampler -eq 'Grid' ? 30000 : 2000) | Expand-Dimension
$space = $Sampler -eq 'Grid' ?
    (New-SweepSpace @{ Filters = 8, 16, 32; Activation = 'ReLU', 'GELU'; Units = 32, 64; LearningRate = 0.001, 0.003 }) :
    (New-SweepSpace @{ Filters = 8, 16; Activation = 'ReLU', 'GELU' } -Integer @{ Units = 16, 64 } -LogUniform @{ LearningRate = 1e-4, 1e-2 })
Invoke-Sweep -Space $space -Data $data -Epochs 3 -Sampler $Sampler -Trials ($Sampler -eq 'Grid' ? 24 : 100) -Retry 20 `
    -Study $Study -Parallel $Parallel -Threads $Threads -Quiet {
    param($p)
    New-ConvLayer $p.Filters -Activation $p.Activation | New-MaxPoolLayer 2 | New-FlattenLayer |
        New-DenseLayer $p.Units -Activation $p.Activation | New-DropoutLayer 0.2 | New-DenseLayer 10 -Activation Softmax
} | ForEach-Object { "$_" }
