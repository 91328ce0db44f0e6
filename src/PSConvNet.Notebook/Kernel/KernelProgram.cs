using System.Runtime.InteropServices;
using System.Text;

namespace PSConvNet.Notebook;

/// <summary>The kernel as a process; <see cref="Commands.NotebookKernelCommand"/> starts it.</summary>
internal static class KernelProgram
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    /// <summary>Runs a kernel until a frontend shuts it down, and ends the process then.</summary>
    /// <remarks>The caller waits: when PowerShell's own session ends, it closes all others of its process.</remarks>
    /// <param name="connectionFile">The full path of the file that a frontend wrote.</param>
    /// <exception cref="ConvNetException">
    /// <c>ConnectionFileNotFound</c>, <c>ConnectionFileInvalid</c>, <c>SignatureSchemeUnknown</c>, <c>PortInUse</c>, <c>AddressUnusable</c>.
    /// </exception>
    public static void Start(string connectionFile)
    {
        var connection = ConnectionInfo.Read(connectionFile);
        var errors = Console.Error;
        var session = new KernelSession(OpenRunner(), OpenRunner);
        var kernel = new JupyterKernel(connection, session, line => errors.WriteLine("psconvnet kernel: " + line))
        {
            Ending = () => EndProcessIn(s_grace),
        };
        // A thread of its own: the caller's is that of a pipeline of another session.
        var thread = new Thread(() => Run(kernel, session)) { Name = "PSConvNet kernel" };
        thread.Start();
        thread.Join();
    }

    private static void Run(JupyterKernel kernel, KernelSession session)
    {
        using (session)
        using (kernel)
        using (ProcessSignals.OfProcess.Listen(PosixSignal.SIGINT, () => Interrupt(kernel)))
        using (RunningWork.OfProcess.Enter(kernel.End, endsProcess: true))
        {
            Console.SetOut(new StreamWriterOf(kernel, isError: false));
            Console.SetError(new StreamWriterOf(kernel, isError: true));
            ParentWatch.Start(kernel.End);
            kernel.Run();
        }
        // Whatever threads scripts have left behind.
        Environment.Exit(0);
    }

    private static bool Interrupt(JupyterKernel kernel)
    {
        kernel.Interrupt();
        return true;
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
