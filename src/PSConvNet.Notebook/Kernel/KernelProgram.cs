using System.Management.Automation;
using System.Runtime.InteropServices;
using System.Text;

namespace PSConvNet.Notebook;

/// <summary>The kernel as a process: <c>module/kernel/Start-NotebookKernel.ps1</c> calls it in pwsh or in psconvnet.</summary>
public static class KernelProgram
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    /// <summary>Runs a kernel on a thread of its own until a frontend shuts it down; the process lives as long.</summary>
    /// <param name="connectionFile">The file a frontend wrote; its path, relative to the process's folder or whole.</param>
    /// <exception cref="ConvNetException"><c>ConnectionFileInvalid</c>, <c>SignatureSchemeUnknown</c>.</exception>
    public static void Start(string connectionFile)
    {
        var connection = ConnectionInfo.Read(Path.GetFullPath(connectionFile));
        var thread = new Thread(() => Run(connection)) { Name = "PSConvNet kernel" };
        thread.Start();
    }

    private static void Run(ConnectionInfo connection)
    {
        var errors = Console.Error;
        var log = new Action<string>(line => errors.WriteLine("psconvnet kernel: " + line));
        try
        {
            using var runner = OpenRunner();
            using var kernel = new JupyterKernel(connection, runner, log) { Ending = () => EndProcessIn(s_grace) };
            using var interrupt = PosixSignalRegistration.Create(
                PosixSignal.SIGINT,
                context =>
                {
                    context.Cancel = true;
                    kernel.Interrupt();
                }
            );
            using var terminate = PosixSignalRegistration.Create(
                PosixSignal.SIGTERM,
                context =>
                {
                    context.Cancel = true;
                    kernel.End();
                }
            );
            Console.SetOut(new StreamWriterOf(kernel, isError: false));
            Console.SetError(new StreamWriterOf(kernel, isError: true));
            ParentWatch.Start(kernel.End);
            kernel.Run();
        }
        catch (Exception e) when (e is ConvNetException or RuntimeException)
        {
            log(e.Message);
            Environment.Exit(1);
        }
        // Whatever threads scripts have left behind.
        Environment.Exit(0);
    }

    private static CellRunner OpenRunner()
    {
        var runner = CellRunner.Open(Environment.CurrentDirectory);
        // Its standard output is redirected, so pwsh has turned colours off; frontends show them.
        using var shell = runner.CreateShell();
        shell.AddScript("if ($null -ne $PSStyle) { $PSStyle.OutputRendering = 'Host' }").Invoke();
        return runner;
    }

    private static void EndProcessIn(TimeSpan grace)
    {
        var end = new Thread(() =>
        {
            Thread.Sleep(grace);
            Environment.Exit(0);
        })
        {
            IsBackground = true,
            Name = "PSConvNet kernel's end",
        };
        end.Start();
    }

    /// <summary>What programs in a cell write to the console themselves.</summary>
    private sealed class StreamWriterOf(JupyterKernel kernel, bool isError) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => kernel.Write(isError, value.ToString());

        public override void Write(string? value) => kernel.Write(isError, value ?? "");

        public override void Write(char[] buffer, int index, int count) =>
            kernel.Write(isError, new string(buffer, index, count));

        public override void WriteLine(string? value) => kernel.Write(isError, value + "\n");
    }
}
