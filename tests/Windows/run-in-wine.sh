#!/usr/bin/env bash
# Runs a script in PowerShell for Windows under Wine, and prints what it wrote; exit code: 0 unless the script ended with an error.
#   run-in-wine.sh RIG SCRIPT.ps1      (make-rig.sh makes the rig)
# Wine is not Windows: it reports no AVX-512, pwsh needs a console (which `script` gives it), OpenMP can't place its threads.
set -euo pipefail
rig=$(readlink -f "$1") file=$(readlink -f "$2")
win() { printf 'Z:%s' "${1//\//\\}"; }
export WINEPREFIX=$rig/prefix WINEARCH=win64 WINEDEBUG=-all TERM=xterm NO_COLOR=1 POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off
# `dotnet test` names the .NET of this machine in more than one variable.
unset "${!DOTNET_ROOT@}" DOTNET_HOST_PATH
export KMP_AFFINITY=disabled DOTNET_EnableWriteXorExecute=0 DOTNET_ROOT
DOTNET_ROOT=$(win "$rig/dotnet")
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
code=0
script -qfec "wine '$rig/pwsh/pwsh.exe' -NoLogo -NoProfile -Command \"& '$(win "$file")' *>&1 | Out-File '$(win "$out")\\out.txt' -Width 160; exit [int](-not \\\$?)\"" \
    "$out/console" </dev/null >/dev/null || code=$?
# Without the byte order mark and the carriage returns.
[ ! -e "$out/out.txt" ] || sed -e '1s/^\xef\xbb\xbf//' -e 's/\r$//' "$out/out.txt"
if [ ! -s "$out/out.txt" ]; then
    echo "pwsh.exe wrote nothing; its console:"
    sed 's/\x1b\[[0-9;?]*[a-zA-Z]//g' "$out/console" | tr -d '\r' | tail -n 20
fi
exit $code
