using System.Buffers.Binary;
using System.Text;

namespace PSConvNet.Files;

/// <summary>
/// Recognises files of other programs by their first bytes, whatever they are called, and says how what they hold gets here. They are not
/// damaged, so nobody should be sent for another copy.
/// </summary>
internal static class ForeignFile
{
    /// <summary>As much as tells: the names of the first entries of an archive are within it.</summary>
    private const int Head = 16 * 1024;

    private const string Page = "docs/coming-from.md shows each step.";

    private const string FromNumPy =
        "In Python: from safetensors.numpy import save_file; save_file(arrays, 'net.safetensors') with a dictionary of arrays by their parameters' names. Then here: WeightsFile.Load(model, \"net.safetensors\"). "
        + Page;

    private static string FromTorch(string file) =>
        $"In Python: import torch; from safetensors.torch import save_file; state = torch.load({CodeText.Python(file)}, map_location='cpu', weights_only=True); save_file(state, 'net.safetensors'). If the file contains a whole module, use torch.load({CodeText.Python(file)}).state_dict(); for TorchScript, use torch.jit.load({CodeText.Python(file)}).state_dict(). Then here: WeightsFile.Load(model, \"net.safetensors\"). {Page}";

    private static string FromOnnx(string file) =>
        $"Only its weights can be used. In Python: import onnx; from safetensors.numpy import save_file; save_file({{t.name: onnx.numpy_helper.to_array(t) for t in onnx.load({CodeText.Python(file)}).graph.initializer}}, 'net.safetensors'). Then here: WeightsFile.Load(model, \"net.safetensors\"). {Page}";

    private static string FromKeras(string file) =>
        $"In Python: import keras; from safetensors.numpy import save_file; model = keras.models.load_model({CodeText.Python(file)}); save_file({{w.path: w.numpy() for w in model.weights}}, 'net.safetensors'). Then here: WeightsFile.Load(model, \"net.safetensors\", from: WeightsOrigin.Keras). {Page}";

    /// <summary>Whether a file is a zip archive, as models and checkpoints are.</summary>
    public static bool IsArchive(Stream stream) => First(stream, 4).AsSpan().StartsWith("PK\u0003\u0004"u8);

    /// <summary>Refuses a file of another kind where a model or checkpoint is wanted.</summary>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>.</exception>
    public static void RequireModel(Stream stream, string file)
    {
        if (IsSafetensors(stream))
        {
            throw Refuse(
                file,
                "a safetensors file, which contains weights but no network",
                $"Build the network, then: WeightsFile.Load(model, {CodeText.CSharp(Path.GetFileName(file))})."
            );
        }
        Require(stream, file);
    }

    /// <summary>Refuses a file of another kind where safetensors are wanted.</summary>
    /// <exception cref="ConvNetException"><c>ModelFileInvalid</c>.</exception>
    public static void RequireWeights(Stream stream, string file)
    {
        if (!IsSafetensors(stream))
            Require(stream, file);
    }

    private static void Require(Stream stream, string file)
    {
        if (Recognise(First(stream, Head), Path.GetFileName(file)) is var (what, remedy))
            throw Refuse(file, what, remedy);
    }

    private static (string What, string Remedy)? Recognise(byte[] head, string file)
    {
        var bytes = head.AsSpan();
        if (bytes.IsEmpty)
            return ("empty (0 bytes)", "The download or copy was interrupted; repeat it.");
        if (bytes.StartsWith("PK\u0003\u0004"u8))
            return RecogniseArchive(Entries(head), file);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F', 0x0d, 0x0a, 0x1a, 0x0a]))
            return ("an HDF5 file (.h5), as Keras writes it", FromKeras(file));
        // A pickle of protocol 2 to 5: what torch.save wrote before PyTorch 1.6.
        if (bytes is [0x80, >= 2 and <= 5, ..])
            return ("a Python pickle, as older versions of PyTorch write it (.pt, .pth)", FromTorch(file));
        if (IsOnnx(bytes))
            return ("an ONNX network", FromOnnx(file));
        if (bytes is [0x93, .. var after] && after.StartsWith("NUMPY"u8))
            return ("a NumPy array (.npy)", FromNumPy);
        if (bytes is [0x08, 0x01, 0x12, ..])
            return ("a SavedModel of TensorFlow", FromKeras(file));
        if (bytes is [(byte)'{', ..])
        {
            return (
                "a JSON text, which contains no weights",
                "If it is the index of weights in several files, load each .safetensors file that it names with partial: true."
            );
        }
        if (bytes.StartsWith("GGUF"u8))
            return ("a GGUF file", $"Save the network's weights as safetensors in Python. {Page}");
        if (bytes.Length >= 8 && bytes[4..].StartsWith("TFL3"u8))
            return ("a TensorFlow Lite network", $"Use the weights of the Keras model that it was made from. {Page}");
        if (bytes.StartsWith("version https://git-lfs"u8))
            return ("a pointer of Git LFS and not the file itself", "Fetch the file with: git lfs pull.");
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
            return ("packed by gzip", "Unpack it first: tar -xzf for .tar.gz, gunzip for .gz.");
        return StartsAsPage(bytes)
            ? ("a web page", "The download returned a web page instead of the file: use the link to the file itself.")
            : PlainFile.Recognise(bytes, file);
    }

    private static (string What, string Remedy)? RecogniseArchive(List<string> entries, string file)
    {
        if (entries.Any(name => name is "model.json" or "SHA256SUMS"))
            return null;
        // TorchScript writes the tensors first, and data.pkl behind them.
        if (
            entries.Any(name =>
                name.EndsWith("/data.pkl", StringComparison.Ordinal)
                || name.Contains("/data/0", StringComparison.Ordinal)
            )
        )
            return ("a PyTorch file (.pt, .pth)", FromTorch(file));
        if (entries.Any(name => name is "config.json" or "model.weights.h5"))
            return ("a Keras model (.keras)", FromKeras(file));
        if (entries.Any(name => name.EndsWith(".npy", StringComparison.Ordinal)))
            return ("an archive of NumPy arrays (.npz)", FromNumPy);
        if (entries.Any(name => name is "[Content_Types].xml" or "mimetype"))
            return ("an office document", PlainFile.NoWeights);
        return entries.Count == 0
            ? null
            : (
                $"a zip archive of other files ({string.Join(", ", entries.Take(3).Select(PlainFile.Printable))}{(entries.Count > 3 ? ", ..." : "")})",
                "Unpack it, and give the file inside that contains the weights or the model."
            );
    }

    /// <summary>Names of entries whose own headers are among the first bytes.</summary>
    private static List<string> Entries(byte[] head)
    {
        const int header = 30;
        var names = new List<string>();
        for (var at = 0; ; at += 4)
        {
            var found = head.AsSpan(at).IndexOf("PK\u0003\u0004"u8);
            if (found < 0 || (at += found) + header > head.Length)
                return names;
            var length = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(at + 26));
            if (at + header + length <= head.Length)
                names.Add(Encoding.UTF8.GetString(head, at + header, length));
        }
    }

    /// <summary>ir_version, then the producer's name: protobuf's fields 1 and 2. TensorFlow's saved models begin with version 1.</summary>
    private static bool IsOnnx(ReadOnlySpan<byte> bytes) =>
        bytes is [0x08, >= 3 and < 64, 0x12, var length and < 128, ..]
            ? bytes.Length > 4 + length && !bytes.Slice(4, length).ContainsAnyExceptInRange((byte)' ', (byte)'~')
            : bytes is [0x08, >= 3 and < 64, 0x3a or 0x42, ..];

    private static bool StartsAsPage(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.ASCII.GetString(bytes[..Math.Min(bytes.Length, 64)]).TrimStart();
        return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A length that the file has room for, and the header's first brace.</summary>
    private static bool IsSafetensors(Stream stream)
    {
        var head = First(stream, 9);
        return head.Length == 9
            && head[8] == (byte)'{'
            && BinaryPrimitives.ReadUInt64LittleEndian(head) <= (ulong)stream.Length - 8;
    }

    /// <summary>The first bytes; the stream stands at its beginning before and after.</summary>
    private static byte[] First(Stream stream, int count)
    {
        var head = new byte[Math.Min(count, stream.Length)];
        stream.Position = 0;
        // A file may give fewer bytes than its length says: those of /sys do, and one that is being cut.
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return head[..read];
    }

    private static ConvNetException Refuse(string file, string what, string remedy) =>
        new(
            ErrorIds.ModelFileInvalid,
            ErrorKind.InvalidData,
            $"{Path.GetFileName(file)} is {what:text}. {remedy:text}",
            file
        );
}
