# What a user of a gallery does, with a folder for a gallery: publish, install, import, fetch libtorch, train, update, uninstall. Each step in a
# PowerShell of its own, whose home, and with it modules and cache, is a temporary folder.

BeforeAll {
    . (Join-Path $PSScriptRoot 'Module.ps1')
    $thin = & (Join-Path $root 'build/Package.ps1') -Runtime any 6>$null
    $userHome = (New-Item (Join-Path $TestDrive 'home') -ItemType Directory).FullName
    $gallery = (New-Item (Join-Path $TestDrive 'gallery') -ItemType Directory).FullName

    # libtorch's package as NuGet has left it: the test needs no network.
    $packages = $env:NUGET_PACKAGES ? $env:NUGET_PACKAGES : (Join-Path ([Environment]::GetFolderPath('UserProfile')) '.nuget/packages')
    $offline = (New-Item (Join-Path $TestDrive 'offline') -ItemType Directory).FullName
    Get-ChildItem (Join-Path $packages "libtorch-cpu-$runtime/*/*.nupkg") | Copy-Item -Destination $offline

    function Invoke-User([string] $Script) {
        $names = 'HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'USERPROFILE', 'LOCALAPPDATA', 'PSModulePath', 'PSCONVNET_DATA'
        $before = @{}
        foreach ($name in $names) { $before[$name] = [Environment]::GetEnvironmentVariable($name) }
        try {
            foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $null) }
            foreach ($name in 'HOME', 'USERPROFILE', 'LOCALAPPDATA') { [Environment]::SetEnvironmentVariable($name, $userHome) }
            Invoke-Pwsh "`$ErrorActionPreference = 'Stop'; `$ProgressPreference = 'SilentlyContinue'; Set-Location '$userHome'; $Script"
        }
        finally { foreach ($name in $names) { [Environment]::SetEnvironmentVariable($name, $before[$name]) } }
    }

    # A second version, as an update brings it.
    function New-NextVersion([string] $Version) {
        $copy = Join-Path $TestDrive "next/PSConvNet/$Version"
        $null = New-Item (Split-Path $copy) -ItemType Directory -Force
        Copy-Item $thin $copy -Recurse
        $psd1 = Join-Path $copy 'PSConvNet.psd1'
        (Get-Content $psd1 -Raw) -replace "(?m)^(\s*ModuleVersion\s*=\s*)'[^']*'", "`$1'$Version'" | Set-Content $psd1
        $copy
    }
}

Describe 'A gallery' {
    It 'takes the package, whose manifest has what a gallery shows' {
        $manifest = Import-PowerShellDataFile (Join-Path $thin 'PSConvNet.psd1')
        foreach ($needed in 'ProjectUri', 'LicenseUri', 'IconUri', 'ReleaseNotes', 'Tags') { $manifest.PrivateData.PSData[$needed] | Should -Not -BeNullOrEmpty -Because $needed }
        (Get-ChildItem $thin -Recurse -File | Measure-Object Length -Sum).Sum | Should -BeLessThan 100MB
        Invoke-User "Register-PSResourceRepository local -Uri '$gallery' -Trusted; Publish-PSResource -Path '$thin' -Repository local"
        $package = Get-ChildItem $gallery -Filter '*.nupkg'
        $package.Name | Should -Be "PSConvNet.$version.nupkg"
        $package.Length | Should -BeLessThan 40MB
    }

    It 'installs it for a user, and what needs no libtorch works' {
        $id, $parameters, $message, $size = Invoke-User @"
Install-PSResource PSConvNet -Repository local
Import-Module PSConvNet
`$model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model -InputShape 28,28,1
`$data = Import-Mnist -Name Synthetic -First 200 | Expand-Dimension
`$data | Show-Image -Path digits.png | Out-Null
`$model | Export-Model model.psconvnet | Out-Null
try { `$model | Invoke-Training -Data `$data -Epochs 1 -Quiet } catch { `$_.FullyQualifiedErrorId }
(Import-Model model.psconvnet).ParameterCount
try { `$model | Measure-Model -Data `$data } catch { "`$_" }
(Get-Item digits.png).Length
"@
        $id | Should -BeLike 'RuntimeNotInstalled*'
        $parameters | Should -Be 7850
        $message | Should -BeLike '*Install-ConvNetRuntime*MB*'
        [int] $size | Should -BeGreaterThan 1000
    }

    It 'fetches libtorch by one command, and trains' {
        $folder, $status, $from = Invoke-User @"
Import-Module PSConvNet
(Install-ConvNetRuntime -Path '$offline').Folder
`$model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model -InputShape 28,28,1
(`$model | Invoke-Training -Data (Import-Mnist -Name Synthetic -First 200 | Expand-Dimension) -Epochs 1 -Quiet).Status
(Get-ConvNetEnvironment).LibTorchFolder
"@
        $status | Should -Be 'Completed'
        $folder | Should -BeLike "$userHome*"
        $from | Should -Be $folder
    }

    It 'updates it while the older one computes in another session, and both go on' {
        $next = New-NextVersion '0.1.1'
        Invoke-User "Publish-PSResource -Path '$next' -Repository local"
        $versions = Invoke-User @"
Import-Module PSConvNet
`$data = Import-Mnist -Name Synthetic -First 200 | Expand-Dimension
`$model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model -InputShape 28,28,1
`$null = `$model | Invoke-Training -Data `$data -Epochs 1 -Quiet
Update-PSResource PSConvNet -Repository local
(Get-Module PSConvNet).Version.ToString()
(`$model | Invoke-Training -Data `$data -Epochs 1 -Quiet).Status
"@
        $versions | Should -Be '0.1.0', 'Completed'
        Invoke-User @"
Import-Module PSConvNet
(Get-Module PSConvNet).Version.ToString()
`$model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model -InputShape 28,28,1
(`$model | Invoke-Training -Data (Import-Mnist -Name Synthetic -First 200 | Expand-Dimension) -Epochs 1 -Quiet).Status
"@ | Should -Be '0.1.1', 'Completed'
    }

    It 'uninstalls it' {
        Invoke-User "Uninstall-PSResource PSConvNet -Version '*'; (Get-Module PSConvNet -ListAvailable) -eq `$null" | Should -Be 'True'
    }
}
