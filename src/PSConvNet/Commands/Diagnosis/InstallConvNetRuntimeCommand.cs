using System.Management.Automation;
using PSConvNet.Transforms;

namespace PSConvNet.Commands;

/// <summary>Installs libtorch, the library that computes, for the current user, from NuGet.</summary>
/// <remarks>
/// <para>
/// The module from a gallery doesn't include libtorch, which takes half a gigabyte and differs between systems. Commands that compute ask for this
/// command if libtorch is missing; importing data and building, reading and showing models work without it.
/// </para>
/// <para>
/// The package libtorch-cpu is downloaded from your NuGet sources (nuget.config, with its credentials, proxies and source mapping; nuget.org if
/// nothing else is set) or taken from a folder with -Path. It is checked against the SHA-512 of the published package, and it is unpacked into your cache
/// (XDG_CACHE_HOME or ~/.cache;
/// on Windows the local application data), completely or not at all. Several versions can be installed at the same time. An interrupted download
/// continues where it stopped. If libtorch is already installed, nothing is done unless you give -Force. To remove it, delete its folder.
/// </para>
/// <para>
/// Errors: RuntimeNotPublished (there is no libtorch for this system), PackageSourcesInvalid, RuntimePackageNotFound, RuntimePackageInvalid, RuntimeBusy,
/// DiskFull (too little space, with how much is needed), CacheNotWritable, PathNotFound, PathInvalid, PathNotOfFileSystem.
/// </para>
/// </remarks>
/// <example>
/// <para>Shows what would be done.</para>
/// <code>Install-ConvNetRuntime -WhatIf</code>
/// </example>
/// <example>
/// <para>Shows what would be installed from a folder that has the package, on a machine without a network.</para>
/// <code>Install-ConvNetRuntime -Path . -WhatIf</code>
/// </example>
/// <seealso cref="GetConvNetEnvironmentCommand" />
[Cmdlet(
    VerbsLifecycle.Install,
    "ConvNetRuntime",
    SupportsShouldProcess = true,
    DefaultParameterSetName = SourcesSet,
    HelpUri = HelpPages.Address + "Install-ConvNetRuntime.md"
)]
[OutputType(typeof(InstalledRuntime))]
public sealed class InstallConvNetRuntimeCommand : LongCommand
{
    private const string SourcesSet = "Sources";
    private const string FolderSet = "Folder";
    private const string LiteralSet = "LiteralFolder";

    /// <summary>
    /// A folder that has the package (libtorch-cpu-linux-x64.2.10.0.nupkg or that of this system), or the package itself, for machines without a
    /// network.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = FolderSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>(IsPath = true)]
    public string Path { get; set; } = null!;

    /// <summary>The same folder or package, under a name that is taken literally.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralSet, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [ReadAs<string>]
    public string LiteralPath { get; set; } = null!;

    /// <summary>Installs it again, even if it is already installed.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc />
    private protected override void ProcessInput()
    {
        try
        {
            var release =
                LibTorchRelease.ForThisSystem()
                ?? throw new ConvNetException(
                    ErrorIds.RuntimeNotPublished,
                    ErrorKind.Unavailable,
                    $"No libtorch is published for {LibTorchRelease.ThisSystem}; models can be trained on Linux x64, Windows, or macOS on Apple silicon.",
                    LibTorchRelease.ThisSystem
                );
            var installer = new RuntimeInstaller(
                release,
                SessionState.Path.CurrentFileSystemLocation.ProviderPath,
                text => Post(() => WriteVerbose(text))
            );
            if (!Force && installer.Find() is { } found)
            {
                WriteVerbose($"libtorch {found.Version} is installed already; -Force installs it again.");
                WriteObject(found);
                return;
            }
            if (!Force && LibTorch.Folder == DependencyContext.Folder)
            {
                WriteWarning(
                    $"This copy of the module contains its own libtorch, in {LibTorch.Folder}, so nothing was installed. -Force installs one for copies that contain none."
                );
                return;
            }
            var folder =
                ParameterSetName == FolderSet ? this.One(Path, literal: false)
                : ParameterSetName == LiteralSet ? this.Target(LiteralPath)
                : null;
            var action =
                $"Install libtorch {release.Version}: {installer.Origin(folder)}; {release.Size / 1e6:0} MB on disk";
            if (ShouldProcess(release.Folder, action))
                WriteObject(Install(installer, folder));
        }
        catch (ConvNetException e)
        {
            ThrowTerminating(e);
        }
    }

    private InstalledRuntime Install(RuntimeInstaller installer, string? folder)
    {
        var progress = new Reporter(report => Post(() => Show(report)));
        var installed = Await(() => installer.InstallAsync(folder, progress, StopToken));
        Progress.Complete();
        return installed;
    }

    private void Show(InstallProgress report)
    {
        if (Progress.IsDue())
            Progress.Show(
                report.Step,
                $"{report.Done / 1e6:0} of {report.Total / 1e6:0} MB",
                Math.Min(1, report.Done / (double)Math.Max(1, report.Total))
            );
    }

    private sealed class Reporter(Action<InstallProgress> report) : IProgress<InstallProgress>
    {
        public void Report(InstallProgress value) => report(value);
    }
}
