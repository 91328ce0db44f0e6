using System.Management.Automation;
using System.Text.Json.Nodes;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Notebooks;

public sealed class RegisterNotebookKernelTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("psconvnet kernels ");
    private readonly PowerShellSession _session = new();

    [Fact]
    public void The_kernel_lies_where_Jupyter_looks_below_a_prefix_and_starts_what_is_there()
    {
        var kernel = Register("").Output.Single();

        var folder = Path.Combine(_folder.FullName, "share", "jupyter", "kernels", "psconvnet");
        Assert.Equal(folder, kernel.Properties["Path"].Value);
        var spec = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!;
        var words = spec["argv"]!.AsArray().Select(word => word!.GetValue<string>()).ToList();
        Assert.Equal(Jupyter.Psconvnet, words[0]);
        Assert.Equal("{connection_file}", words[^1]);
        Assert.All(words[..^1].Where(word => !word.StartsWith('-')), word => Assert.True(File.Exists(word), word));
        Assert.Equal("PowerShell (PSConvNet)", spec["display_name"]!.GetValue<string>());
        Assert.Equal("powershell", spec["language"]!.GetValue<string>());
        Assert.Equal("message", spec["interrupt_mode"]!.GetValue<string>());
        Assert.Equal("5.5", spec["kernel_protocol_version"]!.GetValue<string>());
    }

    [Fact]
    public void The_kernel_is_told_where_NET_is_if_this_session_was()
    {
        const string name = "DOTNET_ROOT";
        var before = Environment.GetEnvironmentVariable(name);
        // Programs that other tests start meanwhile must find it too.
        var place = before ?? Path.GetFullPath(Path.Combine(typeof(object).Assembly.Location, "..", "..", "..", ".."));
        Environment.SetEnvironmentVariable(name, place);
        try
        {
            var folder = (string)Register("").Output.Single().Properties["Path"].Value;

            var spec = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!;
            Assert.Equal(place, spec["env"]![name]!.GetValue<string>());
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, before);
        }
    }

    [Theory]
    [InlineData("JUPYTER_DATA_DIR", "")]
    [InlineData("XDG_DATA_HOME", "jupyter")]
    public void A_user_s_kernel_goes_where_the_user_s_variables_say(string variable, string below)
    {
        Skip.If(variable == "XDG_DATA_HOME" && !OperatingSystem.IsLinux(), "XDG folders are Linux's");
        var before = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, _folder.FullName);
        try
        {
            var kernel = _session.Run($"Register-NotebookKernel -User -Program '{Jupyter.Psconvnet}'").Output.Single();

            Assert.Equal(
                Path.Combine(_folder.FullName, below, "kernels", "psconvnet").Replace("//", "/"),
                kernel.Properties["Path"].Value
            );
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }

    [Fact]
    public void The_kernel_of_an_installed_module_runs_the_newest_version_after_an_update_and_a_move()
    {
        var modules = Path.Combine(_folder.FullName, "Modules");
        var first = ModuleCopy.Make(modules, "0.1.0");
        Assert.Equal("", Shell(["-Command", $"Import-Module '{first}'; {Command("-Force")} > $null"]).Error);
        var folder = Path.Combine(_folder.FullName, "share", "jupyter", "kernels", "psconvnet");
        string[] words =
        [
            .. JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!["argv"]!
                .AsArray()
                .Select(word => word!.GetValue<string>().Replace("{connection_file}", "a file.json")),
        ];

        Install("0.1.0");
        Assert.Equal(["0.1.0 a file.json"], Shell(words[1..]).Lines);
        Install("0.2.0");
        Install("0.10.0");
        Directory.CreateDirectory(Path.Combine(modules, "PSConvNet", "0.20.0"));
        Directory.Delete(Path.GetDirectoryName(first)!, recursive: true);
        Assert.Equal(["0.10.0 a file.json"], Shell(words[1..]).Lines);
        var elsewhere = Path.Combine(_folder.FullName, "everybody's");
        Directory.Move(modules, elsewhere);
        Assert.Equal(["0.10.0 a file.json"], Shell(words[1..], ("PSModulePath", elsewhere)).Lines);
        Assert.Contains("PSConvNet is no longer installed", Shell(words[1..]).Error, StringComparison.Ordinal);

        // With a kernel that only says which one it is.
        void Install(string version)
        {
            var manifest = version == "0.1.0" ? first : ModuleCopy.Make(modules, version);
            File.WriteAllText(
                Path.Combine(Path.GetDirectoryName(manifest)!, "kernel", "Start-NotebookKernel.ps1"),
                $"\"{version} $args\""
            );
        }

        static ShellResult Shell(string[] arguments, params (string Name, string Value)[] variables)
        {
            using var shell = ShellProcess.Start(arguments, Pwsh.Path, variables);
            shell.Process.StandardInput.Close();
            return shell.Wait();
        }
    }

    [Fact]
    public void A_kernel_that_is_there_is_replaced_with_Force_only()
    {
        Register("-Name Mine -DisplayName first");

        Assert.StartsWith("KernelExists", ErrorOf("-Name mine").FullyQualifiedErrorId, StringComparison.Ordinal);
        Register("-Name mine -DisplayName second -Force");

        var spec = Directory.GetFiles(_folder.FullName, "kernel.json", SearchOption.AllDirectories).Single();
        Assert.Contains("second", File.ReadAllText(spec), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        Assert.Empty(Register("-WhatIf").Output);

        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("../up")]
    [InlineData("é")]
    [InlineData("..")]
    [InlineData(".")]
    public void A_name_Jupyter_would_not_take_is_refused(string name) =>
        Assert.StartsWith(
            "KernelNameInvalid",
            ErrorOf($"-Name '{name}'").FullyQualifiedErrorId,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_program_that_is_no_shell_is_refused()
    {
        foreach (var program in (string[])["/nowhere/pwsh", "/bin/sh"])
        {
            var error = _session.RunForError(
                $"Register-NotebookKernel -Prefix '{_folder.FullName}' -Program '{program}'"
            );

            Assert.StartsWith("KernelProgramNotFound", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Equal(ErrorCategory.ObjectNotFound, error.CategoryInfo.Category);
        }
    }

    [Fact]
    public void A_folder_that_can_not_be_made_says_so()
    {
        var file = Path.Combine(_folder.FullName, "file");
        File.WriteAllText(file, "");

        var error = _session.RunForError($"Register-NotebookKernel -Prefix '{file}' -Program '{Jupyter.Psconvnet}'");

        Assert.StartsWith("FileNotWritten", error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _session.Dispose();
        _folder.Delete(recursive: true);
    }

    private ScriptResult Register(string arguments) => _session.Run(Command(arguments));

    private ErrorRecord ErrorOf(string arguments) => _session.RunForError(Command(arguments));

    private string Command(string arguments) =>
        $"Register-NotebookKernel -Prefix '{_folder.FullName}' -Program '{Jupyter.Psconvnet}' {arguments}";
}
