using System.Text.RegularExpressions;

namespace PSConvNet.Module.Tests.Windows;

/// <summary>
/// The module on Windows, as Wine gives it. What a Windows machine can run by itself is in tests/Pester/Windows.Tests.ps1, which these run
/// too; here is what needs a console of its own, for Ctrl-C reaches every program in one.
/// </summary>
[Collection("packages")]
public sealed class WindowsTests(WineRig rig) : IClassFixture<WineRig>
{
    // A thread of the script presses Ctrl-C as soon as a file is there.
    private const string PressControlC = """
        Add-Type -Namespace Windows -Name Console -MemberDefinition '[DllImport("kernel32")] public static extern bool GenerateConsoleCtrlEvent(uint e, uint group);'
        function Press-ControlC([string] $When) {
            $null = Start-ThreadJob { while (-not (Test-Path $using:When)) { Start-Sleep -Milliseconds 50 }; $null = [Windows.Console]::GenerateConsoleCtrlEvent(0, 0) }
        }
        $data = Import-Mnist -Name Synthetic -First 1000 | Expand-Dimension
        $network = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model -InputShape 28, 28, 1 -Seed 1

        """;

    [SkippableFact]
    public void The_Pester_tests_pass_in_PowerShell_for_Windows()
    {
        Skip.If(rig.Reason is not null, rig.Reason);

        var (_, words) = rig.Run(
            $$"""
            $env:NUGET_PACKAGES = '{{WineRig.Windows(NuGetPackages)}}'
            & '{{WineRig.Windows(rig.Root)}}\tests\Pester\Run.ps1'
            """
        );

        var counts = Regex.Match(words, @"Pester [\d.]+: (\d+) passed, (\d+) failed, (\d+) skipped");
        Assert.True(counts.Success && counts.Groups[2].Value == "0", words);
        Assert.True(int.Parse(counts.Groups[1].Value, null) >= 15, words);
        Assert.Equal("0", counts.Groups[3].Value);
    }

    [SkippableFact]
    public void Without_the_Visual_C_runtime_a_training_names_it_and_everything_else_works()
    {
        Skip.If(rig.Reason is not null, rig.Reason);

        var (_, words) = rig.RunWithout(
            "msvcp140,vcruntime140,vcruntime140_1",
            """
            $network = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model -InputShape 28, 28, 1
            "parameters: $((Get-ModelSummary $network).ParameterCount)"
            try { $network | Invoke-Training -Data (Import-Mnist -Name Synthetic -First 100 | Expand-Dimension) -Quiet }
            catch { "$($_.FullyQualifiedErrorId): $($_.Exception.Message)" }
            """
        );

        words = Regex.Replace(words, @"\s+", " ");
        Assert.Contains("parameters: 7850", words, StringComparison.Ordinal);
        Assert.Contains("NativeLibraryMissing", words, StringComparison.Ordinal);
        Assert.Matches(
            @"libtorch needs the Microsoft Visual C\+\+ Redistributable, of which \w+\.dll is missing .*vc_redist\.x64\.exe",
            words
        );
    }

    [SkippableFact]
    public void Control_C_stops_a_training_and_not_the_session()
    {
        Skip.If(rig.Reason is not null, rig.Reason);
        var folder = WineRig.Windows(rig.Root);

        rig.Run(
            PressControlC
                + $$"""
                # libtorch is loaded, and with it what takes Ctrl-C for itself unless it is told not to.
                $null = $network | Invoke-Training -Data $data -Epochs 1 -Quiet
                Press-ControlC -When '{{folder}}\checkpoints\step-*'
                try { $network | Invoke-Training -Data $data -Epochs 1000000 -Quiet -CheckpointPath '{{folder}}\checkpoints' }
                finally { (Get-ChildItem '{{folder}}\checkpoints\step-*').Count | Set-Content '{{folder}}\training-ended' }
                """
        );

        var ended = Path.Combine(rig.Root, "training-ended");
        Assert.True(File.Exists(ended), "the session ended before its finally block");
        Assert.NotEqual("0", File.ReadAllText(ended).Trim());
    }

    [SkippableFact]
    public void Control_C_stops_a_sweep_whose_study_is_finished_later()
    {
        Skip.If(rig.Reason is not null, rig.Reason);
        var study = WineRig.Windows(rig.Root) + @"\study";

        rig.Run(
            PressControlC
                + $$"""
                $space = New-SweepSpace @{ Units = 8, 16, 32, 64 }
                Press-ControlC -When '{{study}}\trials\*.json'
                try {
                    Invoke-Sweep -Space $space -Data $data -Epochs 100 -Sampler Grid -Parallel 2 -Quiet -Study '{{study}}' {
                        param($p) New-FlattenLayer | New-DenseLayer $p.Units | New-DenseLayer 10 -Activation Softmax
                    }
                }
                finally { Set-Content '{{study}}.ended' 'stopped' }
                """
        );
        Assert.True(File.Exists(Path.Combine(rig.Root, "study.ended")), "the session ended before its finally block");
        Assert.NotEqual(4, Directory.GetFiles(Path.Combine(rig.Root, "study", "trials"), "*.json").Length);

        var (_, words) = rig.Run(
            $"$null = Invoke-Sweep -Study '{study}' -Parallel 2 -Quiet; (Get-SweepTrial '{study}' | ForEach-Object State) -join ' '"
        );
        Assert.Contains("Completed Completed Completed Completed", words, StringComparison.Ordinal);
    }

    private static string NuGetPackages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
