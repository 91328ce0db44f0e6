namespace PSConvNet;

/// <summary>
/// Keeps a model's weights from changing under a reader's feet: any number of readers or one writer. It refuses rather than waits,
/// for the holder may be this very pipeline.
/// </summary>
internal sealed class UseLock
{
    private const int Writing = -1;
    private readonly Lock _lock = new();
    private int _users;

    public IDisposable Read(string name) => Claim(name, _users => _users == Writing ? null : _users + 1, users => users - 1);

    public IDisposable Write(string name) => Claim(name, _users => _users == 0 ? Writing : null, _ => 0);

    private Release Claim(string name, Func<int, int?> enter, Func<int, int> leave)
    {
        lock (_lock)
        {
            _users =
                enter(_users)
                ?? throw new ConvNetException(
                    "ModelBusy",
                    ErrorKind.Busy,
                    $"{name} is {(_users == Writing ? "being trained" : "in use")} elsewhere; wait for that to end, or train a model of its own there.",
                    name
                );
        }
        return new Release(this, leave);
    }

    private sealed class Release(UseLock owner, Func<int, int> leave) : IDisposable
    {
        private UseLock? _owner = owner;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _owner, null) is not { } held)
                return;
            lock (held._lock)
                held._users = leave(held._users);
        }
    }
}
