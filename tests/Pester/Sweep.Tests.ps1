# A sweep in pwsh: workers are pwsh too, and its trials are objects for the commands that the engine alone has not.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Module.ps1')
    Import-Module $manifest -Force
    $data = Import-Mnist -Name Synthetic -First 300 | Expand-Dimension
    $space = New-SweepSpace @{ Units = 4, 8; LearningRate = 0.001, 0.01 }
    $layers = {
        param($p)
        New-FlattenLayer | New-DenseLayer $p.Units -Activation ReLU | New-DenseLayer 10 -Activation Softmax
    }
    $study = Join-Path $TestDrive 'grid'
    $best = @(Invoke-Sweep $layers -Space $space -Data $data -Epochs 2 -Sampler Grid -Study $study -Parallel 2 -Best 2 -Quiet)
}

Describe 'A sweep' {
    It 'gives the best trials first' {
        $best.Count | Should -Be 2
        $best[0].Value | Should -BeGreaterOrEqual $best[1].Value
        $best[0].Value | Should -Be (Get-SweepTrial $study | Measure-Object Value -Maximum).Maximum
    }

    It 'has trials that sort, filter and export by their parameters' {
        $sorted = Get-SweepTrial $study | Sort-Object LearningRate, Units -Descending
        $sorted.LearningRate | Should -Be 0.01, 0.01, 0.001, 0.001
        $sorted.Units | Should -Be 8, 4, 8, 4
        @(Get-SweepTrial $study | Where-Object Units -eq 4).Count | Should -Be 2
        Get-SweepTrial $study | Select-Object Number, Units, LearningRate, Value | Export-Csv (Join-Path $TestDrive 'trials.csv')
        (Import-Csv (Join-Path $TestDrive 'trials.csv')).Count | Should -Be 4
    }

    It 'ends in a table on the test part' {
        $rows = @($best | Compare-Model)
        $rows.Count | Should -Be 2
        $rows | Out-String | Should -Match 'trial'
    }

    It 'gives the same trials again with one worker' {
        $again = Join-Path $TestDrive 'again'
        $null = Invoke-Sweep $layers -Space $space -Data $data -Epochs 2 -Sampler Grid -Study $again -Parallel 1 -Quiet
        (Get-SweepTrial $again).Value | Should -Be (Get-SweepTrial $study).Value
        (Get-SweepTrial $again).ValidationLoss | Should -Be (Get-SweepTrial $study).ValidationLoss
    }

    It 'refuses other layers by id, and says what differs' {
        { Invoke-Sweep { New-FlattenLayer } -Space $space -Data $data -Epochs 2 -Sampler Grid -Study $study } |
            Should -Throw -ErrorId 'StudyMismatch,*' -ExpectedMessage '*the script block differs*'
    }

    It 'is drawn as text and as a file' {
        Show-Sweep $study | Out-String | Should -Match 'best so far'
        (Show-Sweep $study ParallelCoordinates -Path (Join-Path $TestDrive 'p.svg')).Length | Should -BeGreaterThan 1000
    }
}
