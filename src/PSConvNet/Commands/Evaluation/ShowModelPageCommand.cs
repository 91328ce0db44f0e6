using System.Diagnostics;
using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Shows a page to draw on: under the cell in a notebook, elsewhere as a file that a browser can open.</summary>
/// <seealso cref="NewModelPageCommand" />
/// <remarks>
/// <para>
/// Makes the same page as New-ModelPage, on which models answer while you draw. In a notebook the page appears below the cell, in a frame of its own,
/// and is saved with the notebook. At a prompt or in a script it is written to a temporary folder, and the file is returned; with -Open the system's
/// browser opens it. Use New-ModelPage to write the page to a permanent place.
/// </para>
/// <para>
/// Errors: those of New-ModelPage, and BrowserNotOpened (the page was written, but no browser could be opened).
/// </para>
/// </remarks>
/// <example>
/// <para>Shows a page for a network.</para>
/// <code>$digits = Import-Mnist -First 500 | Expand-Dimension
/// $dense = New-FlattenLayer | New-DenseLayer 64 -Activation ReLU | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1 -Name dense
/// $run = $dense | Invoke-Training -Data $digits -Epochs 2
/// $run | Show-ModelPage -Data $digits</code>
/// </example>
/// <example>
/// <para>Gives the page's path to the rest of a script.</para>
/// <code>$page = Show-ModelPage $dense -Title 'Draw a digit'
/// $page.FullName</code>
/// </example>
[Cmdlet(VerbsCommon.Show, "ModelPage", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Show-ModelPage.md")]
[OutputType(typeof(ModelPage))]
[OutputType(typeof(FileInfo))]
public sealed class ShowModelPageCommand : ModelPageCommand
{
    /// <summary>Opens the page in the system's browser, where it is not shown by a notebook.</summary>
    [Parameter]
    public SwitchParameter Open { get; set; }

    /// <inheritdoc />
    private protected override void Give()
    {
        var options = Options();
        if (IsInNotebook)
        {
            WriteObject(Create(options));
            return;
        }
        if (!ShouldProcess(Path.GetTempPath(), $"Write a page to draw on for {Subject}"))
            return;
        var page = Create(options);
        var folder = Directory.CreateTempSubdirectory("psconvnet-");
        var file = Path.Combine(folder.FullName, "draw.html");
        page.Save(file);
        WriteVerbose($"The page is {file}; a browser opens it.");
        this.WriteFile(file);
        if (Open)
            OpenInBrowser(file);
    }

    private void OpenInBrowser(string file)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(file) { UseShellExecute = true });
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or PlatformNotSupportedException)
        {
            WriteError(
                new ConvNetException(
                    ErrorIds.BrowserNotOpened,
                    ErrorKind.Unavailable,
                    $"This system has no program to open {file}; open it in a browser yourself.",
                    file,
                    e
                ),
                file
            );
        }
    }
}
