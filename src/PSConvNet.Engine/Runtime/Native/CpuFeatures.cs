using System.Runtime.InteropServices;
using System.Text;
using X86 = System.Runtime.Intrinsics.X86;

namespace PSConvNet.Runtime;

/// <summary>
/// The processor's name and those of its vector instructions that decide how fast a network trains. A feature counts only
/// if the operating system saves its registers, too.
/// </summary>
/// <remarks>Leaves and bits are those of Intel's Software Developer's Manual, volume 2A, CPUID; AMD's processors share them.</remarks>
public sealed record CpuFeatures
{
    private const int TileConfiguration = 17; // the state components of XCR0 that AMX needs
    private const int TileData = 18;
    private const int Zen4Family = 0x19; // Zen 3's, too, which has no vectors of 512 bits

    /// <summary>The processor's own name, such as <c>AMD EPYC 9B45</c>; its architecture where it gives none.</summary>
    public required string Name { get; init; }

    /// <summary>Whether Intel made it (x86).</summary>
    public bool IsIntel { get; init; }

    /// <summary>
    /// Whether vectors of 512 bits are computed in halves, as on AMD's Zen 4: two of 256 bits take no longer there, and use each number twice that all
    /// of a vector is multiplied by.
    /// </summary>
    internal bool HalvesVectors { get; init; }

    /// <summary>256-bit integer vectors (x86).</summary>
    public bool Avx2 { get; init; }

    /// <summary>Fused multiply-add on 256-bit vectors (x86).</summary>
    public bool Fma { get; init; }

    /// <summary>512-bit vectors, the foundation (x86).</summary>
    public bool Avx512F { get; init; }

    /// <summary>512-bit vectors of bytes and words (x86).</summary>
    public bool Avx512BW { get; init; }

    /// <summary>The 512-bit instructions on shorter vectors (x86).</summary>
    public bool Avx512VL { get; init; }

    /// <summary>Dot products of bfloat16 pairs on 512-bit vectors (x86).</summary>
    public bool Avx512BF16 { get; init; }

    /// <summary>Products of bfloat16 tiles (x86).</summary>
    public bool AmxBF16 { get; init; }

    /// <summary>128-bit vectors (Arm).</summary>
    public bool AdvSimd { get; init; }

    /// <summary>Dot and matrix products of bfloat16 (Arm); known on Linux only, whose kernel lists it.</summary>
    public bool ArmBF16 { get; init; }

    /// <summary>What this process runs on.</summary>
    public static CpuFeatures Current { get; } = Detect();

    /// <summary>
    /// Whether bfloat16 is faster than fp32 here: the processor multiplies it faster, and libtorch's kernels make use of that.
    /// </summary>
    /// <remarks>
    /// Intel's processors gain by tiles alone: their dot products (AVX512-BF16) take longer than fp32's multiply-adds do for as many products,
    /// 1.8 times on a Sapphire Rapids whose virtual machine shows no tiles, measured, and twice on an Emerald Rapids
    /// (https://github.com/libxsmm/tpp-mlir/pull/1025). Cooper Lake, which had no tiles yet, may be an exception.
    /// False on Arm whatever the processor can do: the one libtorch for Arm that TorchSharp brings, macOS's, is built without
    /// oneDNN, whose kernels are the ones that gain.
    /// </remarks>
    public bool HasFastBFloat16 => AmxBF16 || (Avx512BF16 && !IsIntel);

    /// <summary>The names of the available features, as in the manuals: <c>AVX2</c>, <c>AVX512-BF16</c>.</summary>
    public IReadOnlyList<string> Names =>
        [
            .. new (bool Has, string Name)[]
            {
                (Avx2, "AVX2"),
                (Fma, "FMA"),
                (Avx512F, "AVX512F"),
                (Avx512BW, "AVX512BW"),
                (Avx512VL, "AVX512VL"),
                (Avx512BF16, "AVX512-BF16"),
                (AmxBF16, "AMX-BF16"),
                (AdvSimd, "AdvSimd"),
                (ArmBF16, "BF16"),
            }
                .Where(feature => feature.Has)
                .Select(feature => feature.Name),
        ];

    /// <summary>The processor's name and its features.</summary>
    public override string ToString() => Names.Count == 0 ? Name : $"{Name} ({string.Join(", ", Names)})";

    private static CpuFeatures Detect()
    {
        var known = FromRuntime();
        if (X86.X86Base.IsSupported)
            known = WithCpuId(X86.X86Base.CpuId, known);
        // In a virtual machine a program may get another name than the kernel; lscpu prints the kernel's.
        return OperatingSystem.IsLinux() ? WithCpuInfo(ReadCpuInfo(), known) : known;
    }

    // The runtime answers true only if the operating system saves the registers, which it has checked by XGETBV.
    private static CpuFeatures FromRuntime() =>
        new()
        {
            Name =
                Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
                ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Avx2 = X86.Avx2.IsSupported,
            Fma = X86.Fma.IsSupported,
            Avx512F = X86.Avx512F.IsSupported,
            Avx512BW = X86.Avx512BW.IsSupported,
            Avx512VL = X86.Avx512F.VL.IsSupported,
            AdvSimd = System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported,
        };

    /// <summary>Adds the features that .NET 8 has no property for, as CPUID reports them.</summary>
    /// <param name="cpuId">CPUID: leaf and sub-leaf to EAX, EBX, ECX, EDX.</param>
    /// <param name="known">What the runtime knows.</param>
    internal static CpuFeatures WithCpuId(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId, CpuFeatures known)
    {
        var (highest, vendor1, vendor3, vendor2) = cpuId(0, 0);
        var last = (uint)highest;
        var vendor = Text(vendor1, vendor2, vendor3);
        known = known with
        {
            IsIntel = vendor == "GenuineIntel",
            HalvesVectors = known.Avx512F && vendor == "AuthenticAMD" && Family(cpuId(1, 0).Eax) == Zen4Family,
        };
        if (last < 7)
            return known with { Name = BrandString(cpuId) ?? known.Name };
        var features = cpuId(7, 0);
        var moreFeatures = features.Eax >= 1 ? cpuId(7, 1) : default;
        return known with
        {
            Name = BrandString(cpuId) ?? known.Name,
            // It uses the same registers as AVX512F, so it is available if the operating system saves those.
            Avx512BF16 = known.Avx512F && Bit(moreFeatures.Eax, 5),
            AmxBF16 = Bit(features.Edx, 22) && Bit(features.Edx, 24) && last >= 0xd && KeepsTiles(cpuId),
        };
    }

    /// <summary>Adds what Linux reports: the name, and on Arm, which has no CPUID, the features.</summary>
    /// <param name="cpuInfo">The lines of /proc/cpuinfo.</param>
    /// <param name="known">What the runtime knows.</param>
    internal static CpuFeatures WithCpuInfo(IEnumerable<string> cpuInfo, CpuFeatures known)
    {
        var fields = cpuInfo
            .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length == 2)
            .ToLookup(parts => parts[0], parts => parts[1], StringComparer.OrdinalIgnoreCase);
        return known with
        {
            Name = fields["model name"].FirstOrDefault() ?? fields["Hardware"].FirstOrDefault() ?? known.Name,
            ArmBF16 = known.AdvSimd && (fields["Features"].FirstOrDefault() ?? "").Split(' ').Contains("bf16"),
        };
    }

    // Without XGETBV: leaf 0xd has the size of the save area of all *enabled* components, and the offset of each component.
    // Tiles are the last component, so an area that extends to their end includes them.
    private static bool KeepsTiles(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        var area = cpuId(0xd, 0);
        var tiles = cpuId(0xd, TileData);
        return Bit(area.Eax, TileConfiguration)
            && Bit(area.Eax, TileData)
            && tiles.Eax > 0
            && area.Ebx >= tiles.Eax + tiles.Ebx;
    }

    private static string? BrandString(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        const int extended = unchecked((int)0x80000000);
        const int brand = unchecked((int)0x80000002);
        if ((uint)cpuId(extended, 0).Eax < 0x80000004)
            return null;
        Span<int> words = stackalloc int[12];
        for (var i = 0; i < 3; i++)
            (words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3]) = cpuId(brand + i, 0);
        var name = Text(words).TrimEnd('\0').Trim();
        return name.Length == 0 ? null : name;
    }

    private static string Text(params ReadOnlySpan<int> registers) =>
        Encoding.ASCII.GetString(MemoryMarshal.AsBytes(registers));

    private static string[] ReadCpuInfo()
    {
        try
        {
            return File.ReadAllLines("/proc/cpuinfo");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static int Family(int signature) => ((signature >> 8) & 0xf) + ((signature >> 20) & 0xff);

    private static bool Bit(int register, int bit) => ((register >> bit) & 1) != 0;
}
