<#
.SYNOPSIS
    Lays a copy of the built module for one system, or for the gallery, into artifacts/packages.
.DESCRIPTION
    The assemblies are the same for every system; the natives are staged by src/PSConvNet.Dependencies for the one that is asked for,
    so that any system can make the package of any other. A package for the gallery (Any) has the small natives of all systems and
    no libtorch: Install-ConvNetRuntime fetches that.
.PARAMETER Runtime
    The system, as .NET names it, or any.
.PARAMETER Configuration
    The build configuration that made the module.
.PARAMETER Zip
    Also writes PSConvNet-<version>-<runtime>.zip.
.OUTPUTS
    The folder.
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [ValidateSet('linux-x64', 'linux-arm64', 'win-x64', 'win-arm64', 'osx-arm64', 'any')]
    [string] $Runtime,

    [string] $Configuration = 'Release',

    [switch] $Zip
)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$root = Split-Path $PSScriptRoot
$moduleFolder = Join-Path $root 'module'
$bin = Join-Path $moduleFolder 'bin'

# What must be there before a package is called complete; each system's loader asks for the rest by itself (a test follows its imports).
$natives = @{
    'linux-x64' = 'libLibTorchSharp.so', 'libc10.so', 'libtorch_cpu.so', 'libtorch.so', 'libgomp-98b21ff3.so.1', 'libSkiaSharp.so', 'libHarfBuzzSharp.so'
    'win-x64'   = 'LibTorchSharp.dll', 'c10.dll', 'torch_cpu.dll', 'torch.dll', 'libiomp5md.dll', 'uv.dll', 'libSkiaSharp.dll', 'libHarfBuzzSharp.dll'
    'win-arm64' = 'LibTorchSharp.dll', 'c10.dll', 'torch_cpu.dll', 'torch.dll', 'armpl_lp64.dll', 'uv.dll', 'libSkiaSharp.dll', 'libHarfBuzzSharp.dll'
    'osx-arm64' = 'libLibTorchSharp.dylib', 'libc10.dylib', 'libtorch_cpu.dylib', 'libtorch.dylib', 'libomp.dylib', 'libSkiaSharp.dylib', 'libHarfBuzzSharp.dylib'
}
if ($Runtime -ne 'any' -and -not $natives.ContainsKey($Runtime)) {
    throw "There is no package for ${Runtime}: no libtorch-cpu is published for it. Packages can be made for $(($natives.Keys | Sort-Object) -join ', ')."
}

# The folder of a system's third-party assemblies and natives, complete.
function Get-StagedFolder([string] $For) {
    & dotnet build (Join-Path $root 'src/PSConvNet.Dependencies') -c $Configuration "-p:DependencyRid=$For" -v quiet -nologo | Out-Host
    if ($LASTEXITCODE -ne 0) { throw "The natives of $For could not be staged: dotnet build failed with exit code $LASTEXITCODE." }
    $folder = Join-Path $root "artifacts/dependencies/$For"
    $missing = @($natives[$For] | Where-Object { -not (Test-Path (Join-Path $folder $_)) })
    if ($missing) { throw "The natives of $For are not complete: $($missing -join ', ') missing from $folder." }
    $folder
}

# Pairs of a source file and its path in the package.
function Get-PackageFile {
    $texts = Get-ChildItem $moduleFolder -Recurse -File |
        Where-Object { -not $_.FullName.StartsWith($bin + [IO.Path]::DirectorySeparatorChar) }
    foreach ($file in @($texts) + @(Get-ChildItem $bin -File -Filter 'PSConvNet*.dll')) {
        @{ Source = $file; Path = [IO.Path]::GetRelativePath($moduleFolder, $file.FullName) }
    }
    foreach ($name in 'LICENSE', 'README.md') { @{ Source = Get-Item (Join-Path $root $name); Path = $name } }

    if ($Runtime -ne 'any') {
        foreach ($file in Get-ChildItem (Get-StagedFolder $Runtime) -File) { @{ Source = $file; Path = "bin/dependencies/$($file.Name)" } }
        return
    }
    $first = $true
    foreach ($each in $natives.Keys | Sort-Object) {
        foreach ($file in Get-ChildItem (Get-StagedFolder $each) -File) {
            if ($file.Name -cmatch '^(lib)?(LibTorchSharp|SkiaSharp|HarfBuzzSharp)\.(dll|so|dylib)$' -and $file.Name -notin 'SkiaSharp.dll', 'HarfBuzzSharp.dll') {
                @{ Source = $file; Path = "bin/dependencies/$each/$($file.Name)" }
            }
            elseif ($first -and $file.Extension -eq '.dll' -and $file.Name -notin $natives[$each]) {
                @{ Source = $file; Path = "bin/dependencies/$($file.Name)" }
            }
        }
        $first = $false
    }
}

# The readme's links lead into the repository, most of which is not in the package.
function ConvertTo-PackageReadme([string] $Text, [string] $ProjectUri) {
    [regex]::Replace($Text, '(?<image>!\[[^\]]*)?\]\((?![a-z]+:|#)(?<path>[^)\s]+)', {
            param($link)
            $view = $link.Groups['image'].Success ? 'raw' : 'blob'
            "$($link.Groups['image'].Value)]($ProjectUri/$view/main/$($link.Groups['path'].Value)"
        })
}

$manifest = Import-PowerShellDataFile (Join-Path $moduleFolder 'PSConvNet.psd1')
$version = $manifest.ModuleVersion
$packages = Join-Path $root 'artifacts/packages'
$target = Join-Path $packages "$Runtime/PSConvNet/$version"
if (-not $PSCmdlet.ShouldProcess($target, 'Write the package')) { return }

foreach ($needed in 'bin/PSConvNet.dll', 'bin/PSConvNet.Engine.dll', 'bin/PSConvNet.Loader.dll', 'bin/PSConvNet.Notebook.dll', 'bin/PSConvNet.Polyglot.dll', 'en-US/PSConvNet.dll-Help.xml', 'en-US/PSConvNet.Notebook.dll-Help.xml') {
    if (-not (Test-Path (Join-Path $moduleFolder $needed))) { throw "module/$needed is missing: build the module first (./build.ps1), or the package would not be complete." }
}
# Built beside and renamed: what lies in artifacts/ is whole, or is not there.
$partial = "$target.new"
Remove-Item $partial -Recurse -Force -ErrorAction Ignore
foreach ($file in Get-PackageFile) {
    $path = Join-Path $partial $file.Path
    $null = New-Item (Split-Path $path) -ItemType Directory -Force
    # The outputs are links to one staged copy; a package holds files of its own.
    [IO.File]::Copy($file.Source.ResolveLinkTarget($true)?.FullName ?? $file.Source.FullName, $path)
}
$readme = Join-Path $partial 'README.md'
[IO.File]::WriteAllText($readme, (ConvertTo-PackageReadme ([IO.File]::ReadAllText($readme)) $manifest.PrivateData.PSData.ProjectUri))
Remove-Item $target -Recurse -Force -ErrorAction Ignore
Move-Item $partial $target

$files = Get-ChildItem $target -Recurse -File
Write-Host ('{0}: {1} files, {2:N0} MB' -f $target, $files.Count, (($files | Measure-Object Length -Sum).Sum / 1MB))
if ($Zip) {
    $archive = Join-Path $packages "PSConvNet-$version-$Runtime.zip"
    Remove-Item $archive -Force -ErrorAction Ignore
    [IO.Compression.ZipFile]::CreateFromDirectory((Join-Path $packages "$Runtime"), "$archive.new")
    Move-Item "$archive.new" $archive -Force
    Write-Host ('{0}: {1:N0} MB' -f $archive, ((Get-Item $archive).Length / 1MB))
}
Get-Item $target
