using System.Buffers.Binary;

namespace PSConvNet.Pages;

/// <summary>
/// A network's weights as the page carries them. Each row of a kernel, which makes one output, is a scale in fp32 and whole numbers of a few
/// bits; a weight is its number times the scale. Everything else (biases, statistics) is fp32.
/// </summary>
/// <param name="Bits">How many bits a number of a kernel takes; 32 where kernels are fp32, too.</param>
/// <param name="Bytes">The parameters one after another, numbers lowest bit first.</param>
/// <param name="Values">The store's values as the page will have them.</param>
internal sealed record PackedWeights(int Bits, byte[] Bytes, float[] Values)
{
    /// <summary>Kernels are not rounded.</summary>
    public const int Unrounded = 32;

    /// <summary>Rounds and packs a network's parameters.</summary>
    /// <param name="store">The parameters' values.</param>
    /// <param name="parameters">Which of them, in order.</param>
    /// <param name="bits">The bits of a number: 2 to 16, or <see cref="Unrounded"/>.</param>
    public static PackedWeights Of(ParameterStore store, IEnumerable<ParameterSlot> parameters, int bits)
    {
        var bytes = new List<byte>();
        var values = store.Values.ToArray();
        foreach (var slot in parameters)
        {
            var parameter = values.AsSpan(slot.Offset, slot.Length);
            if (bits < Unrounded && slot.Spec.Shape.Rank > 1)
                Pack(parameter, slot.Spec.Shape[0], bits, bytes);
            else
                Add(bytes, parameter);
        }
        return new PackedWeights(bits, [.. bytes], values);
    }

    /// <summary>Packs a kernel, and leaves in it what unpacking will give.</summary>
    private static void Pack(Span<float> kernel, int rows, int bits, List<byte> bytes)
    {
        var columns = kernel.Length / rows;
        var most = (1 << (bits - 1)) - 1;
        var scales = new float[rows];
        for (var row = 0; row < rows; row++)
        {
            var largest = 0f;
            foreach (var weight in kernel.Slice(row * columns, columns))
                largest = Math.Max(largest, Math.Abs(weight));
            scales[row] = largest / most;
        }
        Add(bytes, scales);
        var (waiting, held) = (0u, 0);
        for (var i = 0; i < kernel.Length; i++)
        {
            var scale = scales[i / columns];
            // A scale that is subnormal loses digits, and a quotient may be beyond the largest number.
            var number = scale > 0 ? Math.Clamp((int)Math.Round((double)kernel[i] / scale), -most, most) : 0;
            kernel[i] = (float)((double)number * scale);
            waiting |= (uint)(number + most) << held;
            held += bits;
            for (; held >= 8; held -= 8, waiting >>= 8)
                bytes.Add((byte)waiting);
        }
        if (held > 0)
            bytes.Add((byte)waiting);
    }

    private static void Add(List<byte> bytes, ReadOnlySpan<float> values)
    {
        Span<byte> four = stackalloc byte[sizeof(float)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(four, value);
            bytes.AddRange(four);
        }
    }
}
