using System.Reflection.PortableExecutable;
using System.Text;
using ELFSharp.ELF;
using ELFSharp.ELF.Sections;
using ELFSharp.MachO;

namespace PSConvNet.Module.Tests.Packages;

/// <summary>What a native library asks its system's loader for, read from its file on any system.</summary>
internal static class NativeImports
{
    /// <summary>The libraries that a library of Linux, Windows or macOS names, as it names them.</summary>
    public static IReadOnlyList<string> Of(string path) =>
        Path.GetExtension(path) switch
        {
            ".dll" => OfPortableExecutable(path),
            ".dylib" => OfMachO(path),
            _ => OfElf(path),
        };

    private static string[] OfElf(string path)
    {
        using var elf = ELFReader.Load<ulong>(path);
        var names = (IStringTable)elf.GetSection(".dynstr");
        return
        [
            .. elf.GetSections<DynamicSection<ulong>>()
                .SelectMany(section => section.Entries)
                .Where(entry => entry.Tag == DynamicTag.Needed)
                .Select(entry => names[(long)entry.Value]),
        ];
    }

    private static string[] OfMachO(string path)
    {
        // A library for one processor, or one file with several.
        using var stream = File.OpenRead(path);
        return
        [
            .. MachOReader
                .LoadFat(stream, shouldOwnStream: false)
                .SelectMany(part => part.GetCommandsOfType<LoadDylib>())
                .Select(command => command.Name)
                .Distinct(),
        ];
    }

    private static List<string> OfPortableExecutable(string path)
    {
        using var reader = new PEReader(File.OpenRead(path));
        var imports = new List<string>();
        var table = reader.PEHeaders.PEHeader!.ImportTableDirectory;
        if (table.Size == 0)
            return imports;
        // Descriptors of five numbers, the fourth of which leads to the name; one of zeros ends them.
        var descriptors = reader.GetSectionData(table.RelativeVirtualAddress).GetReader();
        while (true)
        {
            descriptors.Offset += 12;
            var name = descriptors.ReadInt32();
            descriptors.Offset += 4;
            if (name == 0)
                return imports;
            var text = reader.GetSectionData(name).GetReader();
            imports.Add(Encoding.ASCII.GetString(text.ReadBytes(text.IndexOf(0))));
        }
    }
}
