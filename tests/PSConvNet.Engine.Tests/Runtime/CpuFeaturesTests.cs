using System.Text;

namespace PSConvNet.Tests.Runtime;

public class CpuFeaturesTests
{
    private static readonly CpuFeatures s_avx512 = new()
    {
        Name = "unnamed",
        Avx2 = true,
        Fma = true,
        Avx512F = true,
        Avx512BW = true,
        Avx512VL = true,
    };

    [SkippableFact]
    public void What_the_processor_says_agrees_with_the_kernel()
    {
        Skip.IfNot(File.Exists("/proc/cpuinfo"), "this system has no /proc/cpuinfo to compare with");
        Skip.If(
            Environment
                .GetEnvironmentVariables()
                .Keys.Cast<string>()
                .Any(k => k.StartsWith("DOTNET_Enable", StringComparison.Ordinal)),
            "DOTNET_Enable… switches instructions off in this process"
        );
        var cpuInfo = File.ReadAllLines("/proc/cpuinfo");
        var flags = Field("flags")?.Split(' ');
        Skip.If(flags is null, "the kernel lists no x86 flags here");

        var features = CpuFeatures.Current;

        Assert.Equal(flags.Contains("avx2"), features.Avx2);
        Assert.Equal(flags.Contains("fma"), features.Fma);
        Assert.Equal(flags.Contains("avx512f"), features.Avx512F);
        Assert.Equal(flags.Contains("avx512bw"), features.Avx512BW);
        Assert.Equal(flags.Contains("avx512vl"), features.Avx512VL);
        Assert.Equal(flags.Contains("avx512_bf16"), features.Avx512BF16);
        Assert.Equal(flags.Contains("amx_bf16") && flags.Contains("amx_tile"), features.AmxBF16);
        Assert.Equal(Field("model name"), features.Name);
        Assert.Equal(Field("vendor_id") == "GenuineIntel", features.IsIntel);

        string? Field(string name) =>
            cpuInfo
                .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
                .FirstOrDefault(parts => parts[0] == name)
                ?[1];
    }

    [Fact]
    public void Bfloat16_needs_its_bit_in_leaf_7_sub_leaf_1()
    {
        Assert.True(CpuFeatures.WithCpuId(Processor(bf16: true), s_avx512).Avx512BF16);
        Assert.False(CpuFeatures.WithCpuId(Processor(bf16: false), s_avx512).Avx512BF16);
    }

    [Theory]
    [InlineData("GenuineIntel", false, false)]
    [InlineData("GenuineIntel", true, true)]
    [InlineData("AuthenticAMD", false, true)]
    public void Bfloat16_is_faster_with_tiles_and_else_only_where_not_Intel_made_the_dot_products(
        string vendor,
        bool tiles,
        bool isFaster
    )
    {
        var features = CpuFeatures.WithCpuId(
            Processor(bf16: true, amx: tiles, savedBytes: 11008, vendor: vendor),
            s_avx512
        );

        Assert.True(features.Avx512BF16);
        Assert.Equal(isFaster, features.HasFastBFloat16);
        Assert.False(CpuFeatures.WithCpuId(Processor(bf16: false, vendor: vendor), s_avx512).HasFastBFloat16);
    }

    [Theory]
    [InlineData("AuthenticAMD", 0x00A10F11, true)] // Genoa, a Zen 4
    [InlineData("AuthenticAMD", 0x00B00F21, false)] // Turin, a Zen 5
    [InlineData("GenuineIntel", 0x000806F8, false)] // Sapphire Rapids
    public void Zen_4_computes_vectors_of_512_bits_in_halves(string vendor, int signature, bool expected)
    {
        var processor = Processor(bf16: true, vendor: vendor);

        var features = CpuFeatures.WithCpuId(
            (leaf, subLeaf) => leaf == 1 ? (signature, 0, 0, 0) : processor(leaf, subLeaf),
            s_avx512
        );

        Assert.Equal(expected, features.HalvesVectors);
    }

    [Fact]
    public void Bfloat16_is_not_counted_where_the_system_keeps_no_512_bit_registers()
    {
        Assert.False(CpuFeatures.WithCpuId(Processor(bf16: true), s_avx512 with { Avx512F = false }).Avx512BF16);
    }

    [Fact]
    public void A_sub_leaf_the_processor_does_not_have_is_not_asked()
    {
        // Where leaf 7 has no sub-leaf 1, processors answer with anything.
        var features = CpuFeatures.WithCpuId(
            (leaf, subLeaf) =>
                (leaf, subLeaf) switch
                {
                    (0, _) => (0xd, 0, 0, 0),
                    (7, 0) => (0, -1, -1, 0),
                    (7, _) => (-1, -1, -1, -1),
                    _ => default,
                },
            s_avx512
        );

        Assert.False(features.Avx512BF16);
    }

    [Fact]
    public void An_old_processor_without_leaf_7_has_neither()
    {
        var features = CpuFeatures.WithCpuId(
            (leaf, _) =>
                leaf == 0 ? (5, 0, 0, 0)
                : leaf > 5 ? (-1, -1, -1, -1)
                : default,
            s_avx512
        );

        Assert.False(features.Avx512BF16);
        Assert.False(features.AmxBF16);
    }

    [Theory]
    [InlineData(11008, true)] // 2752 + 64 (+ alignment) + 8192: the area of a Sapphire Rapids whose kernel enables tiles
    [InlineData(2696, false)] // the same processor with a kernel that stops at PKRU
    public void Tiles_count_only_where_the_system_saves_them(int savedBytes, bool expected)
    {
        Assert.Equal(expected, CpuFeatures.WithCpuId(Processor(bf16: true, amx: true, savedBytes), s_avx512).AmxBF16);
    }

    [Fact]
    public void The_name_is_the_brand_string_without_its_padding()
    {
        Assert.Equal("Intel(R) Xeon(R) Platinum 8480+", CpuFeatures.WithCpuId(Processor(bf16: true), s_avx512).Name);
    }

    [Fact]
    public void On_arm_the_kernel_lists_bfloat16()
    {
        // Neoverse N2 and Cortex-A72, as Linux lists them.
        string[] n2 =
        [
            "processor\t: 0",
            "Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp sve sve2 svei8mm svebf16 i8mm bf16 dgh",
        ];
        string[] a72 = ["processor\t: 0", "Features\t: fp asimd evtstrm crc32 cpuid", "Hardware\t: BCM2835"];
        var arm = new CpuFeatures { Name = "Arm64", AdvSimd = true };

        Assert.Equal("Arm64 (AdvSimd, BF16)", CpuFeatures.WithCpuInfo(n2, arm).ToString());
        Assert.Equal("BCM2835 (AdvSimd)", CpuFeatures.WithCpuInfo(a72, arm).ToString());
        Assert.Equal("Arm64 (AdvSimd)", CpuFeatures.WithCpuInfo([], arm).ToString());
    }

    /// <summary>A Sapphire Rapids in the leaves that are asked.</summary>
    private static Func<int, int, (int, int, int, int)> Processor(
        bool bf16,
        bool amx = false,
        int savedBytes = 2696,
        string vendor = "GenuineIntel"
    )
    {
        var maker = Encoding.ASCII.GetBytes(vendor);
        var brand = Encoding.ASCII.GetBytes("Intel(R) Xeon(R) Platinum 8480+".PadRight(48, '\0'));
        return (leaf, subLeaf) =>
            ((uint)leaf, subLeaf) switch
            {
                // EBX, EDX, ECX spell it, in this order.
                (0, _) => (0x20, Maker(0), Maker(2), Maker(1)),
                (7, 0) => (1, 0, 0, amx ? (1 << 22) | (1 << 24) | (1 << 25) : 0),
                (7, 1) => (bf16 ? 1 << 5 : 0, 0, 0, 0),
                (0xd, 0) => (0x602e7, savedBytes, 11008, 0),
                (0xd, 18) => (8192, 2816, 6, 0),
                (0x80000000, _) => (unchecked((int)0x80000008), 0, 0, 0),
                (>= 0x80000002 and <= 0x80000004, _) => Words((int)((uint)leaf - 0x80000002)),
                _ => default,
            };

        int Maker(int word) => BitConverter.ToInt32(maker, 4 * word);
        (int, int, int, int) Words(int part) => (Word(part, 0), Word(part, 1), Word(part, 2), Word(part, 3));
        int Word(int part, int word) => BitConverter.ToInt32(brand, 16 * part + 4 * word);
    }
}
