using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies shared libraries and marks one symbol version that they require of another library as weak.
/// </summary>
/// <remarks>
/// libLibTorchSharp.so is built with GCC 13 and asks libstdc++ for GLIBCXX_3.4.32. The only symbol it takes from that
/// version is std::ios_base_library_init(), a marker that no relocation refers to, so nothing ever calls it; yet the
/// loader of a system with an older libstdc++ refuses the whole library. With VER_FLG_WEAK set on the requirement
/// (Elf64_Vernaux.vna_flags, bit 1 counting from 0; the LSB core specification, "Symbol Version Requirements")
/// the loader goes on. Where the entry is absent, or the file is not 64-bit little-endian ELF, the copy is plain.
/// </remarks>
public sealed class WeakenSymbolVersion : Task
{
    private const uint GnuVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 0x2; // VER_FLG_WEAK

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
            var marked = Mark(elf, Library, SymbolVersion);
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

    /// <summary>Sets the weak flag in place; false where there was nothing to set.</summary>
    public static bool Mark(byte[] elf, string library, string version)
    {
        // ELF magic, 64-bit (EI_CLASS 2), little-endian (EI_DATA 1).
        if (elf.Length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[2] != 'L' || elf[3] != 'F')
            return false;
        if (elf[4] != 2 || elf[5] != 1)
            return false;

        var marked = false;
        var sections = (int)BitConverter.ToInt64(elf, 0x28);
        int sectionSize = BitConverter.ToUInt16(elf, 0x3a);
        int sectionCount = BitConverter.ToUInt16(elf, 0x3c);
        for (var i = 0; i < sectionCount; i++)
        {
            var header = sections + i * sectionSize;
            if (BitConverter.ToUInt32(elf, header + 4) != GnuVersionNeeds)
                continue;
            var link = (int)BitConverter.ToUInt32(elf, header + 0x28);
            var strings = (int)BitConverter.ToInt64(elf, sections + link * sectionSize + 0x18);
            var need = (int)BitConverter.ToInt64(elf, header + 0x18);
            for (int next = -1; next != 0; need += next)
            {
                int count = BitConverter.ToUInt16(elf, need + 2);
                var matches = Text(elf, strings + BitConverter.ToInt32(elf, need + 4)) == library;
                var auxiliary = need + BitConverter.ToInt32(elf, need + 8);
                for (var j = 0; j < count && matches; j++)
                {
                    var flags = BitConverter.ToUInt16(elf, auxiliary + 4);
                    if (Text(elf, strings + BitConverter.ToInt32(elf, auxiliary + 8)) == version && (flags & Weak) == 0)
                    {
                        BitConverter.GetBytes((ushort)(flags | Weak)).CopyTo(elf, auxiliary + 4);
                        marked = true;
                    }
                    auxiliary += BitConverter.ToInt32(elf, auxiliary + 12);
                }
                next = BitConverter.ToInt32(elf, need + 12);
            }
        }
        return marked;
    }

    private static string Text(byte[] bytes, int start)
    {
        var end = Array.IndexOf(bytes, (byte)0, start);
        return Encoding.ASCII.GetString(bytes, start, end - start);
    }
}
