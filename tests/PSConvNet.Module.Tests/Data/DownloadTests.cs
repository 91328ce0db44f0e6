using System.Management.Automation;
using PSConvNet.Tests.Data;

namespace PSConvNet.Module.Tests.Data;

/// <summary>Tests that change the process's environment: none other runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EnvironmentTests
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Environment";
}

/// <summary>Import-Mnist where the set is not on this machine.</summary>
[Collection(EnvironmentTests.Name)]
public sealed class DownloadTests : IDisposable
{
    private static readonly string[] s_variables = ["PSCONVNET_DATA", "PSCONVNET_MIRROR", "XDG_CACHE_HOME"];

    private readonly PowerShellSession _session = new();
    private readonly TemporaryFolder _folder = new();
    private readonly string?[] _saved = [.. s_variables.Select(Environment.GetEnvironmentVariable)];

    public DownloadTests()
    {
        Skip.If(OperatingSystem.IsWindows(), "the cache can't be moved by an environment variable on Windows");
        Environment.SetEnvironmentVariable("PSCONVNET_DATA", null);
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", _folder.Path);
    }

    public void Dispose()
    {
        for (var i = 0; i < s_variables.Length; i++)
            Environment.SetEnvironmentVariable(s_variables[i], _saved[i]);
        _session.Dispose();
        _folder.Dispose();
    }

    [SkippableFact]
    public void Offline_one_error_lists_what_was_tried_and_three_ways_out()
    {
        var dead = LoopbackServer.DeadAddress();
        UseMirror(dead);

        var error = _session.RunForError("Import-Mnist");

        ImportMnistTests.AssertError(error, "DatasetNotFound", ErrorCategory.ObjectNotFound);
        Assert.All(
            [_folder.Path, $"{dead}mnist/", "-Path", "PSCONVNET_DATA", "internet", "-Name Synthetic"],
            word => Assert.Contains(word, error.Exception.Message, StringComparison.Ordinal)
        );
    }

    [SkippableFact]
    public void The_data_folder_of_the_environment_is_searched()
    {
        var digits = Repository.RequireMnist();
        Environment.SetEnvironmentVariable("PSCONVNET_DATA", Path.GetDirectoryName(digits));
        UseMirror(LoopbackServer.DeadAddress());

        Assert.Equal(digits, _session.Run("(Import-Mnist -First 10).Source").Output.Single().ToString());
    }

    [SkippableFact]
    public void A_download_shows_progress_and_serves_the_next_import()
    {
        var digits = Repository.RequireMnist();
        using var server = new LoopbackServer(request => new LoopbackResponse(
            200,
            File.ReadAllBytes(Path.Combine(digits, Path.GetFileName(request.Path)))
        ));
        UseMirror(server.Address);

        var first = _session.Run("(Import-Mnist -First 10).Train.Count");
        var second = _session.Run("(Import-Mnist -First 10).Source");

        Assert.Equal(10, first.Output.Single().BaseObject);
        Assert.Contains(first.Progress, p => p.Activity == "Downloading Digits" && p.PercentComplete > 0);
        Assert.Equal(ProgressRecordType.Completed, first.Progress[^1].RecordType);
        Assert.Equal(Path.Combine(_folder.Path, "psconvnet", "mnist"), second.Output.Single().ToString());
        Assert.Equal(4, server.Requests.Count);

        _session.Run("Import-Mnist -Force -First 10");
        Assert.Equal(8, server.Requests.Count);
    }

    [SkippableFact]
    public void WhatIf_downloads_nothing()
    {
        using var server = new LoopbackServer(_ => LoopbackResponse.NotFound);
        UseMirror(server.Address);

        Assert.Empty(_session.Run("Import-Mnist -WhatIf").Output);
        Assert.Empty(server.Requests);
    }

    [SkippableFact]
    public void Stop_ends_a_download_and_the_session_lives_on()
    {
        using var server = new LoopbackServer(_ => new LoopbackResponse(200, [], Hang: true));
        UseMirror(server.Address);
        using var shell = PowerShell.Create(_session.Runspace);
        var running = shell.AddScript("Import-Mnist").BeginInvoke();
        Assert.True(Eventually.Holds(() => !server.Requests.IsEmpty));

        shell.Stop();

        Assert.True(running.IsCompleted);
        // A download that had waited for the end of its patience would have asked again.
        Assert.Single(server.Requests);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
        Assert.Equal(5, _session.Run("(Import-Mnist Synthetic -First 5).Train.Count").Output.Single().BaseObject);
    }

    [SkippableTheory]
    [InlineData("somewhere SECRETPW")]
    [InlineData("user:SECRETPW@host")]
    [InlineData("SECRETPW://host/")]
    [InlineData("ftp://user:SECRETPW@host/")]
    [InlineData("https://user:SECRET PW@")]
    [InlineData("https://user:1/SECRETPW@host/")]
    public void A_mirror_that_is_no_address_is_refused_without_showing_what_may_be_a_password(string mirror)
    {
        Environment.SetEnvironmentVariable("PSCONVNET_MIRROR", mirror);

        var error = _session.RunForError("Import-Mnist");

        ImportMnistTests.AssertError(error, "MirrorInvalid", ErrorCategory.InvalidArgument);
        Assert.DoesNotContain("SECRET", $"{error} {error.TargetObject} {error.Exception}", StringComparison.Ordinal);
    }

    private static void UseMirror(Uri address) =>
        Environment.SetEnvironmentVariable("PSCONVNET_MIRROR", address.ToString());
}
