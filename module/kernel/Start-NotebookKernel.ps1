# Starts the notebook kernel on a connection file of Jupyter, and returns at its end. Register-NotebookKernel has frontends call it.
param([Parameter(Mandatory)] [string] $ConnectionFile)

$ErrorActionPreference = 'Stop'
Import-Module ([System.IO.Path]::Combine($PSScriptRoot, '..', 'PSConvNet.psd1'))
# Not a command of the module: only frontends need it.
$kernel = [System.Management.Automation.CmdletInfo]::new('Start-NotebookKernel', [PSConvNet.Commands.NotebookKernelCommand])
& $kernel $ConnectionFile
