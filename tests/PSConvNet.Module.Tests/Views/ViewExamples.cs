namespace PSConvNet.Module.Tests.Views;

/// <summary>An object of every type that the module emits, made as cheaply as it can be.</summary>
internal static class ViewExamples
{
    /// <summary>A script that gives them. Of a type that says different things in different cases there are several.</summary>
    public const string Script = """
        $data = Import-Mnist -Name Synthetic -First 60 | Expand-Dimension
        function New-Small($Name, $Units) {
            New-FlattenLayer | New-DenseLayer $Units -Activation ReLU | New-DenseLayer 10 -Activation Softmax |
                New-Model 28,28,1 -Name $Name
        }

        # Data
        $data; $data.Train; $data.Shape
        Measure-Dataset $data
        (Measure-Dataset $data)[0].Classes[0, 1]
        New-ImagePreparation
        New-ImagePreparation -Fit 26 -Centre Box -Polarity LightOnDark -KeepBackground -KeepLines
        $data | Show-Image -Count 4

        # Layers and models
        New-ConvLayer 8 -Padding Same -Activation ReLU
        New-MaxPoolLayer; New-AveragePoolLayer; New-GlobalPoolLayer; New-DenseLayer 10; New-DropoutLayer 0.25; New-FlattenLayer
        New-BatchNormLayer; New-LayerNormLayer; New-SeparableConvLayer 8; New-ActivationLayer ReLU
        New-ResidualBlock { New-ConvLayer 8 -Padding Same; New-BatchNormLayer; New-ConvLayer 8 -Padding Same }
        $residual = New-ConvLayer 4 -Name 'a_first_layer_with_a_name_of_its_own' |
            New-ResidualBlock {
                New-ConvLayer 8 -Padding Same -Stride 2 -Activation ReLU; New-BatchNormLayer
                New-ResidualBlock { New-ConvLayer 8 -Padding Same -Dilation 2 -KernelSize 5 -Activation ReLU }
            } -Activation ReLU |
            New-GlobalPoolLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name residual
        $residual
        Get-ModelSummary $residual
        (Get-ModelSummary $residual).Layers
        Get-ModelSummary $residual -Plan
        (Get-ModelSummary $residual -Plan).Steps[0, 6]
        (Get-ModelSummary $residual -Plan).Rules
        Show-Model $residual

        # Training
        'SGD', 'Adam', 'AdamW', 'Adadelta', 'RMSprop', 'Adagrad' | ForEach-Object { New-Optimizer $_ }
        'Constant', 'Step', 'Exponential', 'Cosine', 'OneCycle', 'ReduceOnPlateau' | ForEach-Object { New-LearningRateSchedule $_ }
        New-Augmentation
        $run = New-Small trained 8 | Invoke-Training -Data $data -Epochs 2 -BatchSize 30 -ValidationSplit 0.2 -ClassWeight Balanced -Quiet
        $run; $run.History
        $curve = New-Small tested 8 | Find-LearningRate -Data $data -BatchSize 30 -Steps 20
        $curve; $curve.Points[0, 1]
        Show-TrainingCurve $run
        Show-TrainingCurve $curve

        # Evaluation
        $metrics = Measure-Model $run.Model $data
        $metrics; $metrics.Classes[0, 1]
        $run, (New-Small 'a model with a name of many words' 4) | Compare-Model -Data $data
        $answers = @(Invoke-Prediction $run.Model $data)
        $answers[0, 1]
        $sheet = [psobject]::new(($answers[2]))
        $sheet.Line = 1; $sheet.Text = '42'
        $sheet.PSTypeNames.Insert(0, 'PSConvNet.Evaluation.Prediction#Split')
        $sheet
        $elsewhere = [psobject]::new([PSConvNet.Evaluation.Prediction]::new('/a/folder/with/a/long/name/and/a/picture.png', 3, 'three', 0.75, [float[]](0.25, 0.75)))
        $elsewhere.PSTypeNames.Insert(0, 'PSConvNet.Evaluation.Prediction#WithoutTruth')
        $elsewhere
        Show-ConfusionMatrix $metrics
        Show-Filter $residual
        Show-Activation $residual $data
        [PSConvNet.Pages.ModelPage]::Create([PSConvNet.Models.Model[]]$run.Model, $null, $null, $null, [Threading.CancellationToken]::None)

        # Sweeps
        $space = New-SweepSpace -Choice @{ Units = 4, 8 } -LogUniform @{ LearningRate = 0.001, 0.1 }
        $space
        New-SweepSpace -Choice @{ Layers = 1, 2 } -Integer @{ Units = 32, 128 } -When @{ Units = { $_.Layers -gt 1 } }
        [PSConvNet.Sweeps.SweepTrial[]]$trials = foreach ($id in 0..5) {
            $point = [Collections.Generic.Dictionary[string, object]]::new()
            $point['Units'] = 4; $point['LearningRate'] = 0.01 * ($id + 1)
            [PSConvNet.Sweeps.SweepTrial]@{
                Id = [PSConvNet.Sweeps.TrialId]::new($id, 0); State = 'Completed'; Parameters = [PSConvNet.Sweeps.SweepPoint]::new($point); Seed = 1
                PlannedEpochs = 2; StartedAt = [datetimeoffset]'2026-01-01'; Value = 0.9123 + $id / 100; Seconds = 12.34
                History = $run.History; Mean = 0.9; StandardDeviation = 0.0141; MeanMargin = 0.01; Replicates = [double[]](0.89, 0.91)
            }
        }
        $trials[0]
        [PSConvNet.Drawing.SweepHistory]::new($space, $trials, 'Accuracy', 'study')
        [PSConvNet.Drawing.ParallelCoordinates]::new($space, $trials, 'Accuracy', 'study')
        [PSConvNet.Drawing.ParameterImportance]::new($space, $trials, 'Accuracy', 'study')
        [PSConvNet.Drawing.SweepRungs]::new($space, $trials, 'Accuracy', 'study')

        # Notebooks and the rest
        [PSConvNet.NotebookKernel]::new('psconvnet', 'PSConvNet', 'pwsh', '/usr/share/jupyter/kernels/psconvnet')
        [PSConvNet.NotebookRun]::new('in.ipynb', 'out.ipynb', 3, 1.25, [object[]](1, 2))
        [PSConvNet.Installation.InstalledRuntime] @{
            Version = '2.10.0'; RuntimeIdentifier = 'linux-x64'; Package = 'libtorch-cpu-linux-x64 2.10.0'; Size = 463000000
            Source = 'https://api.nuget.org/v3/index.json'; Folder = '/home/ada/.cache/psconvnet/runtime/libtorch-2.10.0-linux-x64'
        }
        $environment = Get-ConvNetEnvironment -Load
        $environment; $environment.Libraries[0]
        """;
}
