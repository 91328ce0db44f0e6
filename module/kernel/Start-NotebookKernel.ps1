# Starts the notebook kernel on a connection file of Jupyter. Register-NotebookKernel has frontends call it, in pwsh.
param([Parameter(Mandatory)] [string] $ConnectionFile)

$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'PSConvNet.psd1'))
[PSConvNet.Notebook.KernelProgram]::Start($ConnectionFile)
