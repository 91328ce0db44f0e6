namespace PSConvNet.Models;

/// <summary>
/// Keeps a model's weights from changing under a reader's feet: any number of readers or one writer. It refuses rather than waits,
/// for the holder may be this very pipeline.
/// </summary>
internal sealed class UseLock
{
    private readonly object _gate = new();
    private int _readers;
    private bool _writing;

    /// <summary>Claims the model for reading, until the result is disposed.</summary>
    public IDisposable Read(string name)
    {
        lock (_gate)
        {
            if (_writing)
                throw Busy(name, "being trained");
            _readers++;
        }
        return new Claim(() => _readers--, _gate);
    }

    /// <summary>Claims the model for writing, until the result is disposed.</summary>
    public IDisposable Write(string name)
    {
        lock (_gate)
        {
            if (_writing)
                throw Busy(name, "being trained");
            if (_readers > 0)
                throw Busy(name, "in use");
            _writing = true;
        }
        return new Claim(() => _writing = false, _gate);
    }

    private static ConvNetException Busy(string name, string state) =>
        new(
            ErrorIds.ModelBusy,
            ErrorKind.Busy,
            $"{name} is {state} elsewhere; wait until that ends, or use a separate model there.",
            name
        );

    private sealed class Claim(Action release, object gate) : IDisposable
    {
        private Action? _release = release;

        public void Dispose()
        {
            lock (gate)
            {
                _release?.Invoke();
                _release = null;
            }
        }
    }
}
