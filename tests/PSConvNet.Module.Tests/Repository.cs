using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

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

    /// <summary>The folder of the data sets on this machine: the one that is named, or that beside the checkout; null for none.</summary>
    public static string? SharedData { get; } = FindSharedData();

    /// <summary>The real MNIST in it, or null.</summary>
    public static string? SharedMnist { get; } =
        SharedData is { } folder && Directory.Exists(Path.Combine(folder, "mnist"))
            ? Path.Combine(folder, "mnist")
            : null;

    /// <summary>The real MNIST; skips the test that asks for it where there is none.</summary>
    public static string RequireMnist()
    {
        Skip.If(SharedMnist is null, "no MNIST beside the checkout or in PSCONVNET_DATA");
        return SharedMnist!;
    }

    /// <summary>Lets every process that a test starts find what the tests found, from before the first test on.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Nothing but the test host loads this assembly.")]
    internal static void HandOnSharedData()
    {
        if (SharedData is { } folder)
            Environment.SetEnvironmentVariable(DataVariable, folder);
    }

    private const string DataVariable = "PSCONVNET_DATA";

    private static string? FindSharedData()
    {
        var folder = Environment.GetEnvironmentVariable(DataVariable) ?? Path.Combine(Root, "..", "shared", "data");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }
}
