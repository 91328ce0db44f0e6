namespace PSConvNet.Commands;

/// <summary>
/// What all sessions on one machine share: the module, found there or sent, and a copy of the study's images, of which each session makes its
/// own. What is sent is whole under its name, or not there.
/// </summary>
internal sealed class RemotePlace(MachineFacts facts, RemoteStudy study)
{
    private readonly object _preparing = new();
    private string? _manifest = facts.Manifest;
    private int _sessions;

    private string Copies => $"{facts.Cache}/studies/{study.Key}";

    private string Images => $"{Copies}/images";

    /// <summary>Sees that the module is there.</summary>
    /// <returns>Its manifest's path there.</returns>
    /// <exception cref="ConvNetException"><c>SessionUnusable</c>: it is not there, and what is here would not run there.</exception>
    public string Module(RemoteShell shell, CancellationToken stop)
    {
        lock (_preparing)
        {
            if (_manifest is not null)
                return _manifest;
            if (facts.Platform != MachineFacts.HerePlatform)
            {
                throw MachineFacts.Unusable(
                    shell,
                    $"runs on {facts.Platform}, this machine runs on {MachineFacts.HerePlatform}, and this version of PSConvNet isn't installed there; install it there"
                );
            }
            var folder = $"{facts.Cache}/modules/{MachineFacts.Fingerprint}";
            Lay(shell, ModuleFiles(), folder, stop);
            return _manifest = $"{folder}/{Path.GetFileName(ModulePlace.Manifest)}";
        }
    }

    /// <summary>A folder there for one session's copy of the study; <see cref="Forget"/> lets go of it.</summary>
    public string NewCopy()
    {
        lock (_preparing)
            _sessions++;
        return $"{Copies}/{Guid.NewGuid():N}";
    }

    /// <summary>Lays a copy of the study, without its trials.</summary>
    public void LayCopy(RemoteShell shell, string copy, CancellationToken stop)
    {
        lock (_preparing)
        {
            if (shell.Ask(RemoteScripts.Has, stop, Images) is not ["True"])
                Lay(shell, study.Files.Select(name => (Path.Combine(study.Folder, name), name)), Images, stop);
        }
        shell.Ask(RemoteScripts.Clone, stop, Images, copy, study.Folders.ToArray());
    }

    /// <summary>Deletes a session's copy, and with the last of this machine the images.</summary>
    public void Forget(RemoteShell shell, string copy)
    {
        lock (_preparing)
        {
            var isLast = --_sessions == 0;
            if (shell.IsOpen)
                shell.Ask(RemoteScripts.Remove, CancellationToken.None, [isLast ? (string[])[copy, Copies] : [copy]]);
        }
    }

    private static void Lay(
        RemoteShell shell,
        IEnumerable<(string Path, string Name)> files,
        string folder,
        CancellationToken stop
    )
    {
        var partial = $"{folder}.{Guid.NewGuid():N}";
        try
        {
            shell.Send(files, partial, stop);
            shell.Ask(RemoteScripts.Rename, stop, partial, folder);
        }
        catch when (shell.IsOpen)
        {
            shell.Ask(RemoteScripts.Remove, CancellationToken.None, partial);
            throw;
        }
    }

    /// <summary>The module as it lies here, without what only developers read.</summary>
    private static IEnumerable<(string Path, string Name)> ModuleFiles() =>
        Directory
            .EnumerateFiles(ModulePlace.Folder, "*", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(ModulePlace.Folder, path).Replace('\\', '/')))
            .Where(file =>
                !file.Name.StartsWith("bin/", StringComparison.Ordinal)
                || Path.GetExtension(file.Name) is not (".pdb" or ".xml")
            );
}
