namespace PSConvNet.Notebook;

/// <summary>
/// What a notebook adds to a session: pages for <c>help</c> and <c>more</c>, Clear-Host for the cell's outputs, and, where pwsh's
/// own modules are not there, the two commands every script uses, Write-Host and Read-Host.
/// </summary>
internal static class HostCommands
{
    /// <summary>Run once in a new session.</summary>
    public const string Setup = """
        function global:Clear-Host { $Host.UI.RawUI.SetBufferContents([System.Management.Automation.Host.Rectangle]::new(-1, -1, -1, -1), [System.Management.Automation.Host.BufferCell]::new(' ', 0, 0, 0)) }
        function global:help { Get-Help @args | Out-NotebookText -Page }
        function global:more { $input | Out-NotebookText -Page }
        if (-not (Get-Command Read-Host -ErrorAction Ignore)) {
            function global:Read-Host {
                param([Parameter(Position = 0)] [object] $Prompt, [switch] $AsSecureString, [switch] $MaskInput)
                if ($null -eq $Prompt) { if ($AsSecureString) { return $Host.UI.ReadLineAsSecureString() } else { return $Host.UI.ReadLine() } }
                $field = [System.Management.Automation.Host.FieldDescription]::new("$Prompt")
                $secret = $AsSecureString -or $MaskInput
                $field.SetParameterType($secret ? [securestring] : [string])
                $answer = $Host.UI.Prompt('', '', @($field))["$Prompt"]
                if ($MaskInput) { [System.Net.NetworkCredential]::new('', $answer.BaseObject).Password } else { $answer }
            }
        }
        if (-not (Get-Command Write-Host -ErrorAction Ignore)) {
            function global:Write-Host {
                param(
                    [Parameter(Position = 0, ValueFromRemainingArguments, ValueFromPipeline)] [Alias('Msg', 'Message')] [object] $Object,
                    [switch] $NoNewline, [object] $Separator = ' ',
                    [System.ConsoleColor] $ForegroundColor, [System.ConsoleColor] $BackgroundColor
                )
                process {
                    $message = [System.Management.Automation.HostInformationMessage]::new()
                    $message.Message = @($Object) -join $Separator
                    $message.NoNewLine = $NoNewline
                    # Both or neither: the engine takes one that is missing for black.
                    $message.ForegroundColor = $PSBoundParameters.ContainsKey('ForegroundColor') ? $ForegroundColor : $Host.UI.RawUI.ForegroundColor
                    $message.BackgroundColor = $PSBoundParameters.ContainsKey('BackgroundColor') ? $BackgroundColor : $Host.UI.RawUI.BackgroundColor
                    $PSCmdlet.WriteInformation($message, [string[]] 'PSHOST')
                }
            }
        }
        """;
}
