using System.Diagnostics;

namespace PSConvNet.Module.Tests.Shell;

/// <summary>Runs the built <c>psconvnet</c> as a user does, with all three streams redirected.</summary>
internal static class ShellProcess
{
    /// <summary>The program, of the configuration these tests were built in.</summary>
    public static string Assembly { get; } =
        Path.Combine(Repository.Root, "src", "PSConvNet.Shell", "bin", Configuration, "net10.0", "PSConvNet.Shell.dll");

    private static string Configuration =>
        new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;

    /// <summary>Runs to the end with nothing on standard input.</summary>
    public static ShellResult Run(params string[] arguments) => RunWithInput("", arguments);

    /// <summary>Runs to the end with a text on standard input.</summary>
    public static ShellResult RunWithInput(string input, params string[] arguments)
    {
        using var running = Start(arguments);
        running.Process.StandardInput.Write(input);
        running.Process.StandardInput.Close();
        return running.Wait();
    }

    /// <summary>Starts and gives the running process.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="program">Another program, or another assembly for dotnet to run.</param>
    /// <param name="variables">Variables of its environment.</param>
    public static RunningShell Start(
        IEnumerable<string> arguments,
        string? program = null,
        params (string Name, string Value)[] variables
    )
    {
        program ??= Assembly;
        var isAssembly = program.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(
            isAssembly ? "dotnet" : program,
            isAssembly ? [program, .. arguments] : arguments
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Whatever the machine's terminal is, what comes is compared as text.
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new RunningShell(System.Diagnostics.Process.Start(start)!);
    }

    /// <summary>Sends any process a signal.</summary>
    public static void Signal(string signal, int process)
    {
        using var kill = System.Diagnostics.Process.Start("kill", [$"-{signal}", $"{process}"]);
        kill.WaitForExit();
    }
}

/// <summary>How a shell ended and what it wrote.</summary>
internal sealed record ShellResult(int ExitCode, string Out, string Error)
{
    /// <summary>Standard output by lines, without the last line's end.</summary>
    public string[] Lines => Out.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
}

/// <summary>A shell that runs; killed when disposed of before its end.</summary>
internal sealed class RunningShell : IDisposable
{
    private readonly Task<string> _error;
    private readonly System.Text.StringBuilder _out = new();
    private readonly Task _reading;

    public RunningShell(Process process)
    {
        Process = process;
        _error = process.StandardError.ReadToEndAsync();
        _reading = Task.Run(() =>
        {
            int letter;
            while ((letter = process.StandardOutput.Read()) >= 0)
                lock (_out)
                    _out.Append((char)letter);
        });
    }

    public Process Process { get; }

    public string Out
    {
        get
        {
            lock (_out)
                return _out.ToString();
        }
    }

    /// <summary>Waits until a text has come on standard output.</summary>
    public void WaitFor(string text) =>
        Assert.True(Eventually.Holds(() => Out.Contains(text)), $"'{text}' did not come; came: {Out}");

    /// <summary>Sends it a signal: <c>INT</c>, <c>TERM</c>, <c>KILL</c>.</summary>
    public void Signal(string signal) => ShellProcess.Signal(signal, Process.Id);

    /// <summary>Waits for the end.</summary>
    public ShellResult Wait()
    {
        Assert.True(Process.WaitForExit(Eventually.Patience), $"psconvnet did not end; wrote: {Out}");
        _reading.Wait();
        return new(Process.ExitCode, Out, _error.Result);
    }

    public void Dispose()
    {
        if (!Process.HasExited)
            Process.Kill(entireProcessTree: true);
        Process.Dispose();
    }
}
