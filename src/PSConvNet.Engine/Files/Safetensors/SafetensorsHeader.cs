using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace PSConvNet.Files;

/// <summary>
/// The header of a safetensors file, read by a reader that trusts nothing (huggingface/safetensors, README: "Format"): eight bytes of
/// length, then JSON that gives each tensor's type, shape and bytes. The tensors must fill the rest of the file without gap or overlap.
/// </summary>
internal sealed class SafetensorsHeader
{
    private const int Largest = 16 * 1024 * 1024;
    private const int MostTensors = 100_000;
    private const int MostTexts = 1_000;
    private const int MostDimensions = 16;
    private const int LongestName = 4096;
    private const int Prefix = 8;
    private const string MetadataKey = "__metadata__";

    private readonly string _file;
    private readonly string _entry;

    private SafetensorsHeader(string file, string entry, long dataLength, byte[] json)
    {
        (_file, _entry) = (file, entry);
        var tensors = new List<TensorInfo>();
        try
        {
            Parse(json, tensors);
        }
        catch (Exception e)
            when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw Invalid((e as JsonException)?.BytePositionInLine ?? 0, "the header isn't JSON of the right form", e);
        }
        tensors.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        var end = 0L;
        foreach (var tensor in tensors)
        {
            if (tensor.Begin != end)
            {
                throw Invalid(
                    json.Length + tensor.Begin,
                    $"{tensor.Name} begins at byte {tensor.Begin} of the data, where byte {end} is next: tensors neither overlap nor leave gaps"
                );
            }
            end = tensor.End;
        }
        if (end != dataLength)
            throw Invalid(json.Length + end, $"the tensors end at byte {end} of the data, which has {dataLength}");
        Tensors = tensors;
    }

    /// <summary>Every tensor, in the order of its bytes.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Where in the file its checksum's first digit is; null where it has none.</summary>
    public long? SumAt { get; private set; }

    /// <summary>What the writer had to say: texts by name.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the file says that this program wrote it.</summary>
    public bool IsOfThisProgram => Metadata.GetValueOrDefault(WeightsFile.WriterKey) == WeightsFile.Writer;

    /// <summary>Reads the header and leaves the stream at the first tensor's first byte.</summary>
    /// <param name="stream">A stream at its beginning that knows its length.</param>
    /// <param name="file">The file's path, for errors.</param>
    /// <param name="entry">The entry of an archive, or the file's name.</param>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>.</exception>
    public static SafetensorsHeader Read(Stream stream, string file, string entry)
    {
        Span<byte> prefix = stackalloc byte[Prefix];
        if (stream.Length < Prefix)
            throw FileFault.Invalid(
                file,
                $"{entry}, byte 0",
                $"{Counted.Of(stream.Length, "byte is", "bytes are")} too few for safetensors"
            );
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > Largest || (long)length > stream.Length - Prefix)
        {
            throw FileFault.Invalid(
                file,
                $"{entry}, byte 0",
                $"it claims a header of {length} bytes; {stream.Length - Prefix} are left, and no more than {Largest} are allowed"
            );
        }
        var json = new byte[(int)length];
        stream.ReadExactly(json);
        return new SafetensorsHeader(file, entry, stream.Length - Prefix - json.Length, json);
    }

    private static string Text(ref Utf8JsonReader reader) => reader.GetString() ?? throw new FormatException();

    private string Name(ref Utf8JsonReader reader)
    {
        if (reader.ValueSpan.Length > LongestName)
        {
            throw Invalid(
                reader.TokenStartIndex,
                $"a name has {reader.ValueSpan.Length} bytes, and at most {LongestName} are allowed"
            );
        }
        return Text(ref reader);
    }

    private void Parse(byte[] json, List<TensorInfo> tensors)
    {
        if (json.Length == 0 || json[0] != (byte)'{')
            throw Invalid(0, "the header does not begin with {");
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        var names = new HashSet<string>(StringComparer.Ordinal);
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var at = reader.TokenStartIndex;
            var name = Name(ref reader);
            if (!names.Add(name))
                throw Invalid(at, $"there are two tensors named {name}");
            if (names.Count > MostTensors)
                throw Invalid(at, $"there are more than {MostTensors} tensors");
            if (name == MetadataKey)
                ParseMetadata(ref reader);
            else
                tensors.Add(ParseTensor(ref reader, name, at));
        }
        // Spaces may follow, nothing else may.
        if (reader.TokenType != JsonTokenType.EndObject || reader.Read())
            throw Invalid(reader.TokenStartIndex, "something follows the header's JSON");
    }

    private void ParseMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader);
            Expect(ref reader, JsonTokenType.String);
            Metadata[name] = Text(ref reader);
            if (name == SafetensorsSum.Key)
            {
                if (Metadata[name].Length != SafetensorsSum.Digits || reader.ValueSpan.Length != SafetensorsSum.Digits)
                    throw Invalid(reader.TokenStartIndex, $"{name} isn't a SHA-256");
                SumAt = Prefix + reader.TokenStartIndex + 1;
            }
            if (Metadata.Count > MostTexts)
                throw Invalid(reader.TokenStartIndex, $"there are more than {MostTexts} texts of metadata");
        }
    }

    private TensorInfo ParseTensor(ref Utf8JsonReader reader, string name, long at)
    {
        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            switch (Name(ref reader))
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String);
                    type = Name(ref reader);
                    break;
                case "shape" when shape is null:
                    shape = Numbers(ref reader);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = Numbers(ref reader);
                    break;
                default:
                    throw Invalid(reader.TokenStartIndex, $"{name} has a field twice, or an unknown one");
            }
        }
        if (type is null || shape is null || offsets is not [var begin, var end])
            throw Invalid(at, $"{name} needs dtype, shape and two data_offsets");
        var count = shape.Aggregate(1L, (product, dimension) => checked(product * dimension));
        if (!TensorType.IsKnown(type))
        {
            // One that was published later: nothing reads it here, and what it takes can't be checked.
            return TensorType.CanBe(type) && begin <= end
                ? new TensorInfo(name, type, shape, begin, end)
                : throw Invalid(
                    at,
                    $"{name} {(type.Length == 0 ? "has an empty type" : $"is of type {type}")}, which can't be"
                );
        }
        if (TensorType.Bytes(type, count) is not { } bytes)
            throw Invalid(at, $"{name}, {type} {ShapeText.Of(shape)}, does not fill whole bytes");
        if (end - begin != bytes)
            throw Invalid(
                at,
                $"{name}, {type} {ShapeText.Of(shape)}, takes {bytes} {(bytes == 1 ? "byte" : "bytes")}, but is given {end - begin}"
            );
        return new TensorInfo(name, type, shape, begin, end);
    }

    private static List<long> Numbers(ref Utf8JsonReader reader)
    {
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray);
        while (Next(ref reader) == JsonTokenType.Number)
        {
            var number = reader.GetInt64();
            if (number < 0 || numbers.Count == MostDimensions)
                throw new FormatException("A dimension or an offset is impossible.");
            numbers.Add(number);
        }
        return reader.TokenType == JsonTokenType.EndArray ? numbers : throw new FormatException("A list isn't closed.");
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw new FormatException("The header ends too early.");

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (Next(ref reader) != token)
            throw new FormatException($"{token} was expected.");
    }

    /// <param name="at">Where, from the header's first byte of JSON.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="cause">What found it.</param>
    private ConvNetException Invalid(long at, string problem, Exception? cause = null) =>
        FileFault.Invalid(_file, $"{_entry}, byte {Prefix + at}", problem, cause);
}
