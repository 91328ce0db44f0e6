using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Sixteen numbers, for processors with AVX-512.</summary>
internal readonly unsafe struct Wide512(Vector512<float> value) : IWide<Wide512>
{
    private readonly Vector512<float> _value = value;

    public static int Lanes => 16;

    public static int Columns => 4;

    public static Wide512 Zero => new(Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 LoadBFloat16(ushort* source) =>
        new((Avx512F.ConvertToVector512Int32(Vector256.Load(source)) << 16).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 LoadBytes(byte* source) =>
        new(Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(source))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBFloat16(ushort* target) =>
        Avx512F.ConvertToVector256UInt16(BFloat16.UpperHalf(_value)).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBytes(byte* target) =>
        Avx512F.ConvertToVector128Byte(Avx512F.ConvertToVector512Int32(_value)).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 MultiplyAdd(Wide512 a, Wide512 b, Wide512 c) =>
        new(Avx512F.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Repeat(float* source) => new(Vector512.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Wide512 RoundToBFloat16()
    {
        var bits = _value.AsUInt32();
        var rounded = bits + Vector512.Create(0x7fffu) + ((bits >> 16) & Vector512.Create(1u));
        // A NaN would be carried over into a number.
        var kept = Vector512.ConditionalSelect(
            Vector512.Equals(_value, _value).AsUInt32(),
            rounded,
            Vector512.Create(0x7fc00000u)
        );
        return new((kept & Vector512.Create(0xffff0000u)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Scale(Wide512 a, Wide512 power) => new(Avx512F.Scale(a._value, power._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Min(Wide512 a, Wide512 b) => new(Avx512F.Min(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 Select(Wide512 mask, Wide512 ones, Wide512 zeros) =>
        new(Vector512.ConditionalSelect(mask._value, ones._value, zeros._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 IsAtMost(Wide512 a, Wide512 b) => new(Vector512.LessThanOrEqual(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 IsEqual(Wide512 a, Wide512 b) => new(Vector512.Equals(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator +(Wide512 a, Wide512 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator -(Wide512 a, Wide512 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator *(Wide512 a, Wide512 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator /(Wide512 a, Wide512 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator &(Wide512 a, Wide512 b) => new(a._value & b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator |(Wide512 a, Wide512 b) => new(a._value | b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide512 operator ~(Wide512 a) => new(~a._value);
}
