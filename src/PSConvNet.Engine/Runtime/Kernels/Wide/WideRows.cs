using System.Runtime.CompilerServices;

namespace PSConvNet.Runtime.Kernels;

/// <summary>One to four neighbouring vectors: a piece of a matrix's row that is summed in registers.</summary>
internal unsafe interface IWideRow<TSelf>
    where TSelf : struct, IWideRow<TSelf>
{
    static abstract TSelf Zero { get; }

    static abstract TSelf Load(float* source);

    void Store(float* target);

    /// <summary>The row with 0 in place of negative numbers.</summary>
    TSelf Relu();

    /// <summary>factor x row + sum.</summary>
    static abstract TSelf MultiplyAdd(float* factor, TSelf row, TSelf sum);
}

/// <summary>One vector.</summary>
internal unsafe struct WideRow1<TWide> : IWideRow<WideRow1<TWide>>
    where TWide : struct, IWide<TWide>
{
    private TWide _first;

    public static WideRow1<TWide> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideRow1<TWide> Load(float* source)
    {
        WideRow1<TWide> row;
        row._first = TWide.Load(source);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        _first.Store(target);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly WideRow1<TWide> Relu()
    {
        WideRow1<TWide> row;
        row._first = WideRelu.Of(_first);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideRow1<TWide> MultiplyAdd(float* factor, WideRow1<TWide> row, WideRow1<TWide> sum)
    {
        var wide = TWide.Repeat(factor);
        sum._first = TWide.MultiplyAdd(wide, row._first, sum._first);
        return sum;
    }
}

/// <summary>Two vectors.</summary>
internal unsafe struct WideRow2<TWide> : IWideRow<WideRow2<TWide>>
    where TWide : struct, IWide<TWide>
{
    private TWide _first,
        _second;

    public static WideRow2<TWide> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideRow2<TWide> Load(float* source)
    {
        WideRow2<TWide> row;
        row._first = TWide.Load(source);
        row._second = TWide.Load(source + TWide.Lanes);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        _first.Store(target);
        _second.Store(target + TWide.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly WideRow2<TWide> Relu()
    {
        WideRow2<TWide> row;
        row._first = WideRelu.Of(_first);
        row._second = WideRelu.Of(_second);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideRow2<TWide> MultiplyAdd(float* factor, WideRow2<TWide> row, WideRow2<TWide> sum)
    {
        var wide = TWide.Repeat(factor);
        sum._first = TWide.MultiplyAdd(wide, row._first, sum._first);
        sum._second = TWide.MultiplyAdd(wide, row._second, sum._second);
        return sum;
    }
}

/// <summary>Three vectors.</summary>
internal unsafe struct WideRow3<TWide> : IWideRow<WideRow3<TWide>>
    where TWide : struct, IWide<TWide>
{
    private TWide _first,
        _second,
        _third;

    public static WideRow3<TWide> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideRow3<TWide> Load(float* source)
    {
        WideRow3<TWide> row;
        row._first = TWide.Load(source);
        row._second = TWide.Load(source + TWide.Lanes);
        row._third = TWide.Load(source + 2 * TWide.Lanes);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        _first.Store(target);
        _second.Store(target + TWide.Lanes);
        _third.Store(target + 2 * TWide.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly WideRow3<TWide> Relu()
    {
        WideRow3<TWide> row;
        row._first = WideRelu.Of(_first);
        row._second = WideRelu.Of(_second);
        row._third = WideRelu.Of(_third);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideRow3<TWide> MultiplyAdd(float* factor, WideRow3<TWide> row, WideRow3<TWide> sum)
    {
        var wide = TWide.Repeat(factor);
        sum._first = TWide.MultiplyAdd(wide, row._first, sum._first);
        sum._second = TWide.MultiplyAdd(wide, row._second, sum._second);
        sum._third = TWide.MultiplyAdd(wide, row._third, sum._third);
        return sum;
    }
}

/// <summary>Four vectors.</summary>
internal unsafe struct WideRow4<TWide> : IWideRow<WideRow4<TWide>>
    where TWide : struct, IWide<TWide>
{
    private TWide _first,
        _second,
        _third,
        _fourth;

    public static WideRow4<TWide> Zero => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideRow4<TWide> Load(float* source)
    {
        WideRow4<TWide> row;
        row._first = TWide.Load(source);
        row._second = TWide.Load(source + TWide.Lanes);
        row._third = TWide.Load(source + 2 * TWide.Lanes);
        row._fourth = TWide.Load(source + 3 * TWide.Lanes);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        _first.Store(target);
        _second.Store(target + TWide.Lanes);
        _third.Store(target + 2 * TWide.Lanes);
        _fourth.Store(target + 3 * TWide.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly WideRow4<TWide> Relu()
    {
        WideRow4<TWide> row;
        row._first = WideRelu.Of(_first);
        row._second = WideRelu.Of(_second);
        row._third = WideRelu.Of(_third);
        row._fourth = WideRelu.Of(_fourth);
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideRow4<TWide> MultiplyAdd(float* factor, WideRow4<TWide> row, WideRow4<TWide> sum)
    {
        var wide = TWide.Repeat(factor);
        sum._first = TWide.MultiplyAdd(wide, row._first, sum._first);
        sum._second = TWide.MultiplyAdd(wide, row._second, sum._second);
        sum._third = TWide.MultiplyAdd(wide, row._third, sum._third);
        sum._fourth = TWide.MultiplyAdd(wide, row._fourth, sum._fourth);
        return sum;
    }
}
