using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Paths as people type them, drives of PowerShell's own and wildcards included, made into paths of the file system.</summary>
internal static class FilePaths
{
    private const string FileSystem = "Microsoft.PowerShell.Core\\FileSystem";

    /// <summary>What there is under a path with wildcards, or under a name to be taken as it is, which need not be there.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="path">What was typed.</param>
    /// <param name="literal">Whether it is taken as it is.</param>
    /// <param name="remedy">How a name with brackets is given to this cmdlet.</param>
    /// <exception cref="ConvNetException"><c>PathNotFound</c>, <c>PathNotOfFileSystem</c>.</exception>
    public static IReadOnlyList<string> Existing(
        this PSCmdlet cmdlet,
        string path,
        bool literal,
        string remedy = "use -LiteralPath"
    )
    {
        if (literal)
            return [cmdlet.Target(path)];
        try
        {
            var found = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
            Require(provider, path);
            return found.Count > 0 ? [.. found.Select(Separated)] : throw NotFound(path, remedy);
        }
        catch (Exception e) when (e is SessionStateException or WildcardPatternException)
        {
            throw NotFound(path, remedy, e);
        }
    }

    /// <summary>Where a file is to be, whether it is there or not; no wildcards.</summary>
    /// <exception cref="ConvNetException"><c>PathNotFound</c>: no such drive. <c>PathNotOfFileSystem</c>.</exception>
    public static string Target(this PSCmdlet cmdlet, string path)
    {
        // The one character no system takes in a name; what the others refuse differs.
        if (path.Contains('\0', StringComparison.Ordinal))
            throw NotFound(path);
        try
        {
            var target = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            Require(provider, path);
            return Separated(target);
        }
        catch (SessionStateException e)
        {
            throw NotFound(path, cause: e);
        }
    }

    /// <summary>
    /// The one file or folder that is meant: by a path with wildcards what there is, by another path or a name to be taken as it is where it
    /// would be.
    /// </summary>
    /// <exception cref="ConvNetException"><c>PathInvalid</c>: there are several; and those of <see cref="Existing"/>.</exception>
    public static string One(this PSCmdlet cmdlet, string path, bool literal, string remedy = "use -LiteralPath")
    {
        if (literal || !WildcardPattern.ContainsWildcardCharacters(path))
            return cmdlet.Target(path);
        var found = cmdlet.Existing(path, literal: false, remedy);
        return found.Count == 1
            ? found[0]
            : throw Invalid(path, $"{path} matches {found.Count} items; give the path of one.");
    }

    /// <summary>The full path of a file to write, which isn't a folder.</summary>
    /// <exception cref="ConvNetException">
    /// <c>PathInvalid</c>: a folder is there, or it is a pattern; and those of <see cref="Target"/>.
    /// </exception>
    public static string TargetFile(this PSCmdlet cmdlet, string path)
    {
        RequireNoPattern(path);
        var file = cmdlet.Target(path);
        if (Directory.Exists(file))
            throw Invalid(path, $"{file} is a folder; give the path of a file in it.");
        return file;
    }

    /// <summary>Refuses patterns where something is written: no file is called so on Windows, and elsewhere nobody wants one.</summary>
    /// <exception cref="ConvNetException"><c>PathInvalid</c>.</exception>
    public static void RequireNoPattern(string path)
    {
        if (path.AsSpan().ContainsAny('*', '?'))
            throw Invalid(path, $"{path} is a pattern; give the path of the file to write.");
    }

    /// <summary>The full path of an HTML page, checked for writing before the work that fills it begins.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="path">What was typed.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    /// <param name="errorId">The id of the error for a path that does not end like a page's.</param>
    /// <param name="what">The kind of page: "A report".</param>
    /// <exception cref="ConvNetException"><c>FileExists</c>, <paramref name="errorId"/>, and those of <see cref="TargetFile"/>.</exception>
    public static string TargetPage(this PSCmdlet cmdlet, string path, bool force, string errorId, string what)
    {
        var file = cmdlet.TargetFile(path);
        if (Path.GetExtension(file).ToUpperInvariant() is not (".HTML" or ".HTM"))
        {
            throw new ConvNetException(
                errorId,
                ErrorKind.InvalidArgument,
                $"{what} is an HTML page, and {file} doesn't end in .html; give a path that does.",
                path
            );
        }
        RequireFree(file, force);
        return file;
    }

    /// <summary>Refuses to write over a file that is there, and over a pipe or a device in any case.</summary>
    /// <exception cref="ConvNetException"><c>FileExists</c>, <c>FileNotWritten</c>.</exception>
    public static void RequireFree(string file, bool force)
    {
        WritablePlace.RequireNoDevice(file);
        if (File.Exists(file) && !force)
            throw Exists(file, $"{file} already exists; give -Force to replace it, or another path.");
    }

    /// <summary>
    /// Writes a file that was just made down the pipeline, as Get-Item gives it: with the properties by which it prints its mode, and by which it binds to
    /// other commands. Call it on the pipeline's thread.
    /// </summary>
    public static void WriteFile(this PSCmdlet cmdlet, string file)
    {
        try
        {
            // Qualified, because the current location may be another provider's.
            var item = cmdlet.InvokeProvider.Item.Get([$"{FileSystem}::{file}"], force: true, literalPath: true);
            cmdlet.WriteObject(item, enumerateCollection: true);
        }
        catch (ItemNotFoundException)
        {
            // Somebody was quicker, and deleted it; where it was is still the result.
            cmdlet.WriteObject(new FileInfo(file));
        }
    }

    /// <summary>The error for a file that is in the way.</summary>
    public static ConvNetException Exists(string file, string message) =>
        new(ErrorIds.FileExists, ErrorKind.InvalidArgument, message, file);

    /// <summary>
    /// The path with the system's separators. PowerShell's file system provider takes a backslash for one everywhere; the resolver of paths leaves
    /// the two at a path's beginning as they are, for they might be a share's.
    /// </summary>
    private static string Separated(string path) =>
        !OperatingSystem.IsWindows() && path.StartsWith(@"\\", StringComparison.Ordinal)
            ? "/" + path.Replace('\\', '/').TrimStart('/')
            : path;

    private static ConvNetException Invalid(string path, string message) =>
        new(ErrorIds.PathInvalid, ErrorKind.InvalidArgument, message, path);

    private static void Require(ProviderInfo provider, string path)
    {
        if (!provider.Name.Equals("FileSystem", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConvNetException(
                ErrorIds.PathNotOfFileSystem,
                ErrorKind.InvalidArgument,
                $"{path} belongs to {provider.Name}; give a path of the file system.",
                path
            );
        }
    }

    private static ConvNetException NotFound(string path, string? remedy = null, Exception? cause = null)
    {
        var brackets =
            remedy is not null && path.Contains('[', StringComparison.Ordinal)
                ? $"; with [ or ] in its name, {remedy}"
                : "";
        return new(
            ErrorIds.PathNotFound,
            ErrorKind.NotFound,
            $"There is nothing at {path}: check the path{brackets}.",
            path,
            cause
        );
    }
}
