using System.Reflection;
using System.Reflection.Emit;

namespace PSConvNet.Module.Tests.Shell;

/// <summary>The module beside what else a user has: other modules with other versions of its dependencies, its own other version, a prefix.</summary>
public sealed class NeighbourTests : IDisposable
{
    /// <summary>Trains, which takes TorchSharp, and draws, which takes SkiaSharp.</summary>
    private const string Work = """
        $digits = Import-Mnist -Name Synthetic -First 50 | Expand-Dimension
        $model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1
        $run = $model | Invoke-Training -Data $digits -Epochs 1 -Quiet
        $picture = $digits | Show-Image -Count 4 -Path digits.png -Force
        "ours: $($run.Status), $($picture.Name)"
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0.1.2.0", true)]
    [InlineData("0.1.2.0", false)]
    [InlineData("99.0.0.0", true)]
    [InlineData("99.0.0.0", false)]
    public void Another_module_with_other_versions_of_the_dependencies_works_beside_this_one(
        string version,
        bool oursFirst
    )
    {
        WriteOtherModule(version);
        const string use = """
            Import-Module ./OtherModule.dll
            "other: $([OtherModule]::SkiaSharp().Assembly.GetName().Version) $([OtherModule]::TorchSharp().Assembly.GetName().Version)"
            """;
        // PowerShell has a Newtonsoft.Json of its own, which everybody gets, before and after.
        const string json =
            "if ([Newtonsoft.Json.JsonConvert].Assembly.Location -notlike \"$PSHOME*\") { 'another json' }";
        var ours = $"Import-Module '{Repository.Manifest}'\n{Work}";

        var result = Run(oursFirst ? $"{ours}\n{use}\n{json}" : $"{json}\n{use}\n{ours}");

        Assert.Equal("", result.Error);
        Assert.Equal(
            [$"other: {version} {version}", "ours: Completed, digits.png"],
            result.Lines.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Two_versions_work_in_two_sessions_at_the_same_time()
    {
        var newer = ModuleCopy.Make(_folder.Path, "0.2.0");
        // Each waits for the other, so that both are at work in the same moments.
        string Script(string manifest, string mine, string its) =>
            $$"""
                Import-Module '{{manifest}}'
                {{Work}}
                Set-Content {{mine}} ''
                while (-not (Test-Path {{its}})) { Start-Sleep -Milliseconds 20 }
                {{Work}}
                (Get-Module PSConvNet).Version.ToString()
                """;

        using var first = Start(Script(Repository.Manifest, "one", "two"));
        using var second = Start(Script(newer, "two", "one"));

        foreach (var (shell, version) in new[] { (first, "0.1.0"), (second, "0.2.0") })
        {
            var result = shell.Wait();
            Assert.Equal("", result.Error);
            Assert.Equal(["ours: Completed, digits.png", "ours: Completed, digits.png", version], result.Lines);
        }
    }

    [Fact]
    public void Commands_with_a_prefix_do_their_whole_work()
    {
        using var session = new PowerShellSession(import: false);
        session.Runspace.SessionStateProxy.Path.SetLocation(_folder.Path);

        var result = session.Run(
            $$"""
            Import-Module '{{Repository.Manifest}}' -Prefix Net
            $digits = Import-NetMnist -Name Synthetic -First 100 | Expand-NetDimension
            $model = New-NetFlattenLayer | New-NetDenseLayer 10 -Activation Softmax | New-NetModel 28,28,1
            ($model | Invoke-NetTraining -Data $digits -Epochs 1 -Quiet -CheckpointPath state).Status.ToString()
            (Resume-NetTraining state -Data $digits -Quiet).Status.ToString()
            $space = New-NetSweepSpace -Choice @{ LearningRate = 0.01, 0.001 }
            $best = Invoke-NetSweep -Space $space -Data $digits -Trials 2 -Epochs 1 -Parallel 1 -Study study -Quiet {
                param($p)
                New-FlattenLayer | New-DenseLayer 10 -Activation Softmax
            }
            @($best).Count
            (Get-Help Export-NetModel).Synopsis
            @(Get-Command -Module PSConvNet -Name *-Mnist).Count
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(
            ["Completed", "Completed", "2", "Saves a model to a file.", "0"],
            result.Output.Select(one => one.ToString())
        );
    }

    /// <summary>Libraries of the names that this module's dependencies have, and a module that is compiled against them.</summary>
    private void WriteOtherModule(string version)
    {
        var module = New("OtherModule", "1.0.0.0");
        var type = module.DefineDynamicModule("OtherModule").DefineType("OtherModule", TypeAttributes.Public);
        foreach (var name in new[] { "SkiaSharp", "TorchSharp" })
        {
            var library = New(name, version);
            var other = library.DefineDynamicModule(name).DefineType($"{name}.Other", TypeAttributes.Public);
            other.CreateType();
            library.Save(Path.Combine(_folder.Path, $"{name}.dll"));
            var code = type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, typeof(Type), [])
                .GetILGenerator();
            code.Emit(OpCodes.Ldtoken, other);
            code.Emit(OpCodes.Call, typeof(Type).GetMethod(nameof(Type.GetTypeFromHandle))!);
            code.Emit(OpCodes.Ret);
        }
        type.CreateType();
        module.Save(Path.Combine(_folder.Path, "OtherModule.dll"));

        static PersistedAssemblyBuilder New(string name, string version) =>
            new(new AssemblyName(name) { Version = new Version(version) }, typeof(object).Assembly);
    }

    private ShellResult Run(string script)
    {
        using var shell = Start(script);
        return shell.Wait();
    }

    private RunningShell Start(string script)
    {
        var all = $"Set-Location '{_folder.Path}'\n$ErrorActionPreference = 'Stop'\n{script}";
        var shell = ShellProcess.Start(
            ["-NoProfile", "-File", _folder.Write($"{Guid.NewGuid():N}.ps1", all)],
            Pwsh.Path
        );
        shell.Process.StandardInput.Close();
        return shell;
    }
}
