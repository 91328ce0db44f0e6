using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
#if !NET
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
#endif

// One file, because MSBuild's inline tasks are one file: the build compiles all of it, the engine links it for
// ElfSymbolVersions alone, to tell whether the libraries beside it are mended.
namespace PSConvNet.Runtime;

/// <summary>
/// The symbol versions that an ELF library requires of another, and the flag that makes the loader content without one
/// (Elf64_Verneed, Elf64_Vernaux; Linux Standard Base core specification, "Symbol Version Requirements").
/// </summary>
/// <remarks>
/// Only 64-bit little-endian ELF is read; anything else requires nothing. What lies outside the file reads as zero, which
/// every chain in it takes for its end: a truncated or lying file is read as far as it goes.
/// </remarks>
internal static class ElfSymbolVersions
{
    private const uint GnuVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 0x2; // VER_FLG_WEAK

    /// <summary>Sets the weak flag in place on every such requirement; false where there was nothing to set.</summary>
    public static bool Mark(byte[] elf, string library, string version)
    {
        var strong = Flags(elf, library, version).Where(at => (UInt16(elf, at) & Weak) == 0).ToList();
        foreach (var at in strong)
            BitConverter.GetBytes((ushort)(UInt16(elf, at) | Weak)).CopyTo(elf, at);
        return strong.Count > 0;
    }

    /// <summary>Whether the loader is content without that version; null where it is not required at all.</summary>
    public static bool? IsWeak(byte[] elf, string library, string version)
    {
        var flags = Flags(elf, library, version);
        return flags.Count == 0 ? (bool?)null : flags.TrueForAll(at => (UInt16(elf, at) & Weak) != 0);
    }

    /// <summary>Where the flags (vna_flags) of the requirements of that version lie.</summary>
    private static List<long> Flags(byte[] elf, string library, string version)
    {
        var found = new List<long>();
        // The magic number, 64-bit (EI_CLASS 2), little-endian (EI_DATA 1).
        if (elf.Length < 64 || UInt32(elf, 0) != 0x464c457f || elf[4] != 2 || elf[5] != 1)
            return found;

        var sections = Int64(elf, 0x28);
        long sectionSize = UInt16(elf, 0x3a);
        int sectionCount = UInt16(elf, 0x3c);
        for (var i = 0; i < sectionCount; i++)
        {
            var header = sections + i * sectionSize;
            if (UInt32(elf, header + 4) != GnuVersionNeeds)
                continue;
            var strings = Int64(elf, sections + UInt32(elf, header + 0x28) * sectionSize + 0x18);
            var need = Int64(elf, header + 0x18);
            uint next;
            do
            {
                if (Text(elf, strings + UInt32(elf, need + 4)) == library)
                    AddFlags(need + UInt32(elf, need + 8), UInt16(elf, need + 2), strings);
                next = UInt32(elf, need + 12);
                need += next;
            } while (next != 0);
        }
        return found;

        void AddFlags(long auxiliary, int count, long strings)
        {
            for (var j = 0; j < count && Contains(elf, auxiliary, 16); j++)
            {
                if (Text(elf, strings + UInt32(elf, auxiliary + 8)) == version)
                    found.Add(auxiliary + 4);
                auxiliary += UInt32(elf, auxiliary + 12);
            }
        }
    }

    private static string Text(byte[] bytes, long start)
    {
        var end = Contains(bytes, start, 1) ? Array.IndexOf(bytes, (byte)0, (int)start) : -1;
        return end < 0 ? "" : Encoding.ASCII.GetString(bytes, (int)start, end - (int)start);
    }

    private static ushort UInt16(byte[] bytes, long at) =>
        Contains(bytes, at, 2) ? BitConverter.ToUInt16(bytes, (int)at) : (ushort)0;

    private static uint UInt32(byte[] bytes, long at) =>
        Contains(bytes, at, 4) ? BitConverter.ToUInt32(bytes, (int)at) : 0;

    private static long Int64(byte[] bytes, long at) =>
        Contains(bytes, at, 8) ? BitConverter.ToInt64(bytes, (int)at) : 0;

    private static bool Contains(byte[] bytes, long at, int size) => at >= 0 && at <= bytes.Length - size;
}

#if !NET
/// <summary>
/// Copies shared libraries and marks one symbol version that they require of another library as weak.
/// </summary>
/// <remarks>
/// libLibTorchSharp.so is built with GCC 13 and asks libstdc++ for GLIBCXX_3.4.32. The only symbol it takes from that
/// version is std::ios_base_library_init(), a marker that no relocation refers to, so nothing ever calls it; yet the
/// loader of a system with an older libstdc++ refuses the whole library. With VER_FLG_WEAK set on the requirement
/// the loader goes on. Where the entry is absent, or the file is not 64-bit little-endian ELF, the copy is plain.
/// </remarks>
public sealed class WeakenSymbolVersion : Task
{
    /// <summary>The libraries to copy.</summary>
    [Required]
    public ITaskItem[] Sources { get; set; } = new ITaskItem[0];

    /// <summary>Where the copies go.</summary>
    [Required]
    public string DestinationFolder { get; set; } = "";

    /// <summary>The library of which the version is required, as in DT_NEEDED.</summary>
    [Required]
    public string Library { get; set; } = "";

    /// <summary>The version to mark.</summary>
    [Required]
    public string SymbolVersion { get; set; } = "";

    /// <inheritdoc />
    public override bool Execute()
    {
        Directory.CreateDirectory(DestinationFolder);
        foreach (var source in Sources.Select(item => item.ItemSpec))
        {
            var elf = File.ReadAllBytes(source);
            var marked = ElfSymbolVersions.Mark(elf, Library, SymbolVersion);
            var destination = Path.Combine(DestinationFolder, Path.GetFileName(source));
            if (File.Exists(destination) && File.ReadAllBytes(destination).SequenceEqual(elf))
                continue;
            // Replaced, not overwritten: outputs of an earlier build may be hard links to the old file.
            var temporary = destination + ".tmp";
            File.WriteAllBytes(temporary, elf);
            File.Delete(destination);
            File.Move(temporary, destination);
            Log.LogMessage(
                MessageImportance.Normal,
                marked
                    ? $"{Path.GetFileName(source)}: {SymbolVersion} of {Library} is now a weak requirement."
                    : $"{Path.GetFileName(source)}: copied as it is, it does not require {SymbolVersion} of {Library}."
            );
        }
        return !Log.HasLoggedErrors;
    }
}
#endif
