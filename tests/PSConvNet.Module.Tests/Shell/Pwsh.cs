namespace PSConvNet.Module.Tests.Shell;

/// <summary>PowerShell's own shell, where this machine has it.</summary>
internal static class Pwsh
{
    /// <summary>Why a test that needs it is skipped.</summary>
    public const string Missing = "there is no pwsh on the PATH (or in PSCONVNET_PWSH)";

    /// <summary>Its path, or null.</summary>
    public static string? Path { get; } =
        Environment.GetEnvironmentVariable("PSCONVNET_PWSH") is { Length: > 0 } named
            ? named
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(System.IO.Path.PathSeparator)
                .Select(folder => System.IO.Path.Combine(folder, OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh"))
                .FirstOrDefault(File.Exists);
}
