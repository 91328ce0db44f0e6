using System.Diagnostics;

namespace PSConvNet.Commands;

/// <summary>A program that runs PowerShell scripts with this module: pwsh, or the psconvnet beside it.</summary>
/// <param name="Program">Its full path.</param>
/// <param name="IsPwsh">Whether it is PowerShell's own, and not psconvnet.</param>
internal sealed record ShellProgram(string Program, bool IsPwsh)
{
    /// <summary>The oldest PowerShell that the module runs in.</summary>
    public static Version Oldest { get; } = new(7, 4);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>What runs a script of the module: the program, and its words up to the script's own.</summary>
    /// <param name="folder">The script's folder in the module's.</param>
    /// <param name="script">The script's name.</param>
    public IReadOnlyList<string> CommandOf(string folder, string script)
    {
        var path = Path.Combine(ModulePlace.Folder, folder, script);
        return IsPwsh ? [Program, "-NoLogo", "-NoProfile", "-NonInteractive", "-File", path] : [Program, path];
    }

    /// <summary>The shell this runs in, where it is one; else as <see cref="Find"/>.</summary>
    /// <exception cref="ConvNetException"><paramref name="errorId"/>: there is none.</exception>
    public static ShellProgram ThisOne(string errorId) =>
        Environment.ProcessPath is { } self && IsNamed(self, "psconvnet") ? new(self, IsPwsh: false) : Find(errorId);

    /// <summary>pwsh, where there is one of 7.4 or later; else the psconvnet beside the module.</summary>
    /// <param name="errorId">The id of the error where there is none.</param>
    /// <exception cref="ConvNetException"><paramref name="errorId"/>.</exception>
    public static ShellProgram Find(string errorId) =>
        Candidates().FirstOrDefault(shell => !shell.IsPwsh || VersionOf(shell.Program) >= Oldest)
        ?? throw NotFound(
            errorId,
            "Neither pwsh 7.4 or later nor psconvnet was found; install PowerShell (https://aka.ms/powershell), or name a program with -Program."
        );

    /// <summary>A program that was named.</summary>
    /// <exception cref="ConvNetException"><paramref name="errorId"/>: it is none.</exception>
    public static ShellProgram Of(string program, string errorId)
    {
        if (!File.Exists(program))
            throw NotFound(
                errorId,
                $"There is no program {program}; give the full path of pwsh or psconvnet.",
                program
            );
        if (IsNamed(program, "psconvnet"))
            return new(program, IsPwsh: false);
        return VersionOf(program) >= Oldest
            ? new(program, IsPwsh: true)
            : throw NotFound(
                errorId,
                $"{program} is no pwsh 7.4 or later, and no psconvnet; name another program.",
                program
            );
    }

    private static IEnumerable<ShellProgram> Candidates()
    {
        // The one this runs in comes first: the module works there.
        if (Environment.ProcessPath is { } self && IsNamed(self, "pwsh"))
            yield return new(self, IsPwsh: true);
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            if (Path.IsPathRooted(folder) && Executable(folder, "pwsh") is { } pwsh)
                yield return new(pwsh, IsPwsh: true);
        }
        var module = ModulePlace.Folder;
        foreach (var folder in (string[])[AppContext.BaseDirectory, Path.Combine(module, "shell"), .. Built(module)])
        {
            if (Executable(folder, "psconvnet") is { } psconvnet)
                yield return new(psconvnet, IsPwsh: false);
        }
    }

    /// <summary>In a checkout, where the build puts it; the configuration the module was built in last comes first.</summary>
    private static IEnumerable<string> Built(string module)
    {
        var bin = Path.Combine(module, "..", "src", "PSConvNet.Shell", "bin");
        return Directory.Exists(bin)
            ? Directory
                .GetDirectories(bin)
                .Select(folder => Path.GetFullPath(Path.Combine(folder, "net10.0")))
                .Where(Directory.Exists)
                .OrderByDescending(Directory.GetLastWriteTimeUtc)
            : [];
    }

    private static string? Executable(string folder, string name)
    {
        var file = Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
        return File.Exists(file) ? file : null;
    }

    private static bool IsNamed(string program, string name) =>
        Path.GetFileNameWithoutExtension(program).Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <summary>What <c>--version</c> says: <c>PowerShell 7.6.5</c>, or with a preview's name after it. Null where it says nothing like it.</summary>
    private static Version? VersionOf(string program)
    {
        var start = new ProcessStartInfo(program, "--version")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        try
        {
            using var process = Process.Start(start);
            if (process is null)
                return null;
            process.StandardInput.Close();
            var words = process.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(s_patience) || !words.Wait(s_patience))
            {
                process.Kill(entireProcessTree: true);
                return null;
            }
            return
                words.Result.Trim().Split(' ') is ["PowerShell", var number, ..]
                && Version.TryParse(number.Split('-')[0], out var version)
                ? version
                : null;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    private static ConvNetException NotFound(string errorId, string message, string? program = null) =>
        new(errorId, ErrorKind.NotFound, message, program);
}
