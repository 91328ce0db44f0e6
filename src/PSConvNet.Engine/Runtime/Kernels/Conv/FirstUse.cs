using System.Collections.Concurrent;
using TorchSharp;

namespace PSConvNet.Runtime.Kernels;

/// <summary>
/// Runs the first calls of an operator one at a time, over the whole process. oneDNN generates and caches code for each new
/// shape; when two workers had the same new shape at the same moment, about one run in thirty ended in a null pointer inside
/// brgemm_convolution_fwd_t::init_batch (libtorch 2.10).
/// </summary>
internal sealed class FirstUse
{
    private static readonly object s_gate = new();
    private readonly ConcurrentDictionary<(long Count, torch.ScalarType Type, WantedGradients Wanted), bool> _met = [];

    /// <summary>Calls the operator, under a process-wide lock unless a call with these arguments has returned before.</summary>
    /// <param name="count">Samples in the batch, on which the generated code depends.</param>
    /// <param name="type">Their precision.</param>
    /// <param name="wanted">The gradients that this call or the following one computes; each has generated code of its own.</param>
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
