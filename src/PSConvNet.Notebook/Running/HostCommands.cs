namespace PSConvNet.Notebook;

/// <summary>What a notebook adds to a session: pages for <c>help</c> and <c>more</c>, and Clear-Host for the cell's outputs.</summary>
internal static class HostCommands
{
    /// <summary>Run once in a new session.</summary>
    public const string Setup = """
        function global:Clear-Host { $Host.UI.RawUI.SetBufferContents([System.Management.Automation.Host.Rectangle]::new(-1, -1, -1, -1), [System.Management.Automation.Host.BufferCell]::new(' ', 0, 0, 0)) }
        function global:help { Get-Help @args | Out-NotebookText -Page }
        function global:more { $input | Out-NotebookText -Page }
        """;
}
