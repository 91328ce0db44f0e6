namespace PSConvNet.Installation;

/// <summary>A version of libtorch that is installed for this user.</summary>
public sealed record InstalledRuntime
{
    /// <summary>libtorch's version.</summary>
    public required string Version { get; init; }

    /// <summary>The system it is for, as .NET names it: <c>linux-x64</c>.</summary>
    public required string RuntimeIdentifier { get; init; }

    /// <summary>The package it came in.</summary>
    public required string Package
    {
        get;
        init => field = PrintableText.Of(value);
    }

    /// <summary>The source the package came from: an address without a password, or a folder.</summary>
    public required string Source
    {
        get;
        init => field = PrintableText.Of(value);
    }

    /// <summary>The size of its files in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Its folder.</summary>
    public required string Folder
    {
        get;
        init => field = PrintableText.Of(value);
    }
}

/// <summary>How far an installation is.</summary>
/// <param name="Step">What is being done, for a person.</param>
/// <param name="Done">The bytes that are done.</param>
/// <param name="Total">The bytes to do.</param>
public readonly record struct InstallProgress(string Step, long Done, long Total);
