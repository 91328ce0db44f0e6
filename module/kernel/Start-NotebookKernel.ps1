# Starts the notebook kernel on a connection file of Jupyter, and returns at its end. Register-NotebookKernel has frontends call it.
param([Parameter(Mandatory)] [string] $ConnectionFile)

$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'PSConvNet.psd1'))
[PSConvNet.Notebook.KernelProgram]::Start($ConnectionFile)
