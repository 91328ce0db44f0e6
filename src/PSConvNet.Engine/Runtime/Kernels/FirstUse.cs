using System.Collections.Concurrent;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Lets an operator's first calls through one at a time, over the whole process. oneDNN makes and caches code for each shape it
/// meets; when two workers met a convolution's shape at the same moment, one run in about thirty ended in a null pointer inside
/// brgemm_convolution_fwd_t::init_batch (libtorch 2.10).
/// </summary>
internal sealed class FirstUse
{
    private static readonly object s_gate = new();
    private readonly ConcurrentDictionary<(long Count, torch.ScalarType Type, bool Training), bool> _met = [];

    /// <summary>Calls; alone in the process unless a call with this key has returned before.</summary>
    /// <param name="count">Samples in the batch, which the code depends on.</param>
    /// <param name="type">Their precision.</param>
    /// <param name="training">Whether gradients will follow.</param>
    /// <param name="call">The operator.</param>
    public T Call<T>(long count, torch.ScalarType type, bool training, Func<T> call)
    {
        var key = (count, type, training);
        if (_met.ContainsKey(key))
            return call();
        lock (s_gate)
        {
            var result = call();
            _met[key] = true;
            return result;
        }
    }
}
