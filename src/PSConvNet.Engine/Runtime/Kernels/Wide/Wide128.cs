using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PSConvNet.Runtime.Kernels;

/// <summary>Four numbers, for any processor.</summary>
internal readonly unsafe struct Wide128(Vector128<float> value) : IWide<Wide128>
{
    private readonly Vector128<float> _value = value;

    public static int Lanes => 4;

    public static int Columns => AdvSimd.IsSupported ? 4 : 2;

    public static Wide128 Zero => new(Vector128<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 LoadBFloat16(ushort* source)
    {
        var (numbers, _) = Vector128.Widen(Vector64.Load(source).ToVector128Unsafe());
        return new((numbers << 16).AsSingle());
    }

    public static Wide128 LoadBytes(byte* source) =>
        new(Vector128.Create((float)source[0], source[1], source[2], source[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBFloat16(ushort* target)
    {
        var numbers = RoundToBFloat16()._value.AsUInt32() >> 16;
        Vector128.Narrow(numbers, numbers).GetLower().Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreBytes(byte* target)
    {
        var numbers = Vector128.ConvertToInt32(_value).AsUInt32();
        var narrow = Vector128.Narrow(numbers, numbers);
        *(uint*)target = Vector128.Narrow(narrow, narrow).AsUInt32().ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 MultiplyAdd(Wide128 a, Wide128 b, Wide128 c)
    {
        if (AdvSimd.IsSupported)
            return new(AdvSimd.FusedMultiplyAdd(c._value, a._value, b._value));
        return new(Fma.IsSupported ? Fma.MultiplyAdd(a._value, b._value, c._value) : a._value * b._value + c._value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Repeat(float* source) => new(Vector128.Create(*source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* target) => _value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Wide128 RoundToBFloat16()
    {
        var bits = _value.AsUInt32();
        var rounded = bits + Vector128.Create(0x7fffu) + ((bits >> 16) & Vector128.Create(1u));
        // A NaN would be carried over into a number.
        var kept = Vector128.ConditionalSelect(
            Vector128.Equals(_value, _value).AsUInt32(),
            rounded,
            Vector128.Create(0x7fc00000u)
        );
        return new((kept & Vector128.Create(0xffff0000u)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Scale(Wide128 a, Wide128 power)
    {
        // In two steps, because not every power is a number of its own. The first is exact.
        var whole = Vector128.ConvertToInt32(power._value);
        var half = whole >> 1;
        return new(a._value * PowerOf2(half) * PowerOf2(whole - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Min(Wide128 a, Wide128 b) =>
        Sse.IsSupported ? new(Sse.Min(a._value, b._value)) : Select(IsAtMost(a, b), a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 Select(Wide128 mask, Wide128 ones, Wide128 zeros) =>
        new(Vector128.ConditionalSelect(mask._value, ones._value, zeros._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 IsAtMost(Wide128 a, Wide128 b) => new(Vector128.LessThanOrEqual(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 IsEqual(Wide128 a, Wide128 b) => new(Vector128.Equals(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 operator +(Wide128 a, Wide128 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 operator -(Wide128 a, Wide128 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 operator *(Wide128 a, Wide128 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 operator /(Wide128 a, Wide128 b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 operator &(Wide128 a, Wide128 b) => new(a._value & b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 operator |(Wide128 a, Wide128 b) => new(a._value | b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Wide128 operator ~(Wide128 a) => new(~a._value);

    /// <summary>2^power as a number: its exponent, and no fraction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> PowerOf2(Vector128<int> power) =>
        ((power + Vector128.Create(127)) << 23).AsSingle();
}
