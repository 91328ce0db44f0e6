# The module at a prompt of a real pwsh. What the cmdlets compute is tested in tests/PSConvNet.Module.Tests.

BeforeDiscovery {
    $cases = (Import-PowerShellDataFile (Join-Path $PSScriptRoot '../../module/PSConvNet.psd1')).CmdletsToExport |
        ForEach-Object { @{ Cmdlet = $_ } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Module.ps1')
    Import-Module $manifest -Force
}

Describe 'Import' {
    It 'exports what the manifest lists' {
        $listed = (Import-PowerShellDataFile $manifest).CmdletsToExport | Sort-Object
        (Get-Command -Module PSConvNet).Name | Sort-Object | Should -Be $listed
    }

    It 'uses approved verbs only' {
        (Get-Command -Module PSConvNet).Verb | Sort-Object -Unique | Should -BeIn (Get-Verb).Verb
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
        $pwsh = (Get-Process -Id $PID).Path
        & $pwsh -NoProfile -Command "Import-Module '$manifest'; [PSConvNet.Runtime.LibTorch]::IsLoaded" | Should -Be 'False'
    }

    It 'makes its types nameable, so that scripts can ask for them' {
        [PSConvNet.Shape].Assembly.Location | Should -BeLike "$(Join-Path $root 'module')*"
        $model = New-TinyModel
        $model | Should -BeOfType ([PSConvNet.Model])
        $model.InputShape | Should -BeOfType ([PSConvNet.Shape])
        function Get-Rank([PSConvNet.Shape] $Shape) { $Shape.Rank }
        Get-Rank $model.InputShape | Should -Be 3
    }
}

Describe 'Help of <Cmdlet>' -ForEach $cases {
    It 'has a synopsis and two examples' {
        $help = Get-Help $Cmdlet -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        # Without a help file PowerShell makes one up, whose synopsis is the syntax.
        $help.Synopsis.Trim() | Should -Not -BeLike "$Cmdlet*"
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
    }
}

Describe 'Errors' {
    It 'can be caught by id: <Id>' -ForEach @(
        @{ Id = 'OptimizerUnknown'; Category = 'ObjectNotFound'; Code = { New-Optimizer Nope } }
        @{ Id = 'DatasetNotFound'; Category = 'ObjectNotFound'; Code = { Import-Mnist -Path (Join-Path $TestDrive 'nothing') } }
        @{ Id = 'LayerSettingInvalid'; Category = 'InvalidArgument'; Code = { New-DropoutLayer 1 | New-Model -InputShape 10 } }
        @{ Id = 'LayerShapeMismatch'; Category = 'InvalidArgument'; Code = { New-ConvLayer 8 -KernelSize 9 | New-Model -InputShape 5, 5, 1 } }
    ) {
        $ErrorActionPreference = 'Stop'
        $caught = try { & $Code; $null } catch { $_ }
        $caught | Should -Not -BeNullOrEmpty
        $caught.FullyQualifiedErrorId | Should -BeLike "$Id,PSConvNet.Commands.*"
        $caught.CategoryInfo.Category | Should -Be $Category
    }

    It 'says what to do when a dense layer gets an image' {
        { New-DenseLayer 10 | New-Model -InputShape 28, 28, 1 -ErrorAction Stop } | Should -Throw '*New-FlattenLayer*'
    }
}

Describe 'Tab completion' {
    It 'offers <Expected> after "<Text>"' -ForEach @(
        @{ Text = 'New-ConvLayer 8 -Activation Re'; Expected = 'ReLU' }
        @{ Text = 'New-ConvLayer 8 -Padding '; Expected = 'Valid', 'Same' }
        @{ Text = 'New-ActivationLayer '; Expected = 'ReLU', 'LeakyReLU', 'GELU', 'ELU', 'SiLU', 'Sigmoid', 'Tanh', 'Softmax', 'LogSoftmax' }
        @{ Text = 'Import-Mnist -Name '; Expected = 'Digits', 'Fashion', 'Kuzushiji', 'Synthetic' }
        @{ Text = 'New-Optimizer Ad'; Expected = 'Adam', 'AdamW', 'Adadelta', 'Adagrad' }
        @{ Text = 'Invoke-Training -Optimizer '; Expected = 'SGD', 'Adam', 'AdamW', 'Adadelta', 'RMSprop', 'Adagrad' }
        @{ Text = 'Invoke-Training -Schedule '; Expected = 'Constant', 'Step', 'Exponential', 'Cosine', 'OneCycle', 'ReduceOnPlateau' }
        @{ Text = 'Invoke-Training -Device '; Expected = 'Cpu', 'Cuda', 'Mps' }
    ) {
        $offered = Get-Completion $Text
        foreach ($value in $Expected) { $offered | Should -Contain $value }
    }
}

Describe 'Views' {
    BeforeAll { $data = Import-Mnist -Name Synthetic -First 100 | Expand-Dimension }

    It 'shows a data set as a short table' {
        $text = $data | Out-String
        $text | Should -Match 'Synthetic'
        $text | Should -Match '28 x 28 x 1'
        @($text.Trim() -split '\r?\n').Count | Should -BeLessThan 8
    }

    It 'shows a model as Keras does, with the parameters of the tutorial' {
        $model = New-ConvLayer 32 -KernelSize 3 -Activation ReLU |
            New-ConvLayer 64 -KernelSize 3 -Activation ReLU |
            New-MaxPoolLayer 2 | New-DropoutLayer 0.25 | New-FlattenLayer |
            New-DenseLayer 128 -Activation ReLU | New-DropoutLayer 0.5 |
            New-DenseLayer 10 -Activation Softmax | New-Model -Name conv -InputShape 28, 28, 1
        foreach ($text in ($model | Out-String), ($model | Get-ModelSummary | Out-String)) {
            $text | Should -Match '1,199,882'
            $text | Should -Match '26 x 26 x 32'
        }
    }

    It 'shows layers one a line' {
        $text = New-ConvLayer 8 | New-FlattenLayer | Out-String
        $text | Should -Match 'Conv'
        $text | Should -Match 'Flatten'
    }
}
