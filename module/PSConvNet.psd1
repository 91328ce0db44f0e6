@{
    RootModule           = 'bin/PSConvNet.dll'
    NestedModules        = @('bin/PSConvNet.Notebook.dll')
    ModuleVersion        = '0.1.0'
    GUID                 = '7d0f3c52-5c1f-4f0e-9f3e-2b8f7c1f5a60'
    Author               = 'The PSConvNet authors'
    CompanyName          = 'PSConvNet'
    Copyright            = '(c) The PSConvNet authors. MIT licence.'
    Description          = 'Assemble convolutional networks in a pipeline, train them on the CPU, measure them and compare them.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @(
        'formats/Data.Format.ps1xml'
        'formats/Layer.Format.ps1xml'
        'formats/Model.Format.ps1xml'
        'formats/Training.Format.ps1xml'
        'formats/Optimizer.Format.ps1xml'
        'formats/Evaluation.Format.ps1xml'
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
        'New-ConvLayer'
        'New-MaxPoolLayer'
        'New-AveragePoolLayer'
        'New-GlobalPoolLayer'
        'New-DenseLayer'
        'New-DropoutLayer'
        'New-FlattenLayer'
        'New-BatchNormLayer'
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
        'Find-LearningRate'
        'Invoke-Training'
        'Resume-Training'
        'Measure-Model'
        'Invoke-Prediction'
        'Compare-Model'
        'Register-NotebookKernel'
        'Invoke-Notebook'
        'Get-ConvNetEnvironment'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{ PSData = @{ Tags = @('DeepLearning', 'ConvNet', 'MNIST', 'TorchSharp', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS') ; LicenseUri = 'https://opensource.org/license/mit' } }
}
