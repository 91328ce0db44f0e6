namespace PSConvNet.Shell;

/// <summary>The exit codes the shell itself gives; a script's <c>exit n</c> gives n.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>A terminating error, or a shell that can't start.</summary>
    public const int Failure = 1;

    /// <summary>A command line that can't be understood, or a script that isn't there (as pwsh; EX_USAGE of sysexits.h).</summary>
    public const int Usage = 64;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM (128 + 15).</summary>
    public const int Terminated = 143;
}
