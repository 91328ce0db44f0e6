using System.Reflection;

namespace PSConvNet.Module.Tests;

/// <summary>Where things lie in the checkout the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } =
        typeof(Repository)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "RepositoryRoot")
            .Value!;

    public static string Manifest => Path.Combine(Root, "module", "PSConvNet.psd1");

    /// <summary>The real MNIST that lies beside the checkout on the project's machines, or null where it does not.</summary>
    public static string? SharedMnist { get; } = FindSharedMnist();

    private static string? FindSharedMnist()
    {
        var folder = Environment.GetEnvironmentVariable("PSCONVNET_DATA") ?? Path.Combine(Root, "..", "shared", "data");
        var digits = Path.Combine(folder, "mnist");
        return Directory.Exists(digits) ? Path.GetFullPath(digits) : null;
    }
}
