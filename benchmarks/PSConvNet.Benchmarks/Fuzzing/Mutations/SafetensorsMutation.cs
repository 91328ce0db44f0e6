using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using PSConvNet.Benchmarks.Fuzzing.Loop;

namespace PSConvNet.Benchmarks.Fuzzing.Mutations;

/// <summary>Changes a safetensors file's header as JSON, with the right length before it and the right checksum in it, or its numbers.</summary>
internal sealed class SafetensorsMutation : IMutation
{
    private const int Prefix = 8;
    private const int Digits = 64;
    private const double ShareOfBytes = 0.1;
    private static readonly ByteMutation s_bytes = new();
    private static readonly JsonMutation s_json = new();

    /// <inheritdoc />
    public byte[] Apply(byte[] input, byte[] other, Random random)
    {
        if (random.NextDouble() < ShareOfBytes || Header(input) is not { } header)
            return s_bytes.Apply(input, other, random);
        var numbers = input[(Prefix + header.Length)..];
        if (random.Next(5) == 0)
            numbers = s_bytes.Apply(numbers, other, random);
        else
            header = s_json.Apply(header, Header(other) ?? header, random);
        var length = new byte[Prefix];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return WithSum([.. length, .. header, .. numbers]);
    }

    private static byte[]? Header(byte[] file) =>
        file.Length >= Prefix
        && BinaryPrimitives.ReadInt64LittleEndian(file) is var length and > 0
        && length <= file.Length - Prefix
            ? file.AsSpan(Prefix, (int)length).ToArray()
            : null;

    /// <summary>Puts the sum in its place, so that the reader gets past it.</summary>
    private static byte[] WithSum(byte[] file)
    {
        var key = "\"psconvnet.sha256\":\""u8;
        var at = file.AsSpan().IndexOf(key) + key.Length;
        if (at < key.Length || file.Length < at + Digits)
            return file;
        file.AsSpan(at, Digits).Fill((byte)'0');
        Encoding.ASCII.GetBytes(Convert.ToHexString(SHA256.HashData(file)).ToLowerInvariant(), file.AsSpan(at));
        return file;
    }
}
