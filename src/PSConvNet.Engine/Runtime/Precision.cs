using TorchSharp;

namespace PSConvNet.Runtime;

/// <summary>The arithmetic of a run. Master weights, loss, statistics and optimizer state are fp32 whatever is chosen.</summary>
public enum Precision
{
    /// <summary>bfloat16 where the CPU is faster with it (AMD's with AVX512-BF16, Intel's with AMX), fp32 elsewhere.</summary>
    Auto,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>bfloat16: the range of fp32 with 8 bits of precision, about twice as fast on CPUs with instructions for it.</summary>
    BFloat16,
}

internal static class PrecisionExtensions
{
    /// <summary>The precision that is used on this machine; never <see cref="Precision.Auto"/>.</summary>
    public static Precision Resolve(this Precision precision) =>
        precision switch
        {
            Precision.Auto when CpuFeatures.Current.HasFastBFloat16 => Precision.BFloat16,
            Precision.Auto => Precision.Float32,
            _ => precision,
        };

    /// <summary>The type of a resolved precision's tensors.</summary>
    public static torch.ScalarType TensorType(this Precision precision) =>
        precision.Resolve() == Precision.BFloat16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float32;
}
