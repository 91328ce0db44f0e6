using System.Globalization;
using PSConvNet.Benchmarks;
using PSConvNet.Runtime;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
DependencyContext.Register();

// Each measurement runs in a process of its own, so that no peer inherits another's threads, allocator or caches.
return args is ["measure", var name, var seconds]
    ? Peers.Measure(name, double.Parse(seconds, CultureInfo.InvariantCulture))
    : Comparison.Run(quick: args.Contains("--quick"));
