using System.Reflection;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace PSConvNet.Tests.Runtime;

/// <summary>The weak flag that lets libLibTorchSharp.so load where libstdc++ is older than GCC 13's.</summary>
public class NativeMendTests
{
    private const string Library = "libstdc++.so.6";
    private const string Version = "GLIBCXX_3.4.32";

    private static readonly string s_staged = Path.Combine(DependencyContext.Folder, "libLibTorchSharp.so");

    /// <summary>The library as it is in the package, in the cache that this build restored from.</summary>
    internal static string Original { get; } =
        Path.Combine(
            typeof(NativeMendTests)
                .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
                .Single(a => a.Key == "TorchSharpPackage")
                .Value!,
            "runtimes/linux-x64/native/libLibTorchSharp.so"
        );

    [SkippableFact]
    public void The_staged_library_differs_from_the_packages_in_the_weak_flag_alone()
    {
        Skip.IfNot(File.Exists(s_staged), "this platform has no libLibTorchSharp.so to mend");
        Skip.IfNot(File.Exists(Original), $"the package's own library is not in {Original}");
        var original = File.ReadAllBytes(Original);
        var staged = File.ReadAllBytes(s_staged);

        Assert.Equal(original.Length, staged.Length);
        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != staged[i]).ToArray();
        Assert.Single(changed);
        Assert.Equal(0x02, original[changed[0]] ^ staged[changed[0]]);
        Assert.Equal(0x02, staged[changed[0]]);
        Assert.False(ElfSymbolVersions.IsWeak(original, Library, Version));
        Assert.True(ElfSymbolVersions.IsWeak(staged, Library, Version));
        Assert.True(ConvNetEnvironment.Mended());
    }

    [SkippableFact]
    public void A_library_that_does_not_ask_for_the_version_stays_as_it_is()
    {
        var path = Path.Combine(DependencyContext.Folder, "libc10.so");
        Skip.IfNot(File.Exists(path), "this platform has no libc10.so");
        var bytes = File.ReadAllBytes(path);
        var before = (byte[])bytes.Clone();

        Assert.False(ElfSymbolVersions.Mark(bytes, Library, Version));
        Assert.Null(ElfSymbolVersions.IsWeak(bytes, Library, Version));
        Assert.Equal(before, bytes);
        // It is the entry that is absent, not the reader that is blind: other versions of the same library are found.
        Assert.False(ElfSymbolVersions.IsWeak(bytes, Library, "GLIBCXX_3.4"));
    }

    [Fact]
    public void Marking_sets_one_flag_once()
    {
        var elf = SmallElf();
        var before = (byte[])elf.Clone();

        Assert.False(ElfSymbolVersions.IsWeak(elf, Library, Version));
        Assert.True(ElfSymbolVersions.Mark(elf, Library, Version));
        Assert.True(ElfSymbolVersions.IsWeak(elf, Library, Version));
        var once = (byte[])elf.Clone();
        Assert.False(ElfSymbolVersions.Mark(elf, Library, Version));

        Assert.Equal(once, elf);
        before[WeakFlag] = 2;
        Assert.Equal(before, elf);
    }

    [Fact]
    public void Only_that_version_of_that_library_is_marked()
    {
        var elf = SmallElf();

        Assert.False(ElfSymbolVersions.Mark(elf, "libm.so.6", Version));
        Assert.False(ElfSymbolVersions.Mark(elf, Library, "GLIBCXX_3.4.3"));
        Assert.False(ElfSymbolVersions.IsWeak(elf, Library, "GLIBCXX_3.4"));
        Assert.Equal(SmallElf(), elf);
    }

    public static TheoryData<string, byte[]> Strangers =>
        new()
        {
            { "empty", [] },
            { "ten bytes", [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0] },
            { "a text", Encoding.ASCII.GetBytes(string.Join('\n', Enumerable.Repeat(Version + " " + Library, 20))) },
            { "32-bit", With(SmallElf(), 4, 1) },
            { "big-endian", With(SmallElf(), 5, 2) },
            { "Windows", With(SmallElf(), 0, (byte)'M') },
            { "a header alone", SmallElf()[..64] },
        };

    [Theory]
    [MemberData(nameof(Strangers))]
    public void What_is_no_64_bit_little_endian_ELF_stays_as_it_is(string name, byte[] bytes)
    {
        var before = (byte[])bytes.Clone();

        Assert.False(ElfSymbolVersions.Mark(bytes, Library, Version), name);
        Assert.Null(ElfSymbolVersions.IsWeak(bytes, Library, Version));
        Assert.Equal(before, bytes);
    }

    [Fact]
    public void A_truncated_file_is_read_as_far_as_it_goes()
    {
        const int lastFieldRead = SectionHeaders + 128 + 0x28 + 4;
        var whole = SmallElf();
        for (var length = 0; length < lastFieldRead; length++)
        {
            var cut = whole[..length];

            Assert.False(ElfSymbolVersions.Mark(cut, Library, Version));
            Assert.Equal(whole[..length], cut);
        }
        Assert.True(ElfSymbolVersions.Mark(whole[..lastFieldRead], Library, Version));
    }

    [Fact]
    public void Whatever_the_bytes_say_at_most_weak_flags_change()
    {
        var elf = SmallElf();
        var mutation =
            from at in Gen.Choose(0, elf.Length - 1)
            from value in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, 1, 0x7f, 0x80, 0xff))
            select (at, (byte)value);

        Prop.ForAll(
                mutation.ArrayOf().ToArbitrary(),
                mutations =>
                {
                    var mutant = SmallElf();
                    foreach (var (at, value) in mutations)
                        mutant[at] = value;
                    var before = (byte[])mutant.Clone();
                    var marked = ElfSymbolVersions.Mark(mutant, Library, Version);
                    return Enumerable
                            .Range(0, mutant.Length)
                            .All(i => mutant[i] == before[i] || (mutant[i] ^ before[i]) == 2)
                        && marked != mutant.AsSpan().SequenceEqual(before);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void A_requirement_that_points_outside_the_file_is_none()
    {
        foreach (
            var field in (int[])
                [0x28, SectionHeaders + 64 + 0x18, Needs + 4, Needs + 8, Needs + 12, Needs + 16 + 8, Needs + 16 + 12]
        )
        {
            foreach (var value in (int[])[int.MaxValue, int.MinValue, -1])
            {
                var elf = SmallElf();
                BitConverter.GetBytes(value).CopyTo(elf, field);

                ElfSymbolVersions.Mark(elf, Library, Version);

                Assert.Equal(SmallElf().Length, elf.Length);
            }
        }
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        using var folder = new TemporaryFolder();

        var sentence = LibTorch.Explain(new DllNotFoundException("x"), folder.File("nowhere"));

        Assert.Contains(folder.File("nowhere"), sentence, StringComparison.Ordinal);
        Assert.Contains("dotnet build", sentence, StringComparison.Ordinal);
        AssertOneSentence(sentence);
    }

    [Fact]
    public void Each_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        string[] required =
        [
            "TorchSharp.dll",
            .. LibTorchRelease.ForThisSystem()!.Libraries,
            OperatingSystem.IsWindows() ? "LibTorchSharp.dll"
            : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib"
            : "libLibTorchSharp.so",
        ];
        foreach (var file in required)
        {
            var sentence = LibTorch.Explain(new DllNotFoundException("x"), folder.Path);

            Assert.StartsWith($"{file} is missing from {folder.Path}", sentence, StringComparison.Ordinal);
            AssertOneSentence(sentence);
            File.WriteAllBytes(folder.File(file), []);
        }
        Assert.DoesNotContain(
            "missing",
            LibTorch.Explain(new DllNotFoundException("x"), folder.Path),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_system_library_that_is_too_old_is_named()
    {
        const string loader = """
            Unable to load shared library 'LibTorchSharp' or one of its dependencies.
            /opt/libtorch.so: cannot open shared object file: No such file or directory
            /lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /opt/libLibTorchSharp.so)
            """;
        var failure = new TypeInitializationException(
            "TorchSharp.torch",
            new NotSupportedException("This application uses TorchSharp but…", new DllNotFoundException(loader))
        );

        var sentence = LibTorch.Explain(failure, DependencyContext.Folder);

        Assert.Contains("/lib/x86_64-linux-gnu/libstdc++.so.6", sentence, StringComparison.Ordinal);
        Assert.Contains("GLIBCXX_3.4.32", sentence, StringComparison.Ordinal);
        Assert.Contains("update it", sentence, StringComparison.Ordinal);
        AssertOneSentence(sentence);
    }

    private static void AssertOneSentence(string text)
    {
        Assert.DoesNotContain('\n', text);
        Assert.DoesNotContain(". ", text, StringComparison.Ordinal);
        Assert.EndsWith(".", text, StringComparison.Ordinal);
    }

    // A library that requires GLIBCXX_3.4 and GLIBCXX_3.4.32 of libstdc++.so.6, and GLIBC_2.2.5 of libm.so.6:
    // header, strings, requirements, then three section headers (none, strings, requirements).
    private const int Strings = 64;
    private const int Needs = Strings + 80;
    private const int WeakFlag = Needs + 32 + 16 + 16 + 4; // in the second auxiliary of the second requirement
    private const int SectionHeaders = Needs + 80;

    private static byte[] SmallElf()
    {
        var strings = Encoding.ASCII.GetBytes($"\0libm.so.6\0GLIBC_2.2.5\0{Library}\0GLIBCXX_3.4\0{Version}\0");
        var elf = new byte[SectionHeaders + 3 * 64];
        new byte[] { 0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1 }.CopyTo(elf, 0);
        Int64(0x28, SectionHeaders);
        UInt16(0x3a, 64);
        UInt16(0x3c, 3);
        strings.CopyTo(elf, Strings);

        // Elf64_Verneed: version, count, file, aux, next. Elf64_Vernaux: hash, flags, other, name, next.
        UInt16(Needs, 1);
        UInt16(Needs + 2, 1);
        Int32(Needs + 4, Name("libm.so.6"));
        Int32(Needs + 8, 16);
        Int32(Needs + 12, 32);
        Int32(Needs + 16 + 8, Name("GLIBC_2.2.5"));
        UInt16(Needs + 32, 1);
        UInt16(Needs + 32 + 2, 2);
        Int32(Needs + 32 + 4, Name(Library));
        Int32(Needs + 32 + 8, 16);
        Int32(Needs + 48 + 8, Name("GLIBCXX_3.4"));
        Int32(Needs + 48 + 12, 16);
        Int32(Needs + 64 + 8, Name(Version));

        Int32(SectionHeaders + 64 + 4, 3); // SHT_STRTAB
        Int64(SectionHeaders + 64 + 0x18, Strings);
        Int32(SectionHeaders + 128 + 4, 0x6ffffffe);
        Int64(SectionHeaders + 128 + 0x18, Needs);
        Int32(SectionHeaders + 128 + 0x28, 1);
        return elf;

        int Name(string text) => Encoding.ASCII.GetString(strings).IndexOf($"\0{text}\0", StringComparison.Ordinal) + 1;
        void UInt16(int at, ushort value) => BitConverter.GetBytes(value).CopyTo(elf, at);
        void Int32(int at, int value) => BitConverter.GetBytes(value).CopyTo(elf, at);
        void Int64(int at, long value) => BitConverter.GetBytes(value).CopyTo(elf, at);
    }

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        bytes[at] = value;
        return bytes;
    }
}
