namespace PSConvNet.Tests.Files;

/// <summary>A disk on which each operation in turn fails, or is the last that a program comes to.</summary>
internal static class CrashPoints
{
    /// <summary>Does something again and again, and each time one operation of the disk further it ends; until it ends by itself.</summary>
    /// <returns>At how many points it was ended.</returns>
    public static int AtEach(bool dies, Action work, Action check) => AtEach(dies, _ => work(), check);

    /// <summary>The same, of work that goes by way of another disk, too, which comes to points of this one.</summary>
    public static int AtEach(bool dies, Action<FailingDisk> work, Action check)
    {
        for (var point = 0; ; point++)
        {
            var disk = new FailingDisk(point, dies);
            WritingDisk.Use(disk);
            try
            {
                work(disk);
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

    /// <summary>The program is gone: nothing of it runs any more, no cleaning up either.</summary>
    public sealed class Death() : Exception("gone");

    public sealed class FailingDisk(int point, bool dies) : WritingDisk
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
