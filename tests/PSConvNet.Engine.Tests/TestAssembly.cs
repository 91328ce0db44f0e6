using System.Runtime.CompilerServices;

namespace PSConvNet.Tests;

internal static class TestAssembly
{
    // Tests name TorchSharp's types themselves, so the hook must be in before the first of them is compiled.
    [ModuleInitializer]
    internal static void Initialize() => DependencyContext.Register();
}
