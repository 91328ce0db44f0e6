using System.Buffers.Binary;
using System.Text;

namespace PSConvNet.Tests.Files;

/// <summary>The format against the reference writer's own published bytes, and against files that lie.</summary>
public class SafetensorsTests
{
    [Fact]
    public void A_file_has_the_reference_writers_bytes()
    {
        // huggingface/safetensors, tests of serialize: test_serialization and test_serialization_forced_alignment.
        float[] values = [0, 1, 2, 3, 4, 5];

        Assert.Equal(
            "{\"attn.0\":{\"dtype\":\"F32\",\"shape\":[1,2,3],\"data_offsets\":[0,24]}}",
            Written(64, new NamedTensor("attn.0", [1, 2, 3], () => values))
        );
        Assert.Equal(
            "{\"attn0\":{\"dtype\":\"F32\",\"shape\":[1,1,2,3],\"data_offsets\":[0,24]}}       ",
            Written(72, new NamedTensor("attn0", [1, 1, 2, 3], () => values))
        );
        Assert.Equal("{}      ", Written(8));
    }

    [Fact]
    public void Tensors_are_sorted_by_the_bytes_of_their_names_and_metadata_comes_first()
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(
            stream,
            [Tensor("b", 1), Tensor("a", 2), Tensor("Z", 3), Tensor("ä", 4), Tensor("a\"b", 5)],
            new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" }
        );

        stream.Position = 0;
        var reader = new SafetensorsReader(stream, "file", "file");

        Assert.Equal(["Z", "a", "a\"b", "b", "ä"], reader.Header.Tensors.Select(t => t.Name));
        Assert.Equal("1", reader.Header.Metadata["x"]);
        var text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.StartsWith("{\"__metadata__\":{\"x\":\"1\",\"y\":\"2\"},\"Z\":", text[8..], StringComparison.Ordinal);
        Assert.Contains("\"ä\":", text, StringComparison.Ordinal);
        Assert.Equal([3, 2, 5, 1, 4], reader.Header.Tensors.Select(t => Read(reader, t)[0]));
    }

    [Theory]
    [InlineData("F64", 1.0 / 3, (float)(1.0 / 3))]
    [InlineData("F32", 1.0 / 3, (float)(1.0 / 3))]
    // Half precision has eleven bits and bfloat16 eight: 1365/4096 and 171/512 are the numbers nearest to a third.
    [InlineData("F16", 1365.0 / 4096, 1365f / 4096)]
    [InlineData("BF16", 171.0 / 512, 171f / 512)]
    public void Numbers_of_four_formats_are_read_as_fp32(string type, double written, float expected)
    {
        var bytes = new byte[8];
        var size = (int)TensorType.Bytes(type, 1)!.Value;
        switch (type)
        {
            case "F64":
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, written);
                break;
            case "F32":
                BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)written);
                break;
            case "F16":
                BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)written);
                break;
            default:
                BinaryPrimitives.WriteUInt16LittleEndian(
                    bytes,
                    (ushort)(BitConverter.SingleToUInt32Bits((float)written) >> 16)
                );
                break;
        }
        using var stream = Bytes(
            $"{{\"x\":{{\"dtype\":\"{type}\",\"shape\":[],\"data_offsets\":[0,{size}]}}}}",
            bytes[..size]
        );

        var reader = new SafetensorsReader(stream, "file", "file");

        Assert.Equal([expected], Read(reader, reader.Header.Tensors[0]));
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "takes 8 bytes")]
    [InlineData("""{"x":{"dtype":"","shape":[2],"data_offsets":[0,8]}}""", "x has an empty type, which can't be")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "end at byte 4")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "begins at byte 4")]
    [InlineData(
        """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"x":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""",
        "two tensors named x"
    )]
    [InlineData(
        """{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "overlap"
    )]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "right form")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,-8]}}""", "right form")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2.5],"data_offsets":[0,10]}}""", "right form")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1e400],"data_offsets":[0,8]}}""", "right form")]
    [InlineData("""{"x":{"dtype":"f31","shape":[2],"data_offsets":[0,8]}}""", "f31, which can't be")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2]}}""", "data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"device":"cuda"}}""", "or an unknown one")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}{}""", "right form")]
    [InlineData("""{"x":[[[[[[[[[[[1]]]]]]]]]]]}""", "right form")]
    [InlineData("""[]""", "begin with {")]
    [InlineData("""{"x":""", "right form")]
    public void A_header_that_lies_is_refused_with_its_place(string header, string reason)
    {
        using var stream = Bytes(header, new byte[8]);

        var error = Assert.Throws<ConvNetException>(() =>
            new SafetensorsReader(stream, "some.safetensors", "some.safetensors")
        );

        Assert.Equal("ModelFileInvalid", error.ErrorId);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("some.safetensors, byte", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255 })]
    [InlineData(new byte[] { 0, 0, 0, 64, 0, 0, 0, 0, 123, 125 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void A_length_that_lies_is_refused(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);

        var error = Assert.Throws<ConvNetException>(() => new SafetensorsReader(stream, "file", "file"));

        Assert.Equal("ModelFileInvalid", error.ErrorId);
    }

    private static NamedTensor Tensor(string name, float value) => new(name, [1], () => [value]);

    private static float[] Read(SafetensorsReader reader, TensorInfo tensor)
    {
        var values = new float[tensor.Count];
        reader.Read(tensor, values);
        return values;
    }

    /// <summary>The header's text; its length and the numbers behind it are checked here.</summary>
    private static string Written(int headerLength, params NamedTensor[] tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, tensors);
        var bytes = stream.ToArray();
        Assert.Equal((ulong)headerLength, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        if (tensors.Length > 0)
        {
            byte[] expected = [0, 0, 0, 0, 0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64, 0, 0, 160, 64];
            Assert.Equal(expected, bytes[(8 + headerLength)..]);
        }
        return Encoding.UTF8.GetString(bytes, 8, headerLength);
    }

    private static MemoryStream Bytes(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + json.Length);
        return new MemoryStream(bytes);
    }
}
