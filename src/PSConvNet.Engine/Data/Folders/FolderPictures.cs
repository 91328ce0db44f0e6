namespace PSConvNet.Data;

/// <summary>A picture in a folder.</summary>
/// <param name="Path">Its file.</param>
/// <param name="ClassName">The name of the folder it lies in below the one that was asked about; null where it lies in that one itself.</param>
public readonly record struct FolderPicture(string Path, string? ClassName);

/// <summary>The pictures of a folder to look at: those in it, and those in the folders in it, whose names are taken for classes.</summary>
internal static class FolderPictures
{
    private static readonly EnumerationOptions s_shown = new()
    {
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        MatchType = MatchType.Simple,
    };

    /// <summary>The pictures of formats that are read, in the ordinal order of their paths; what is hidden is passed over. None is opened.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="ConvNetException"><c>FolderUnreadable</c>; <c>PictureEmpty</c>: there is none.</exception>
    public static IReadOnlyList<FolderPicture> List(string folder)
    {
        try
        {
            FolderPicture[] pictures =
            [
                .. PicturesIn(folder).Select(path => new FolderPicture(path, null)),
                .. Directory
                    .EnumerateDirectories(folder, "*", s_shown)
                    .Where(IsShown)
                    .Order(StringComparer.Ordinal)
                    .SelectMany(inner =>
                        PicturesIn(inner)
                            .Select(path => new FolderPicture(path, ClassName.Normal(Path.GetFileName(inner))))
                    ),
            ];
            return pictures.Length > 0
                ? pictures
                : throw new ConvNetException(
                    ErrorIds.PictureEmpty,
                    ErrorKind.NotFound,
                    $"Neither {folder} nor the folders in it contain a picture: the files that are read end in {ImageEndings.Read}.",
                    folder
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConvNetException(
                ErrorIds.FolderUnreadable,
                ErrorKind.Unavailable,
                $"{folder} can't be listed: {e.Message:text} Check that you may read it and the folders in it.",
                folder,
                e
            );
        }
    }

    private static IEnumerable<string> PicturesIn(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", s_shown)
            .Where(path => IsShown(path) && ImageEndings.IsRead(Path.GetExtension(path)))
            .Order(StringComparer.Ordinal);

    private static bool IsShown(string path) => Path.GetFileName(path)[0] != '.';
}
