@{
    RootModule           = 'bin/PSConvNet.dll'
    # The loader first: it says where the assemblies of the others get the engine from.
    NestedModules        = @('bin/PSConvNet.Loader.dll', 'bin/PSConvNet.Notebook.dll')
    ModuleVersion        = '0.1.0'
    GUID                 = '7d0f3c52-5c1f-4f0e-9f3e-2b8f7c1f5a60'
    Author               = 'The PSConvNet authors'
    CompanyName          = 'PSConvNet'
    Copyright            = '(c) The PSConvNet authors. MIT licence.'
    Description          = 'Assemble convolutional networks in a pipeline, train them on the CPU, measure them and compare them.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    # The files of types/ are loaded by the module itself: listed here they would keep a second copy from being imported into a session.
    FormatsToProcess     = @(
        'formats/Data.Format.ps1xml'
        'formats/Layer.Format.ps1xml'
        'formats/Model.Format.ps1xml'
        'formats/Training.Format.ps1xml'
        'formats/Optimizer.Format.ps1xml'
        'formats/Evaluation.Format.ps1xml'
        'formats/Sweep.Format.ps1xml'
        'formats/Notebook.Format.ps1xml'
        'formats/Environment.Format.ps1xml'
        'formats/Picture.Format.ps1xml'
    )
    CmdletsToExport      = @(
        'Import-Mnist'
        'Import-ImageFolder'
        'Expand-Dimension'
        'Split-Dataset'
        'Measure-Dataset'
        'Show-Image'
        'New-ConvLayer'
        'New-SeparableConvLayer'
        'New-MaxPoolLayer'
        'New-AveragePoolLayer'
        'New-GlobalPoolLayer'
        'New-DenseLayer'
        'New-DropoutLayer'
        'New-FlattenLayer'
        'New-BatchNormLayer'
        'New-LayerNormLayer'
        'New-ActivationLayer'
        'New-ResidualBlock'
        'New-Model'
        'Get-ModelSummary'
        'Export-Model'
        'Import-Model'
        'Copy-Model'
        'Show-Model'
        'New-Optimizer'
        'New-LearningRateSchedule'
        'New-Augmentation'
        'New-ImagePreparation'
        'Find-LearningRate'
        'Invoke-Training'
        'Resume-Training'
        'Measure-Model'
        'Invoke-Prediction'
        'Compare-Model'
        'New-ModelReport'
        'New-ModelPage'
        'Show-ModelPage'
        'Show-TrainingCurve'
        'Show-ConfusionMatrix'
        'Show-Filter'
        'Show-Activation'
        'New-SweepSpace'
        'Invoke-Sweep'
        'Get-SweepTrial'
        'Show-Sweep'
        'Register-NotebookKernel'
        'Invoke-Notebook'
        'Get-ConvNetEnvironment'
        'Install-ConvNetRuntime'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('DeepLearning', 'MachineLearning', 'NeuralNetwork', 'ConvNet', 'CNN', 'MNIST', 'TorchSharp', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            ProjectUri   = 'https://github.com/psconvnet/psconvnet'
            LicenseUri   = 'https://github.com/psconvnet/psconvnet/blob/main/LICENSE'
            IconUri      = 'https://raw.githubusercontent.com/psconvnet/psconvnet/main/docs/images/icon.png'
            ReleaseNotes = 'https://github.com/psconvnet/psconvnet/blob/main/CHANGELOG.md'
        }
    }
}
