using PSConvNet.Files;
using PSConvNet.Tests.Runtime;
using Xunit.Abstractions;

namespace PSConvNet.Tests.Files;

/// <summary>
/// A program that ends, or whose disk fails, at each write, flush, renaming and deletion in turn: what is found afterwards is the state before or
/// the state after.
/// </summary>
public sealed class CrashPointTests(ITestOutputHelper output) : IDisposable
{
    private static readonly Dataset s_data = Networks.Bars(train: 64, test: 16);
    private static readonly Shape s_shape = new(8, 8, 1);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("psconvnet", false)]
    [InlineData("psconvnet", true)]
    [InlineData("safetensors", false)]
    [InlineData("safetensors", true)]
    [InlineData("onnx", false)]
    [InlineData("onnx", true)]
    public void A_models_file(string format, bool dies)
    {
        var path = _folder.File("net." + format);
        Save(Model(1), path);
        var before = File.ReadAllBytes(path);
        Save(Model(2), path);
        var after = File.ReadAllBytes(path);
        File.WriteAllBytes(path, before);

        var points = AtEachPoint(
            dies,
            () => Save(Model(2), path),
            () =>
            {
                var found = File.ReadAllBytes(path);
                Assert.True(found.AsSpan().SequenceEqual(before) || found.AsSpan().SequenceEqual(after));
                // Where the program lived on, it left nothing behind.
                if (!dies)
                    Assert.Equal([path], Directory.GetFiles(_folder.Path));
                File.WriteAllBytes(path, before);
            }
        );

        output.WriteLine($"{points} points");
        Assert.InRange(points, 5, 200);
        Assert.Equal(after, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_training_with_checkpoints(bool dies)
    {
        var expected = Begin(_folder.File("undisturbed"));
        var number = 0;
        var folder = "";

        var points = AtEachPoint(
            dies,
            () => Begin(folder = _folder.File($"{number++}")),
            () =>
            {
                WritingDisk.Use(null);
                // Nothing, the state of some checkpoint, never half of one: and the run goes on from there to the same bits.
                var run = Directory.GetFiles(folder, "step-*.psconvnet").Length == 0 ? null : GoOn(folder);
                if (run is not null)
                    Assert.Equal(expected, run);
                Directory.Delete(folder, recursive: true);
            }
        );

        output.WriteLine($"{points} points");
        Assert.InRange(points, 50, 1000);
    }

    /// <summary>Does something again and again, and each time one operation of the disk further it ends; until it ends by itself.</summary>
    /// <returns>At how many points it was ended.</returns>
    private static int AtEachPoint(bool dies, Action work, Action check)
    {
        for (var point = 0; ; point++)
        {
            var disk = new FailingDisk(point, dies);
            WritingDisk.Use(disk);
            try
            {
                work();
                if (!disk.HasFailed)
                    return point;
            }
            catch (Exception e) when (e is Death or ConvNetException && disk.HasFailed)
            {
                // As it should.
            }
            finally
            {
                WritingDisk.Use(null);
            }
            check();
        }
    }

    private static Model Model(int seed) => new(Networks.SmallDense, s_shape, seed: seed);

    private static void Save(Model model, string path)
    {
        if (path.EndsWith("onnx", StringComparison.Ordinal))
            OnnxFile.Save(model, path);
        else if (path.EndsWith("safetensors", StringComparison.Ordinal))
            WeightsFile.Save(model, path);
        else
            ModelFile.Save(model, path);
    }

    private static float[] Begin(string folder)
    {
        var options = new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 32,
            Threads = 1,
            Optimizer = new SgdOptimizer(),
        };
        return
        [
            .. new Trainer(Model(1), s_data, options) { Checkpoints = new(folder) { KeepLast = 1 } }
                .Run()
                .Model.Store.Values,
        ];
    }

    private static float[] GoOn(string folder) =>
        [
            .. new Trainer(Checkpoint.Newest(folder, warning => Assert.Fail(warning)), s_data, null)
            {
                Checkpoints = new(folder) { KeepLast = 1 },
            }
                .Run()
                .Model.Store.Values,
        ];

    /// <summary>The program is gone: nothing of it runs any more, no cleaning up either.</summary>
    private sealed class Death() : Exception("gone");

    private sealed class FailingDisk(int point, bool dies) : WritingDisk
    {
        private int _done;

        public bool HasFailed { get; private set; }

        public override Stream Create(string path, UnixFileMode? mode)
        {
            Come();
            return new FailingStream(this, base.Create(path, mode));
        }

        public override void Flush(Stream stream)
        {
            Come();
            base.Flush(((FailingStream)stream).Inner);
        }

        public override void Rename(string from, string to)
        {
            Come();
            base.Rename(from, to);
        }

        public override void Delete(string path)
        {
            Come();
            base.Delete(path);
        }

        /// <summary>Comes to the next operation, which may be the one that fails; what was done of it by then stays done.</summary>
        public void Come(Action? half = null)
        {
            if (HasFailed && dies)
                throw new Death();
            if (_done++ != point)
                return;
            half?.Invoke();
            HasFailed = true;
            throw dies ? new Death() : new IOException("No space left on device.");
        }
    }

    private sealed class FailingStream(FailingDisk disk, Stream inner) : Stream
    {
        public Stream Inner => inner;

        public override bool CanRead => false;

        public override bool CanSeek => inner.CanSeek;

        public override bool CanWrite => true;

        public override long Length => inner.Length;

        public override long Position
        {
            get => inner.Position;
            set => inner.Position = value;
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            disk.Come(() => inner.Write(buffer, offset, count / 2));
            inner.Write(buffer, offset, count);
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

        public override void SetLength(long value) => inner.SetLength(value);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
