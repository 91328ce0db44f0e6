using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Shows the environment of PSConvNet: versions, native libraries, processor features, threads and precision.</summary>
/// <remarks>
/// <para>
/// The command loads nothing, so the list of native libraries is empty before the first training. With -Load it loads libtorch first, and the list
/// shows the folder of each library.
/// </para>
/// <para>
/// If libtorch can't be loaded, the command doesn't fail: LoadError says in one sentence what is missing and what to do, and LoadErrorDetail has the
/// loader's own message.
/// </para>
/// </remarks>
/// <example>
/// <para>Shows what this machine offers.</para>
/// <code>Get-ConvNetEnvironment</code>
/// </example>
/// <example>
/// <para>Shows whether libtorch can be loaded here, and the folder of each of its libraries.</para>
/// <code>(Get-ConvNetEnvironment -Load).Libraries</code>
/// </example>
/// <example>
/// <para>Stops a script early, with the reason, on a machine where training can't work.</para>
/// <code>$environment = Get-ConvNetEnvironment -Load
/// if (-not $environment.IsLoaded) { throw $environment.LoadError }</code>
/// </example>
/// <seealso cref="InstallConvNetRuntimeCommand" />
[Cmdlet(VerbsCommon.Get, "ConvNetEnvironment", HelpUri = HelpPages.Address + "Get-ConvNetEnvironment.md")]
[OutputType(typeof(ConvNetEnvironment))]
public sealed class GetConvNetEnvironmentCommand : ConvNetCmdlet
{
    /// <summary>Loads libtorch first, which takes about a second, to see whether it can be loaded and from where. Off by default.</summary>
    [Parameter]
    public SwitchParameter Load { get; set; }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        var environment = ConvNetEnvironment.Inspect(Load);
        WriteObject(
            environment.LoadError is { } error ? environment with { LoadError = CmdletTerms.Of(error) } : environment
        );
    }
}
