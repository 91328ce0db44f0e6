# What is different on Windows. Run.ps1 leaves this file out elsewhere; WindowsTests (tests/PSConvNet.Module.Tests/Windows) runs it under Wine.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Module.ps1')
    Import-Module $manifest
}

Describe 'On Windows' {
    It 'an export replaces a file that a reader opens again and again' {
        $path = Join-Path $TestDrive 'read.psconvnet'
        $model = New-TinyModel
        $null = $model | Export-Model -Path $path
        # A reader that shares all it can.
        $reader = Start-ThreadJob {
            while (-not (Test-Path "$using:path.stop")) {
                try { [IO.FileStream]::new($using:path, 'Open', 'Read', 'ReadWrite, Delete').Dispose() } catch [IO.IOException] { $null = $_ }
            }
        }
        try { foreach ($i in 1..30) { { $model | Export-Model -Path $path -Force -ErrorAction Stop } | Should -Not -Throw } }
        finally {
            New-Item "$path.stop" | Out-Null
            $reader | Receive-Job -Wait -AutoRemoveJob
        }
        (Import-Model $path).ParameterCount | Should -Be $model.ParameterCount
    }

    It 'pictures are found in folders, which lie on a drive whose root is not a link' {
        $model = New-TinyModel
        foreach ($class in 'one', 'two') {
            $folder = New-Item (Join-Path $TestDrive "pictures/$class") -ItemType Directory -Force
            foreach ($i in 1..3) { $model | Show-Model -Path (Join-Path $folder "$i.png") | Out-Null }
        }
        (Import-ImageFolder (Join-Path $TestDrive 'pictures') -Size 28, 28 -WarningAction Ignore).ClassNames | Should -Be 'one', 'two'
    }

    It 'equal seeds give equal bits, five times' {
        $data = Import-Mnist -Name Synthetic -First 1000 | Expand-Dimension
        $losses = foreach ($i in 1..5) {
            $model = New-ConvLayer 32 -Activation ReLU | New-MaxPoolLayer 2 | New-FlattenLayer | New-DenseLayer 64 -Activation ReLU |
                New-DenseLayer 10 -Activation Softmax | New-Model -InputShape 28, 28, 1 -Seed 3
            ($model | Invoke-Training -Data $data -Epochs 1 -Seed 5 -Quiet).History[-1].Loss
        }
        @($losses | Select-Object -Unique).Count | Should -Be 1
    }

    It 'tells libtorch to leave Ctrl-C alone and to compute the same each time, unless the user has said otherwise' {
        Get-ConvNetEnvironment -Load | Out-Null
        $env:FOR_DISABLE_CONSOLE_CTRL_HANDLER | Should -Be '1'
        $env:MKL_CBWR | Should -Not -BeNullOrEmpty
    }

    It 'reads and writes names that no code page of Windows has' {
        $path = Join-Path $TestDrive '数字 é.psconvnet'
        $model = New-TinyModel -Name '数字'
        $null = $model | Export-Model -Path $path
        (Import-Model $path).Name | Should -Be '数字'
    }
}
