namespace PSConvNet.Notebook.Tests.Wire;

public sealed class ConnectionInfoTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("psconvnet-connection-");

    [Fact]
    public void Without_an_address_the_kernel_listens_on_this_machine_alone()
    {
        var connection = ConnectionInfo.Read(Write(Ports));

        Assert.Equal("tcp://127.0.0.1:1", connection.Address(connection.ShellPort));
    }

    [Fact]
    public void An_address_of_the_sixth_version_is_bracketed()
    {
        var connection = ConnectionInfo.Read(Write("\"ip\": \"::1\", " + Ports));

        Assert.Equal("tcp://[::1]:5", connection.Address(connection.HeartbeatPort));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"key\": \"TOPSECRET\", ")]
    [InlineData("\"key\": \"TOPSECRET\", \"shell_port\": \"x\", ")]
    [InlineData("\"key\": \"TOPSECRET\", \"transport\": \"pgm\", ")]
    [InlineData("\"key\": \"TOPSECRET\", \"ip\": \"*\", ")]
    [InlineData("\"key\": \"TOPSECRET\", \"ip\": \"no address\", ")]
    [InlineData("\"key\": \"TOPSECRET\", \"ip\": null, ")]
    [InlineData("\"key\": \"TOPSECRET\", \"transport\": null, \"ip\": \"::1\", ")]
    [InlineData("\"key\": \"TOPSECRET\", \"signature_scheme\": null, \"ip\": \"::1\", ")]
    [InlineData("\"key\": null, \"ip\": \"::1\", ")]
    [InlineData("\"key\": TOPSECRET, ")]
    public void A_file_that_makes_no_sense_is_refused_without_telling_its_key(string fields)
    {
        var ports =
            fields.Contains("ip", StringComparison.Ordinal) || fields.Contains("transport", StringComparison.Ordinal);
        var path = Write(fields + (ports ? Ports : "\"iopub_port\": 70000"));

        var error = Assert.Throws<ConvNetException>(() => ConnectionInfo.Read(path));

        Assert.Equal("ConnectionFileInvalid", error.ErrorId);
        Assert.DoesNotContain("TOPSECRET", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_transport_that_is_not_supported_is_refused_by_its_name()
    {
        var path = Write("\"transport\": \"ipc\", \"ip\": \"kernel-ipc\", " + Ports);

        var error = Assert.Throws<ConvNetException>(() => ConnectionInfo.Read(path));

        Assert.Contains("the transport ipc isn't supported, only tcp", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_pipe_in_a_file_s_place_is_refused_at_once()
    {
        Skip.If(OperatingSystem.IsWindows(), "pipes have no place among files there");
        var path = Path.Combine(_folder.FullName, "pipe.json");
        using (var made = System.Diagnostics.Process.Start("mkfifo", [path]))
            made.WaitForExit();

        Assert.Equal("ConnectionFileInvalid", Assert.Throws<ConvNetException>(() => ConnectionInfo.Read(path)).ErrorId);
    }

    [Fact]
    public void Two_sockets_on_one_port_are_refused() =>
        Assert.Contains(
            "two of its ports are the same",
            Assert.Throws<ConvNetException>(() => ConnectionInfo.Read(Write(Ports.Replace('5', '4')))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_connection_prints_without_its_key() =>
        Assert.DoesNotContain(
            "TOPSECRET",
            ConnectionInfo.Read(Write("\"key\": \"TOPSECRET\", " + Ports)).ToString(),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_file_that_is_not_there_says_so()
    {
        var error = Assert.Throws<ConvNetException>(() =>
            ConnectionInfo.Read(Path.Combine(_folder.FullName, "none.json"))
        );

        Assert.Equal("ConnectionFileNotFound", error.ErrorId);
        Assert.Equal(ErrorKind.NotFound, error.Kind);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData(" \r\n", "it is empty")]
    [InlineData("null", "it contains null")]
    [InlineData("[]", "line 1 is malformed")]
    [InlineData("{ \"shell_port\": \"5555\" }", "shell_port isn't a whole number")]
    [InlineData("{ \"hb_port\": 1.5 }", "hb_port isn't a whole number")]
    [InlineData("{ \"iopub_port\": null }", "iopub_port isn't a whole number")]
    [InlineData("{ \"iopub_port\": 99999999999 }", "iopub_port isn't a whole number")]
    [InlineData("{ \"key\": 5 }", "key isn't a text")]
    [InlineData("{ \"shell_port\": -1 }", "-1 isn't a port")]
    public void What_is_wrong_with_a_file_is_said_in_its_own_terms(string text, string reason)
    {
        var path = Path.Combine(_folder.FullName, "odd.json");
        File.WriteAllText(path, text);

        var error = Assert.Throws<ConvNetException>(() => ConnectionInfo.Read(path));

        Assert.Equal("ConnectionFileInvalid", error.ErrorId);
        Assert.Equal(ErrorKind.InvalidData, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Start the kernel from a frontend, which writes one.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkfifo", "isn't a connection file of Jupyter: it is a pipe or a device, not a file.")]
    [InlineData("mkdir", "isn't a connection file of Jupyter: it is a folder, not a file.")]
    public void What_is_no_file_is_said_to_be_none(string program, string reason)
    {
        if (OperatingSystem.IsWindows())
            return;
        var path = Path.Combine(_folder.FullName, "odd.json");
        using (var process = System.Diagnostics.Process.Start(program, path))
            process.WaitForExit();

        var error = Assert.Throws<ConvNetException>(() => ConnectionInfo.Read(path));

        Assert.Equal("ConnectionFileInvalid", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_file_is_refused_before_it_is_read()
    {
        var path = Path.Combine(_folder.FullName, "huge.json");
        using (var file = File.Create(path))
            file.SetLength(3L << 30);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Throws<ConvNetException>(() => ConnectionInfo.Read(path));

        Assert.Contains("it is larger than 65,536 bytes", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private const string Ports =
        "\"shell_port\": 1, \"iopub_port\": 2, \"stdin_port\": 3, \"control_port\": 4, \"hb_port\": 5";

    private string Write(string fields)
    {
        var path = Path.Combine(_folder.FullName, "connection.json");
        File.WriteAllText(path, "{" + fields + "}");
        return path;
    }
}
