# The design's example on a few synthetic digits, two trainings at once, and a stop.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Module.ps1')
    Import-Module $manifest -Force
    $data = Import-Mnist -Name Synthetic -First 600 | Expand-Dimension
}

Describe 'The pipeline of the tutorial' {
    BeforeAll {
        $conv = New-TinyModel conv
        $dense = New-FlattenLayer | New-DenseLayer 16 -Activation ReLU |
            New-DenseLayer 10 -Activation Softmax | New-Model -Name dense -InputShape 28, 28, 1
        $runs = @($conv, $dense | Invoke-Training -Data $data -Epochs 2 -Quiet)
    }

    It 'emits a run for each model, in turn' {
        $runs.ModelName | Should -Be 'conv', 'dense'
        $runs | ForEach-Object { $_.History.Count | Should -Be 2 }
    }

    It 'shows a run as a table of its epochs' {
        $text = $runs[0] | Out-String
        $text | Should -Match 'Loss'
        $text | Should -Match 'Accuracy'
    }

    It 'compares them, best first, and trains neither' {
        $rows = @($runs | Compare-Model -Data $data)
        $rows.Count | Should -Be 2
        $rows[0].Accuracy | Should -BeGreaterOrEqual $rows[1].Accuracy
        $conv.TrainedEpochs, $dense.TrainedEpochs | Should -Be 2, 2
        $rows | Out-String | Should -Match 'conv'
    }

    It 'predicts and measures' {
        @($data | Invoke-Prediction -Model $conv).Count | Should -Be $data.Test.Count
        (Measure-Model -Model $conv -Data $data).Accuracy | Should -BeGreaterThan 0.1
    }
}

Describe 'Two trainings at once' {
    It 'both end well, and neither disturbs the other' {
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

Describe 'A stop' {
    It 'ends a training within seconds and leaves a model that works' {
        $model = New-TinyModel
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript('param($manifest, $model, $data) Import-Module $manifest; $model | Invoke-Training -Data $data -Epochs 100000')
            $null = $shell.AddArgument($manifest).AddArgument($model).AddArgument($data)
            $running = $shell.BeginInvoke()
            $deadline = [datetime]::UtcNow.AddSeconds(60)
            while ($model.TrainedEpochs -eq 0 -and -not $running.IsCompleted -and [datetime]::UtcNow -lt $deadline) {
                Start-Sleep -Milliseconds 50
            }
            $shell.Streams.Progress.Count | Should -BeGreaterThan 0

            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally { $shell.Dispose() }

        @($data | Invoke-Prediction -Model $model).Count | Should -Be $data.Test.Count
        ($model | Invoke-Training -Data $data -Epochs 1 -Quiet).Status | Should -Be 'Completed'
    }
}
