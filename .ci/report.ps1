<#
.SYNOPSIS
    Why tests were skipped, and which took the longest.
.PARAMETER Results
    The folder of .trx files that dotnet test --logger trx wrote.
.PARAMETER First
    How many of the slowest tests to list.
#>
param([Parameter(Mandatory)][string] $Results, [int] $First = 15)

Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$namespace = @{ t = 'http://microsoft.com/schemas/VisualStudio/TeamTest/2010' }
$tests = Get-ChildItem $Results -Filter *.trx | Select-Xml '//t:UnitTestResult' -Namespace $namespace | ForEach-Object Node

foreach ($test in $tests | Where-Object outcome -EQ 'NotExecuted') {
    "skipped: $($test.testName): $($test.InnerText.Trim() -replace '\s+', ' ')"
}
$tests | Where-Object { $_.HasAttribute('duration') } | Sort-Object { [timespan] $_.duration } -Descending | Select-Object -First $First |
    ForEach-Object { '{0,7:0.0} s  {1}' -f ([timespan] $_.duration).TotalSeconds, $_.testName }
