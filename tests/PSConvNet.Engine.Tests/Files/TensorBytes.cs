using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace PSConvNet.Tests.Files;

/// <summary>Safetensors written by hand from the format's description, in the order that is given, of any type.</summary>
internal static class TensorBytes
{
    /// <summary>A tensor.</summary>
    public sealed record Tensor(string Name, long[] Shape, float[] Values)
    {
        /// <summary>The type it claims; numbers of other types than F32 are zeros.</summary>
        public string Type { get; init; } = "F32";

        /// <summary>Its bits a number.</summary>
        public int Bits { get; init; } = 32;
    }

    /// <summary>Small numbers from a seed that is the name's: equal names have equal ones, and variances are above 0.</summary>
    public static Tensor Random(string name, params long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        var random = new Random(name.Sum(c => c) + (int)count);
        var least = name.Contains("var", StringComparison.Ordinal) ? 0.1f : -0.25f;
        return new Tensor(
            name,
            shape,
            [.. Enumerable.Range(0, (int)count).Select(_ => least + random.NextSingle() / 2)]
        );
    }

    /// <summary>Writes a file.</summary>
    public static void Write(string path, params Tensor[] tensors)
    {
        var header = new StringBuilder("{");
        var data = new MemoryStream();
        foreach (var tensor in tensors)
        {
            var begin = data.Length;
            var count = tensor.Shape.Aggregate(1L, (product, size) => product * size);
            data.Write(
                tensor.Type == "F32"
                    ? MemoryMarshal.AsBytes(tensor.Values.AsSpan())
                    : new byte[(count * tensor.Bits + 7) / 8]
            );
            header.Append(header.Length > 1 ? "," : "");
            header.Append(
                FormattableString.Invariant(
                    $"\"{tensor.Name}\":{{\"dtype\":\"{tensor.Type}\",\"shape\":[{string.Join(',', tensor.Shape)}],\"data_offsets\":[{begin},{data.Length}]}}"
                )
            );
        }
        var text = Encoding.UTF8.GetBytes(header.Append('}').ToString());
        using var file = File.Create(path);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        file.Write(length);
        file.Write(text);
        data.WriteTo(file);
    }
}
