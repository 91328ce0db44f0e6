using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using NuGet.Packaging;
using NuGet.Packaging.Core;
using NuGet.Versioning;

namespace PSConvNet.Installation;

/// <summary>A package file that is checked, and whose libraries are laid into a folder.</summary>
internal static partial class NativePackage
{
    // Four times what the largest release takes: nobody fills a disk with a package of a few bytes.
    private const long MostBytes = 2_000_000_000;

    /// <summary>What is wrong with a package file: it isn't the published one, or it is damaged. Null if nothing is wrong.</summary>
    public static async Task<string?> FaultAsync(
        Stream package,
        LibTorchRelease release,
        NuGetVersion version,
        CancellationToken cancellation
    )
    {
        package.Position = 0;
        // First of all, so that nothing of a strange file is looked into.
        if (release.Sha512 is { } sum)
        {
            var bytes = await SHA512.HashDataAsync(package, cancellation).ConfigureAwait(false);
            return Convert.ToBase64String(bytes) == sum
                ? null
                : "its SHA-512 isn't that of the published package: it is damaged, or another file";
        }
        try
        {
            using var reader = new PackageArchiveReader(package, leaveStreamOpen: true);
            var identity = await reader.GetIdentityAsync(cancellation).ConfigureAwait(false);
            return identity.Equals(new PackageIdentity(release.PackageId, version))
                ? null
                : $"it is the package {identity}";
        }
        // NuGet's reader gives what it meets, of many types.
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            return $"it isn't a complete package ({e.Message.TrimEnd('.')})";
        }
    }

    /// <summary>Lays the libraries for a system into a folder, without those that nothing here calls.</summary>
    /// <returns>The files and their sizes.</returns>
    /// <exception cref="InvalidDataException">A library is missing or damaged, or they are larger than any libtorch.</exception>
    public static async Task<IReadOnlyDictionary<string, long>> ExtractAsync(
        Stream package,
        LibTorchRelease release,
        string folder,
        Action<long> progress,
        CancellationToken cancellation
    )
    {
        using var archive = new ZipArchive(package, ZipArchiveMode.Read, leaveOpen: true);
        var start = $"runtimes/{release.RuntimeIdentifier}/native/";
        ZipArchiveEntry[] entries =
        [
            .. archive.Entries.Where(entry =>
                entry.FullName.StartsWith(start, StringComparison.Ordinal)
                && entry.FullName.IndexOf('/', start.Length) < 0
                && entry.Name.Length > 0
                && Path.GetFileName(entry.Name) == entry.Name
                && !Unused().IsMatch(entry.Name)
            ),
        ];
        if (entries.Sum(entry => entry.Length) > MostBytes)
            throw new InvalidDataException("its libraries are larger than any libtorch");
        var missing = release.Libraries.Except(entries.Select(entry => entry.Name)).ToArray();
        if (missing.Length > 0)
            throw new InvalidDataException($"it has no {string.Join(", ", missing)} for {release.RuntimeIdentifier}");

        var files = new Dictionary<string, long>();
        var done = 0L;
        foreach (var entry in entries)
        {
            var (input, output) = (entry.Open(), File.Create(Path.Combine(folder, entry.Name)));
            await using (input.ConfigureAwait(false))
            await using (output.ConfigureAwait(false))
            {
                var buffer = new byte[1 << 20];
                var sum = new Crc32();
                for (int read; (read = await input.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0; )
                {
                    sum.Add(buffer.AsSpan(0, read));
                    await output.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                    if (output.Length > entry.Length)
                        throw new InvalidDataException($"{entry.Name} is longer than the package says");
                    progress(done += read);
                }
                if (sum.Value != entry.Crc32 || output.Length != entry.Length)
                    throw new InvalidDataException($"{entry.Name} is damaged");
                output.Flush(flushToDisk: true);
            }
            files[entry.Name] = entry.Length;
        }
        return files;
    }

    [GeneratedRegex(
        "^(lib)?(torch_python|shm|jitbackend_test|torchbind_test|backend_with_compiler|nnapi_backend|aoti_custom_ops)[.]"
    )]
    private static partial Regex Unused();
}
