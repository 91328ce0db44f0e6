# The package (./build.ps1 Package), in processes of their own that see no NuGet cache: TorchSharp would find natives there.

BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'Module.ps1')
    $copies = @{ Where = 'module'; Path = 'module' }, @{ Where = 'package'; Path = $package }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Module.ps1')

    # An older package than the build tells nothing about the build.
    function Skip-WithoutPackage([string] $Folder) {
        $dll = 'bin/PSConvNet.dll'
        if (-not (Test-Path (Join-Path $Folder $dll))) {
            Set-ItResult -Skipped -Because 'there is no package (./build.ps1 Package makes it)'
        }
        elseif ((Get-FileHash (Join-Path $Folder $dll)).Hash -ne (Get-FileHash (Join-Path $root 'module' $dll)).Hash) {
            Set-ItResult -Skipped -Because 'the package is of another build (./build.ps1 Package makes it anew)'
        }
    }

    function Invoke-Alone([string] $Folder, [string] $Script) {
        $cache = $env:NUGET_PACKAGES
        $env:NUGET_PACKAGES = (New-Item (Join-Path $TestDrive 'no-packages') -ItemType Directory -Force).FullName
        try {
            Invoke-Pwsh "`$ErrorActionPreference = 'Stop'; Set-Location '$TestDrive'; Import-Module '$Folder/PSConvNet.psd1'; $Script"
        }
        finally { $env:NUGET_PACKAGES = $cache }
    }
}

Describe 'The <Where> folder' -ForEach $copies {
    It 'imports from elsewhere, brings its help, trains, and loads libtorch from its own folder' {
        $folder = Join-Path $root $Path
        Skip-WithoutPackage $folder
        $synopsis, $status, $loaded = Invoke-Alone $folder @'
(Get-Help New-ConvLayer).Synopsis
$model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model -InputShape 28,28,1
($model | Invoke-Training -Data (Import-Mnist -Name Synthetic -First 200 | Expand-Dimension) -Epochs 1 -Quiet).Status
[Diagnostics.Process]::GetCurrentProcess().Modules.FileName | Where-Object { $_ -match 'torch' }
'@
        # Without its help file PowerShell makes a synopsis from the syntax.
        $synopsis | Should -Not -BeNullOrEmpty
        $synopsis | Should -Not -BeLike '*New-ConvLayer*'
        $status | Should -Be 'Completed'
        $loaded | Should -Not -BeNullOrEmpty
        $loaded | Should -BeLike "$(Join-Path $folder 'bin/dependencies')*"
    }
}

Describe 'The package' {
    BeforeAll {
        $package = Join-Path $root $package
    }

    It 'holds licence, readme and files of its own, and nothing only developers need' {
        Skip-WithoutPackage $package
        $files = Get-ChildItem $package -Recurse -File
        $files.Name | Should -Contain 'LICENSE'
        $files.Name | Should -Contain 'README.md'
        $files | Where-Object LinkType | Should -BeNullOrEmpty
        $files | Where-Object Extension -EQ '.pdb' | Should -BeNullOrEmpty
        $files.Name -match 'torch_python|_test\.' | Should -BeNullOrEmpty
    }

    It 'has no link in its readme to a file that it lacks' {
        Skip-WithoutPackage $package
        $links = [regex]::Matches((Get-Content (Join-Path $package 'README.md') -Raw), '\]\(([^)\s]+)').ForEach({ $_.Groups[1].Value })
        $links.Count | Should -BeGreaterThan 10
        $links | Where-Object { $_ -notmatch '^(https://|#)' -and -not (Test-Path (Join-Path $package $_)) } | Should -BeNullOrEmpty
        # What they lead to is in the repository, of which the rig for Windows has the tests alone.
        $project = (Import-PowerShellDataFile (Join-Path $package 'PSConvNet.psd1')).PrivateData.PSData.ProjectUri
        $inside = $links -match "^$([regex]::Escape($project))/(blob|raw)/main/" -replace '^.*?/main/' -replace '#.*'
        $inside.Count | Should -BeGreaterThan 10
        if (Test-Path (Join-Path $root 'docs')) {
            $inside | Where-Object { -not (Test-Path (Join-Path $root $_)) } | Should -BeNullOrEmpty
        }
    }

    It 'has a version that the manifest agrees to' {
        Skip-WithoutPackage $package
        (Test-ModuleManifest (Join-Path $package 'PSConvNet.psd1')).Version | Should -Be $version
    }
}
