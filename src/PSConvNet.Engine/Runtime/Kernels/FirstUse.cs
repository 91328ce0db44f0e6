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
    private readonly ConcurrentDictionary<(long Count, torch.ScalarType Type, WantedGradients Wanted), bool> _met = [];

    /// <summary>Calls; alone in the process unless a call with this key has returned before.</summary>
    /// <param name="count">Samples in the batch, which the code depends on.</param>
    /// <param name="type">Their precision.</param>
    /// <param name="wanted">The gradients that will follow, or are computed; each has code of its own.</param>
    /// <param name="call">The operator.</param>
    public T Call<T>(long count, torch.ScalarType type, WantedGradients wanted, Func<T> call)
    {
        var key = (count, type, wanted);
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
