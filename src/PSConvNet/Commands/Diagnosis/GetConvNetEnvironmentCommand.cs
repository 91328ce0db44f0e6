using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Shows what PSConvNet runs on: versions, native libraries, processor features, threads and precision.</summary>
/// <remarks>
/// <para>
/// Nothing is loaded for it: before the first training the list of native libraries is empty. With -Load libtorch is
/// loaded first, and the list tells from which folder each library came.
/// </para>
/// <para>
/// Where libtorch can't be loaded the command does not fail: LoadError says in one sentence what is missing and what to
/// do, and LoadErrorDetail holds the loader's own account.
/// </para>
/// </remarks>
/// <example>
/// <para>What this machine offers.</para>
/// <code>Get-ConvNetEnvironment</code>
/// </example>
/// <example>
/// <para>Whether libtorch loads here, and from where each of its libraries came.</para>
/// <code>(Get-ConvNetEnvironment -Load).Libraries</code>
/// </example>
/// <example>
/// <para>Stop a script early, with the reason, on a machine where training can't work.</para>
/// <code>$environment = Get-ConvNetEnvironment -Load
/// if (-not $environment.IsLoaded) { throw $environment.LoadError }</code>
/// </example>
/// <seealso cref="InstallConvNetRuntimeCommand" />
[Cmdlet(VerbsCommon.Get, "ConvNetEnvironment")]
[OutputType(typeof(ConvNetEnvironment))]
public sealed class GetConvNetEnvironmentCommand : ConvNetCmdlet
{
    /// <summary>Loads libtorch first, about a second, to see whether it can be loaded and from where. Off by default.</summary>
    [Parameter]
    public SwitchParameter Load { get; set; }

    /// <inheritdoc />
    protected override void EndProcessing() => WriteObject(ConvNetEnvironment.Inspect(Load));
}
