namespace PSConvNet.Commands;

/// <summary>
/// What is run in sessions on other machines. PowerShell 7.4 and later; nothing but the language and .NET, for not every host has all modules.
/// Each has its parameters by position.
/// </summary>
internal static class RemoteScripts
{
    /// <summary>What the machine is and has, a line each as <c>name=value</c>.</summary>
    /// <remarks>
    /// Manifests that are there count where their assemblies are the same as here: a trial's last bits depend on them.
    /// </remarks>
    public const string Probe = """
        param([string] $Fingerprint, [string] $Manifest, [string] $Token, [string] $Word)
        $ErrorActionPreference = 'Stop'
        $ProgressPreference = 'SilentlyContinue'
        "version=$($PSVersionTable.PSVersion)"
        if ($PSVersionTable.PSVersion.Major -lt 7) { return }
        $platform = if ($IsWindows) { 'win' } elseif ($IsMacOS) { 'osx' } else { 'linux' }
        "platform=$platform-$([System.Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant()
        $space = if ($IsLinux) { [System.IO.FileInfo]::new('/proc/self/ns/mnt').LinkTarget }
        "machine=$([Environment]::MachineName)/$([Environment]::UserName)/$space"
        $cache = if ($IsWindows) { [Environment]::GetFolderPath('LocalApplicationData') }
            elseif ($env:XDG_CACHE_HOME) { $env:XDG_CACHE_HOME }
            else { [System.IO.Path]::Combine([Environment]::GetFolderPath('UserProfile'), '.cache') }
        $cache = [System.IO.Path]::Combine($cache, 'psconvnet')
        "cache=$cache"
        "seen=$([System.IO.File]::Exists($Token) -and [System.IO.File]::ReadAllText($Token) -eq $Word)"
        $known = @($Manifest; [System.IO.Path]::Combine($cache, 'modules', $Fingerprint, 'PSConvNet.psd1')
            (Get-Module PSConvNet -ListAvailable).Path)
        foreach ($path in $known) {
            if (-not [System.IO.File]::Exists($path)) { continue }
            $bin = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($path), 'bin')
            $bytes = foreach ($name in 'PSConvNet.Engine.dll', 'PSConvNet.dll') {
                $file = [System.IO.Path]::Combine($bin, $name)
                if ([System.IO.File]::Exists($file)) {
                    [Convert]::ToHexString([System.Security.Cryptography.SHA256]::HashData([System.IO.File]::ReadAllBytes($file)))
                }
            }
            if (-join $bytes -eq $Fingerprint) { "manifest=$path"; break }
        }
        """;

    /// <summary>The path of a new empty file.</summary>
    public const string NewFile = "param() [System.IO.Path]::GetTempFileName()";

    /// <summary>Appends bytes to a file.</summary>
    public const string Append = """
        param([string] $Path, [byte[]] $Bytes)
        $ErrorActionPreference = 'Stop'
        $stream = [System.IO.FileStream]::new($Path, 'Append')
        try { $stream.Write($Bytes, 0, $Bytes.Length) } finally { $stream.Dispose() }
        """;

    /// <summary>Unpacks an archive into a folder, over what is there.</summary>
    public const string Unpack = """
        param([string] $Path, [string] $Folder)
        $ErrorActionPreference = 'Stop'
        $null = [System.IO.Directory]::CreateDirectory($Folder)
        $stream = [System.IO.Compression.GZipStream]::new([System.IO.File]::OpenRead($Path), [System.IO.Compression.CompressionMode]::Decompress)
        try { [System.Formats.Tar.TarFile]::ExtractToDirectory($stream, $Folder, $true) } finally { $stream.Dispose() }
        """;

    /// <summary>Packs files and folders, those that are there, into a new archive; gives its path.</summary>
    public const string Pack = """
        param([string] $Folder, [string[]] $Names)
        $ErrorActionPreference = 'Stop'
        $path = [System.IO.Path]::GetTempFileName()
        $stream = [System.IO.Compression.GZipStream]::new([System.IO.File]::Create($path), [System.IO.Compression.CompressionLevel]::Fastest)
        $writer = [System.Formats.Tar.TarWriter]::new($stream)
        try {
            foreach ($name in $Names) {
                $whole = [System.IO.Path]::Combine($Folder, $name)
                if ([System.IO.File]::Exists($whole)) { $writer.WriteEntry($whole, $name) }
                elseif ([System.IO.Directory]::Exists($whole)) {
                    foreach ($file in [System.IO.Directory]::GetFiles($whole)) {
                        $writer.WriteEntry($file, "$name/$([System.IO.Path]::GetFileName($file))")
                    }
                }
            }
        }
        finally { $writer.Dispose(); $stream.Dispose() }
        $path
        """;

    /// <summary>Some bytes of a file, as one object; none at its end.</summary>
    public const string Read = """
        param([string] $Path, [long] $Position, [int] $Count)
        $ErrorActionPreference = 'Stop'
        $stream = [System.IO.File]::OpenRead($Path)
        try {
            $null = $stream.Seek($Position, 'Begin')
            $bytes = [byte[]]::new([Math]::Min($Count, $stream.Length - $Position))
            $stream.ReadExactly($bytes, 0, $bytes.Length)
            , $bytes
        }
        finally { $stream.Dispose() }
        """;

    /// <summary>Deletes files and folders.</summary>
    public const string Remove = """
        param([string[]] $Paths)
        foreach ($path in $Paths) {
            try {
                if ([System.IO.Directory]::Exists($path)) { [System.IO.Directory]::Delete($path, $true) }
                else { [System.IO.File]::Delete($path) }
            }
            catch [System.IO.IOException] { Write-Verbose "$path could not be removed: $_" }
        }
        """;

    /// <summary>A copy of a folder, for a session of its own, with folders that have to be there.</summary>
    public const string Clone = """
        param([string] $From, [string] $To, [string[]] $Folders)
        $ErrorActionPreference = 'Stop'
        foreach ($name in $Folders) { $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::Combine($To, $name)) }
        foreach ($file in [System.IO.Directory]::GetFiles($From, '*', 'AllDirectories')) {
            $path = [System.IO.Path]::Combine($To, [System.IO.Path]::GetRelativePath($From, $file))
            $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($path))
            [System.IO.File]::Copy($file, $path, $true)
        }
        """;

    /// <summary>Whether a folder is there.</summary>
    public const string Has = "param([string] $Path) [System.IO.Directory]::Exists($Path)";

    /// <summary>Gives a folder its name, where no other has it.</summary>
    public const string Rename = """
        param([string] $From, [string] $To)
        $ErrorActionPreference = 'Stop'
        if ([System.IO.Directory]::Exists($To)) { [System.IO.Directory]::Delete($From, $true) }
        else { [System.IO.Directory]::Move($From, $To) }
        """;

    /// <summary>Works on a study that the machine sees, until nothing is left.</summary>
    public const string Work = """
        param([string] $Manifest, [string] $Study)
        $ErrorActionPreference = 'Stop'
        $ProgressPreference = 'SilentlyContinue'
        Import-Module $Manifest
        & ([System.Management.Automation.CmdletInfo]::new('Start-SweepWorker', [PSConvNet.Commands.SweepWorkerCommand])) $Study
        """;

    /// <summary>Runs one turn in a copy of a study; gives the trial's record after each epoch.</summary>
    public const string Turn = """
        param([string] $Manifest, [string] $Study, [string] $Record, [int] $Turn, [double] $Until)
        $ErrorActionPreference = 'Stop'
        $ProgressPreference = 'SilentlyContinue'
        Import-Module $Manifest
        & ([System.Management.Automation.CmdletInfo]::new('Start-SweepWorker', [PSConvNet.Commands.SweepWorkerCommand])) $Study -Record $Record -Turn $Turn -Until $Until
        """;
}
