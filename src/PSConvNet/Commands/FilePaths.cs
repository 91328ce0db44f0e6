using System.Management.Automation;

namespace PSConvNet.Commands;

/// <summary>Paths as people type them, drives of PowerShell's own and wildcards included, made into paths of the file system.</summary>
internal static class FilePaths
{
    /// <summary>The files that exist under paths with wildcards, or under names to be taken as they are.</summary>
    /// <exception cref="ConvNetException"><c>PathNotFound</c>, <c>PathNotOfFileSystem</c>.</exception>
    public static IReadOnlyList<string> Existing(this PSCmdlet cmdlet, IEnumerable<string> paths, bool literal)
    {
        var found = new List<string>();
        foreach (var path in paths)
        {
            try
            {
                if (literal)
                {
                    found.Add(cmdlet.Target(path));
                    continue;
                }
                var resolved = cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out var provider);
                Require(provider, path);
                found.AddRange(resolved);
                if (resolved.Count == 0)
                    throw NotFound(path, null);
            }
            catch (Exception e) when (e is ItemNotFoundException or System.Management.Automation.DriveNotFoundException)
            {
                throw NotFound(path, e);
            }
        }
        return found;
    }

    /// <summary>Where a file is to be, whether it is there or not; no wildcards.</summary>
    /// <exception cref="ConvNetException"><c>PathNotFound</c>: no such drive. <c>PathNotOfFileSystem</c>.</exception>
    public static string Target(this PSCmdlet cmdlet, string path)
    {
        try
        {
            var target = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out var provider, out _);
            Require(provider, path);
            return target;
        }
        catch (Exception e)
            when (e
                    is System.Management.Automation.DriveNotFoundException
                        or ProviderNotFoundException
                        or NotSupportedException
            )
        {
            throw NotFound(path, e);
        }
    }

    private static void Require(ProviderInfo provider, string path)
    {
        if (!provider.Name.Equals("FileSystem", StringComparison.OrdinalIgnoreCase))
        {
            throw new ConvNetException(
                "PathNotOfFileSystem",
                ErrorKind.InvalidArgument,
                $"{path} belongs to {provider.Name}; give a path of the file system.",
                path
            );
        }
    }

    private static ConvNetException NotFound(string path, Exception? cause) =>
        new("PathNotFound", ErrorKind.NotFound, $"There is nothing at {path}; check the path.", path, cause);
}
