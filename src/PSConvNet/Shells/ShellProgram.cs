using System.Diagnostics;
using System.Reflection;

namespace PSConvNet.Commands;

/// <summary>A PowerShell of 7.4 or later, as a program that runs scripts of this module: pwsh, or a program that hosts its console.</summary>
/// <param name="Words">The program's full path and the words that come before its own arguments.</param>
internal sealed record ShellProgram(IReadOnlyList<string> Words)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>The oldest PowerShell that the module runs in.</summary>
    public static Version Oldest { get; } = new(7, 4);

    /// <summary>The full path of the program.</summary>
    public string Program => Words[0];

    /// <summary>The command line that runs a script of the module, without the script's own arguments.</summary>
    /// <param name="folder">The script's folder in the module's.</param>
    /// <param name="script">The script's name.</param>
    public IReadOnlyList<string> CommandOf(string folder, string script) =>
        CommandOf(Path.Combine(ModulePlace.Folder, folder, script));

    /// <summary>The command line that runs a script, without the script's own arguments.</summary>
    /// <param name="script">The script's full path.</param>
    public IReadOnlyList<string> CommandOf(string script) =>
        [.. Words, "-NoLogo", "-NoProfile", "-NonInteractive", "-File", script];

    /// <summary>
    /// The same shell by a path that stays when it is updated: that of a PowerShell from Microsoft's store has its version in it, while the
    /// store keeps an alias in the user's own folder.
    /// </summary>
    public ShellProgram Lasting() =>
        Lasting(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), File.Exists);

    internal ShellProgram Lasting(string applicationData, Func<string, bool> exists)
    {
        // C:\Program Files\WindowsApps\Microsoft.PowerShell_7.6.9.0_x64__8wekyb3d8bbwe\pwsh.exe
        if (
            Program.Split('\\') is not [.., "WindowsApps", var package, var file]
            || package.Split('_') is not [var name, _, .., var publisher]
        )
            return this;
        var alias = $@"{applicationData}\Microsoft\WindowsApps\{name}_{publisher}\{file}";
        return exists(alias) ? new([alias, .. Words.Skip(1)]) : this;
    }

    /// <summary>The shell this process is; else pwsh on the PATH; else, in a checkout, the built psconvnet.</summary>
    /// <param name="errorId">The id of the error where there is none.</param>
    /// <param name="remedy">What else the caller can do, after "install it".</param>
    /// <exception cref="ConvNetException"><paramref name="errorId"/>.</exception>
    public static ShellProgram Find(string errorId, string remedy = "") =>
        ThisProcess()
        ?? OnPath().Concat(Built()).Select(program => new ShellProgram([program])).FirstOrDefault(IsRecent)
        ?? throw NotFound(
            errorId,
            $"PowerShell {Oldest} or later was not found; install it (https://aka.ms/powershell){remedy}."
        );

    /// <summary>A program that was named.</summary>
    /// <exception cref="ConvNetException"><paramref name="errorId"/>: it isn't a PowerShell of 7.4 or later.</exception>
    public static ShellProgram Of(string program, string errorId)
    {
        if (!File.Exists(program))
            throw NotFound(errorId, $"There is no program {program}; give the full path of pwsh.", program);
        var shell = new ShellProgram([program]);
        return IsRecent(shell)
            ? shell
            : throw NotFound(errorId, $"{program} isn't PowerShell {Oldest} or later; name another program.", program);
    }

    /// <summary>This process, where PowerShell's console runs in it: not in a test runner, nor in another program that hosts PowerShell.</summary>
    private static ShellProgram? ThisProcess()
    {
        if (
            Environment.ProcessPath is not { } program
            || Assembly.GetEntryAssembly()?.Location is not { Length: > 0 } entry
        )
            return null;
        if (Path.GetFileNameWithoutExtension(entry) is not ("pwsh" or "PSConvNet.Shell"))
            return null;
        // As a .NET tool pwsh is an assembly that dotnet runs.
        return IsNamed(program, "dotnet") ? new([program, entry]) : new([program]);
    }

    private static IEnumerable<string> OnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Where(Path.IsPathRooted)
            .Select(folder => Executable(folder, "pwsh"))
            .OfType<string>();

    /// <summary>Where the build of a checkout puts psconvnet; the last built comes first.</summary>
    private static IEnumerable<string> Built()
    {
        var bin = Path.GetFullPath(Path.Combine(ModulePlace.Folder, "..", "src", "PSConvNet.Shell", "bin"));
        return Directory.Exists(bin)
            ? Directory
                .GetDirectories(bin)
                .Select(folder => Executable(Path.Combine(folder, "net10.0"), "psconvnet"))
                .OfType<string>()
                .OrderByDescending(File.GetLastWriteTimeUtc)
            : [];
    }

    private static string? Executable(string folder, string name)
    {
        var file = Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);
        return File.Exists(file) ? file : null;
    }

    private static bool IsNamed(string program, string name) =>
        Path.GetFileNameWithoutExtension(program).Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool IsRecent(ShellProgram shell) => VersionOf(shell.Program) >= Oldest;

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
