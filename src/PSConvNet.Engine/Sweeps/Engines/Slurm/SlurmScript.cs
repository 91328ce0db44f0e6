using System.Text;

namespace PSConvNet.Sweeps;

/// <summary>The batch script that an array's tasks run: it gives a task its log and becomes the worker.</summary>
internal static class SlurmScript
{
    /// <summary>Where the script, the logs and the numbers of jobs lie, within the study's folder.</summary>
    public const string Folder = "slurm";

    /// <summary>Writes it into the study's folder and gives its path.</summary>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public static string Write(string study, WorkerCommand command)
    {
        var folder = Path.Combine(study, Folder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.FolderNotWritten(folder, e);
        }
        var path = Path.Combine(folder, "worker.sh");
        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Text(folder, command))));
        return path;
    }

    /// <summary>
    /// The script. Its options are given to sbatch instead of standing in it, and it opens its log itself: Slurm would take a % in a
    /// folder's name for a pattern. By exec the worker is the batch script, so that signals to it reach the worker.
    /// </summary>
    internal static string Text(string logs, WorkerCommand command) =>
        $"""
            #!/bin/bash
            # Written by a sweep of PSConvNet: a worker of the study in the folder above.
            exec >>{Quote(logs + "/")}"$SLURM_ARRAY_JOB_ID"_"$SLURM_ARRAY_TASK_ID".log 2>&1
            exec {string.Join(' ', command.Arguments.Prepend(command.Program).Select(Quote))}

            """.ReplaceLineEndings("\n");

    /// <summary>Text as one word of a shell, whatever it holds.</summary>
    internal static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
