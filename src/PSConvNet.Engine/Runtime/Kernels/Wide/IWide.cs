namespace PSConvNet.Runtime.Kernels;

/// <summary>A vector of fp32 numbers as wide as a register. Loops written once over this interface are compiled for each width.</summary>
/// <remarks>
/// The runtime compiles a generic method separately for each struct that it is used with, so a call through this interface costs nothing.
/// Comparisons give masks: all bits of a number are ones, or none. Pointers needn't be aligned.
/// </remarks>
internal unsafe interface IWide<TSelf>
    where TSelf : struct, IWide<TSelf>
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>The number of vectors of a row whose sums the registers hold, for six rows at a time.</summary>
    static abstract int Columns { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Broadcast(float value);

    /// <summary>One number from memory in all lanes.</summary>
    static abstract TSelf Repeat(float* source);

    static abstract TSelf Load(float* source);

    /// <summary>Loads bf16 numbers.</summary>
    static abstract TSelf LoadBFloat16(ushort* source);

    /// <summary>Loads whole numbers from 0 to 255.</summary>
    static abstract TSelf LoadBytes(byte* source);

    void Store(float* target);

    /// <summary>Stores the numbers rounded to bf16.</summary>
    void StoreBFloat16(ushort* target);

    /// <summary>Stores whole numbers from 0 to 255.</summary>
    void StoreBytes(byte* target);

    /// <summary>The nearest numbers that bf16 can represent.</summary>
    TSelf RoundToBFloat16();

    /// <summary>a x b + c, rounded once where the processor can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>a x 2^power, rounded once, also where the result is subnormal.</summary>
    /// <param name="a">Numbers that are 2^-126 or more even after half of the power.</param>
    /// <param name="power">Whole numbers from -252 to 252.</param>
    static abstract TSelf Scale(TSelf a, TSelf power);

    /// <summary>The smaller number; the second where one of them is a NaN.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>Where the mask has ones, the first number, elsewhere the second.</summary>
    static abstract TSelf Select(TSelf mask, TSelf ones, TSelf zeros);

    static abstract TSelf IsAtMost(TSelf a, TSelf b);

    static abstract TSelf IsEqual(TSelf a, TSelf b);

    static abstract TSelf operator +(TSelf a, TSelf b);

    static abstract TSelf operator -(TSelf a, TSelf b);

    static abstract TSelf operator *(TSelf a, TSelf b);

    static abstract TSelf operator /(TSelf a, TSelf b);

    static abstract TSelf operator &(TSelf a, TSelf b);

    static abstract TSelf operator |(TSelf a, TSelf b);

    static abstract TSelf operator ~(TSelf a);
}
