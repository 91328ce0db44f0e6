using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Google.Protobuf;
using Tensorboard;

namespace PSConvNet.TensorBoard;

/// <summary>
/// A file of events as TensorBoard reads it: records of TensorFlow's TFRecord format (length, its checksum, data, their checksum), of which the
/// first says the version and each other one holds an <see cref="Event"/>.
/// </summary>
/// <remarks>
/// The messages are those that TorchSharp brings. Its own writer is not used: where TensorBoard expects seconds since 1970 it puts 100-nanosecond
/// ticks since the year 1, or seconds in fp32, or nothing. Every record goes to the file in one piece, so that what a crash leaves is whole records and at most
/// the beginning of one, which readers pass over.
/// </remarks>
internal sealed class EventFile : IDisposable
{
    private const int HeaderLength = sizeof(ulong) + sizeof(uint);

    private readonly FileStream _stream;

    private EventFile(FileStream stream) => _stream = stream;

    /// <summary>Where it is.</summary>
    public string Path => _stream.Name;

    /// <summary>Begins a new file.</summary>
    /// <param name="folder">Its folder, which is made where it is missing.</param>
    /// <param name="begun">When.</param>
    /// <exception cref="ConvNetException"><c>FileNotWritten</c>.</exception>
    public static EventFile Create(string folder, DateTimeOffset begun)
    {
        try
        {
            Directory.CreateDirectory(folder);
            for (var number = 0; ; number++)
            {
                // TensorBoard takes all files whose names have "tfevents" in them, and reads a run's in the order of their names.
                var path = System.IO.Path.Combine(
                    folder,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"events.out.tfevents.{begun.ToUnixTimeSeconds():D10}.{Environment.MachineName}.{Environment.ProcessId}.{number}"
                    )
                );
                if (File.Exists(path))
                    continue;
                var file = new EventFile(Open(path, FileMode.CreateNew));
                file.Write(new Event { WallTime = Events.Seconds(begun), FileVersion = "brain.Event:2" });
                file.Flush();
                return file;
            }
        }
        catch (Exception e) when (FileFault.IsOfDisk(e))
        {
            throw FileFault.FolderNotWritten(folder, e);
        }
    }

    /// <summary>Goes on with a file.</summary>
    public static EventFile Append(string path) => new(Open(path, FileMode.Append));

    /// <summary>Adds an event.</summary>
    public void Write(Event happened)
    {
        var data = happened.ToByteArray();
        var record = new byte[HeaderLength + data.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(
            record.AsSpan(sizeof(ulong)),
            Checksum(record.AsSpan(0, sizeof(ulong)))
        );
        data.CopyTo(record, HeaderLength);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(HeaderLength + data.Length), Checksum(data));
        _stream.Write(record);
    }

    /// <summary>Hands what was written to the system, for others to read and for a crash to leave.</summary>
    public void Flush() => _stream.Flush();

    /// <inheritdoc />
    public void Dispose() => _stream.Dispose();

    /// <summary>CRC-32C, turned by 15 bits and moved, as the format wants it.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return unchecked(BitOperations.RotateRight(~crc, 15) + 0xA282EAD8u);
    }

    // TensorBoard reads while it is written.
    private static FileStream Open(string path, FileMode mode) =>
        new(path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
}
