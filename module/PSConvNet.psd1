@{
    RootModule           = 'bin/PSConvNet.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '7d0f3c52-5c1f-4f0e-9f3e-2b8f7c1f5a60'
    Author               = 'The PSConvNet authors'
    CompanyName          = 'PSConvNet'
    Copyright            = '(c) The PSConvNet authors. MIT licence.'
    Description          = 'Assemble convolutional networks in a pipeline, train them on the CPU, measure them and compare them.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @()
    CmdletsToExport      = @()
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{ PSData = @{ Tags = @('DeepLearning', 'ConvNet', 'MNIST', 'TorchSharp', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS') ; LicenseUri = 'https://opensource.org/license/mit' } }
}
