using System.Diagnostics;

namespace PSConvNet.Disk;

/// <summary>Files that another program has open for a moment: Windows refuses to replace or delete them meanwhile, however they were opened.</summary>
internal static class OpenElsewhere
{
    // Longer than an indexer, a virus scanner or a reader of ours needs, shorter than anyone wonders.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>Replaces or deletes a file, and tries again for a second while another program has it open.</summary>
    /// <exception cref="IOException">It can't be done, or the file stayed open.</exception>
    /// <exception cref="UnauthorizedAccessException">As for <see cref="IOException"/>: Windows says either.</exception>
    public static void Await(Action operation)
    {
        var since = Stopwatch.StartNew();
        Await(
            operation,
            e => MayBeOpen(e) && since.Elapsed < s_patience,
            // As short as it can be: a reader that opens the file again and again leaves short gaps.
            () => Thread.Sleep(1)
        );
    }

    /// <summary>Does something until it succeeds, or fails in a way that does not pass.</summary>
    internal static void Await(Action operation, Func<Exception, bool> mayPass, Action pause)
    {
        while (true)
        {
            try
            {
                operation();
                return;
            }
            catch (Exception e) when (FileFault.IsOfDisk(e) && mayPass(e))
            {
                pause();
            }
        }
    }

    private static bool MayBeOpen(Exception e)
    {
        const int accessDenied = unchecked((int)0x80070005);
        const int sharingViolation = unchecked((int)0x80070020);
        return OperatingSystem.IsWindows() && e.HResult is accessDenied or sharingViolation;
    }
}
