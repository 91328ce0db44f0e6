using System.ComponentModel;
using System.Diagnostics;

namespace PSConvNet.Sweeps;

/// <summary>What a program that was run came to.</summary>
/// <param name="Code">Its exit code; 0 where all went well.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record ToolResult(int Code, string Output, string Errors)
{
    /// <summary>What it had to say about its failure, on one line.</summary>
    public string Complaint
    {
        get
        {
            var said = string.IsNullOrWhiteSpace(Errors) ? Output : Errors;
            var lines = said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return lines.Length == 0
                ? FormattableString.Invariant($"exit code {Code} and no message")
                : string.Join("; ", lines);
        }
    }
}

/// <summary>Runs short programs of others, such as sbatch, and waits for them.</summary>
/// <param name="folder">Where they lie; null to have the system look them up on PATH.</param>
/// <param name="environment">Variables for them, beside those of this process.</param>
/// <param name="patience">After so long a program that hangs is ended.</param>
internal sealed class Tool(
    string? folder = null,
    IReadOnlyDictionary<string, string>? environment = null,
    TimeSpan? patience = null
)
{
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(60);

    /// <summary>Runs one; null where there is no such program.</summary>
    public ToolResult? Run(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(folder is null ? program : Path.Combine(folder, program), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Some translate what is parsed here.
        start.Environment["LC_ALL"] = "C";
        // Else squeue would cut long lists of tasks short.
        start.Environment["SLURM_BITSTR_LEN"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            if (process.WaitForExit(_patience) && Task.WaitAll([output, errors], _patience))
                return new ToolResult(process.ExitCode, output.Result, errors.Result);
            process.Kill(entireProcessTree: true);
            return new ToolResult(
                -1,
                "",
                FormattableString.Invariant($"{program} gave no answer within {_patience.TotalSeconds:0} s")
            );
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
