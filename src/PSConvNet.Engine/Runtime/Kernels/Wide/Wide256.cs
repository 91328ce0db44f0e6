using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Eight numbers, for processors with AVX2.</summary>
internal readonly unsafe struct Wide256(Vector256<float> value) : IWide<Wide256>
{
    private readonly Vector256<float> _value = value;

    public static int Lanes => 8;

    public static int Columns => 2;

    public static Wide256 Zero => new(Vector256<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 LoadBFloat16(ushort* source) =>
        new((Avx2.ConvertToVector256Int32(Vector128.Load(source)) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 LoadBytes(byte* source) =>
        new(Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(Vector64.Load(source).ToVector128Unsafe())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBFloat16(ushort* target)
    {
        var numbers = RoundToBFloat16()._value.AsInt32() >>> 16;
        Sse41.PackUnsignedSaturate(numbers.GetLower(), numbers.GetUpper()).Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBytes(byte* target)
    {
        var numbers = Avx.ConvertToVector256Int32(_value).AsUInt32();
        var narrow = Vector128.Narrow(numbers.GetLower(), numbers.GetUpper());
        Vector128.Narrow(narrow, narrow).GetLower().Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 MultiplyAdd(Wide256 a, Wide256 b, Wide256 c) =>
        new(Fma.MultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Repeat(float* source) => new(Vector256.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Wide256 RoundToBFloat16()
    {
        var bits = _value.AsUInt32();
        var rounded = bits + Vector256.Create(0x7fffu) + ((bits >> 16) & Vector256.Create(1u));
        // A NaN would be carried over into a number.
        var kept = Vector256.ConditionalSelect(
            Vector256.Equals(_value, _value).AsUInt32(),
            rounded,
            Vector256.Create(0x7fc00000u)
        );
        return new((kept & Vector256.Create(0xffff0000u)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Scale(Wide256 a, Wide256 power)
    {
        // In two steps, because not every power is a number of its own. The first is exact.
        var whole = Avx.ConvertToVector256Int32(power._value);
        var half = whole >> 1;
        return new(a._value * PowerOf2(half) * PowerOf2(whole - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Min(Wide256 a, Wide256 b) => new(Avx.Min(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 Select(Wide256 mask, Wide256 ones, Wide256 zeros) =>
        new(Vector256.ConditionalSelect(mask._value, ones._value, zeros._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 IsAtMost(Wide256 a, Wide256 b) => new(Vector256.LessThanOrEqual(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 IsEqual(Wide256 a, Wide256 b) => new(Vector256.Equals(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator +(Wide256 a, Wide256 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator -(Wide256 a, Wide256 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator *(Wide256 a, Wide256 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator /(Wide256 a, Wide256 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator &(Wide256 a, Wide256 b) => new(a._value & b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator |(Wide256 a, Wide256 b) => new(a._value | b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide256 operator ~(Wide256 a) => new(~a._value);

    /// <summary>2^power as a number: its exponent, and no fraction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOf2(Vector256<int> power) =>
        ((power + Vector256.Create(127)) << 23).AsSingle();
}
