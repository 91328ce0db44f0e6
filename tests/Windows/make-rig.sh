#!/usr/bin/env bash
# Makes a folder in which PowerShell for Windows runs under Wine: .NET for Windows, the PowerShell tool, a Wine prefix. Does nothing
# where that is made already.
#   make-rig.sh RIG
# Needs Wine (apt-get install --no-install-recommends wine64 wine) and the .NET SDK; everything else comes from NuGet.
set -euo pipefail
runtime=10.0.12 powershell=7.6.9
mkdir -p "$1" && cd "$1"
[ ! -e ready ] || exit 0

cat >rig.csproj <<END
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally></PropertyGroup>
  <ItemGroup>
    <PackageDownload Include="Microsoft.NETCore.App.Runtime.win-x64" Version="[$runtime]" />
    <PackageDownload Include="Microsoft.WindowsDesktop.App.Runtime.win-x64" Version="[$runtime]" />
    <PackageDownload Include="PowerShell" Version="[$powershell]" />
  </ItemGroup>
</Project>
END
# What stands above the rig is not for it.
echo '<Project />' | tee Directory.Build.props Directory.Build.targets >Directory.Packages.props
dotnet restore rig.csproj
packages=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')

for framework in NETCore WindowsDesktop; do
    from=$packages/microsoft.${framework,,}.app.runtime.win-x64/$runtime/runtimes/win-x64
    to=dotnet/shared/Microsoft.$framework.App/$runtime
    mkdir -p "$to"
    cp "$from"/lib/net10.0/*.* "$from"/native/* "$to"/
done
mkdir -p "dotnet/host/fxr/$runtime"
mv "dotnet/shared/Microsoft.NETCore.App/$runtime/hostfxr.dll" "dotnet/host/fxr/$runtime/"
cp -rL "$packages/powershell/$powershell/tools/net10.0/any/win" pwsh

export WINEPREFIX=$PWD/prefix WINEARCH=win64 WINEDEBUG=-all
wineboot -i
wine reg add 'HKCU\Software\Wine' /v Version /d win10 /f
wineserver -w
touch ready
