# What only a real pwsh shows: the import, the views, runspaces and worker processes of its own. What the cmdlets do is tested in
# tests/PSConvNet.Module.Tests.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Module.ps1')
    Import-Module $manifest -Force
    $data = Import-Mnist -Name Synthetic -First 300 | Expand-Dimension
}

Describe 'Import' {
    It 'exports what the manifest lists, with approved verbs' {
        $listed = (Import-PowerShellDataFile $manifest).CmdletsToExport | Sort-Object
        $exported = Get-Command -Module PSConvNet
        $exported.Name | Sort-Object | Should -Be $listed
        $exported.Verb | Sort-Object -Unique | Should -BeIn (Get-Verb).Verb
    }

    It 'takes a prefix' {
        $shell = [powershell]::Create()
        try {
            $names = $shell.AddScript('Import-Module $args[0] -Prefix My; (Get-Command -Module PSConvNet).Name').AddArgument($manifest).Invoke()
            $shell.Streams.Error | Should -BeNullOrEmpty
            $names | Should -Contain 'New-MyConvLayer'
            $names | Should -Not -Contain 'New-ConvLayer'
        }
        finally { $shell.Dispose() }
    }

    It 'loads no native library by itself' {
        Invoke-Pwsh "Import-Module '$manifest'; [PSConvNet.Runtime.LibTorch]::IsLoaded" | Should -Be 'False'
    }

    It 'makes its types nameable, so that scripts can ask for them' {
        [PSConvNet.Shape].Assembly.Location | Should -BeLike "$(Join-Path $root 'module')*"
        $model = New-TinyModel
        $model | Should -BeOfType ([PSConvNet.Models.Model])
        $model.InputShape | Should -BeOfType ([PSConvNet.Shape])
        function Get-Rank([PSConvNet.Shape] $Shape) { $Shape.Rank }
        Get-Rank $model.InputShape | Should -Be 3
    }
}

Describe 'Views' {
    It 'shows a data set as a short table' {
        $text = $data | Out-String
        $text | Should -Match 'Synthetic'
        $text | Should -Match '28 x 28 x 1'
        @($text.Trim() -split '\r?\n').Count | Should -BeLessThan 8
    }

    It 'shows a model with its layers and parameters' {
        $model = New-Model -Preset TutorialConv
        foreach ($text in ($model | Out-String), ($model | Get-ModelSummary | Out-String)) {
            $text | Should -Match '1,199,882'
            $text | Should -Match '26 x 26 x 32'
        }
    }

    It 'shows layers one per line' {
        @((New-ConvLayer 8 | New-FlattenLayer | Out-String) -split '\r?\n' -match 'Conv|Flatten').Count | Should -Be 2
    }
}

Describe 'ForEach-Object -Parallel' {
    It 'runs two trainings at once, and neither disturbs the other' {
        $runs = 1..2 | ForEach-Object -ThrottleLimit 2 -Parallel {
            Import-Module $using:manifest
            . (Join-Path $using:PSScriptRoot 'Module.ps1')
            New-TinyModel "model$_" | Invoke-Training -Data $using:data -Epochs 3 -Threads 1 -Seed 1 -Quiet
        }
        $alone = New-TinyModel | Invoke-Training -Data $data -Epochs 3 -Threads 1 -Seed 1 -Quiet

        $runs.Count | Should -Be 2
        foreach ($run in $runs) {
            $run.Status | Should -Be 'Completed'
            $run.History.Loss | Should -Be $alone.History.Loss
        }
    }
}

Describe 'A sweep' {
    It 'has workers that are pwsh, and trials that sort, filter and export by their parameters' {
        $space = New-SweepSpace @{ Units = 4, 8; LearningRate = 0.001, 0.01 }
        $layers = {
            param($p)
            New-FlattenLayer | New-DenseLayer $p.Units -Activation ReLU | New-DenseLayer 10 -Activation Softmax
        }
        $study = Join-Path $TestDrive 'grid'
        $best = @(Invoke-Sweep $layers -Space $space -Data $data -Epochs 2 -Sampler Grid -Study $study -Parallel 2 -Best 2 -Quiet)

        $best.Count | Should -Be 2
        $best[0].Value | Should -Be (Get-SweepTrial $study | Measure-Object Value -Maximum).Maximum
        $sorted = Get-SweepTrial $study | Sort-Object LearningRate, Units -Descending
        $sorted.LearningRate | Should -Be 0.01, 0.01, 0.001, 0.001
        $sorted.Units | Should -Be 8, 4, 8, 4
        @(Get-SweepTrial $study | Where-Object Units -EQ 4).Count | Should -Be 2
        Get-SweepTrial $study | Select-Object Number, Units, LearningRate, Value | Export-Csv (Join-Path $TestDrive 'trials.csv')
        (Import-Csv (Join-Path $TestDrive 'trials.csv')).Count | Should -Be 4
    }
}
