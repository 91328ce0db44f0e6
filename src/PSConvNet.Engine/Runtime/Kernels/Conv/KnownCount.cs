using System.Runtime.InteropServices;

namespace PSConvNet.Runtime.Kernels;

// Constants as the sizes of types. The JIT compiles a loop over a generic TCount once for each of them and removes the branch behind `if (sizeof(TCount) > 5)` where
// the condition is false. Static abstract properties would work, too, but are folded so late that dead code uses up the inlining budget.

/// <summary>The number 1.</summary>
[StructLayout(LayoutKind.Sequential, Size = 1)]
internal struct One;

/// <summary>The number 2.</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
internal struct Two;

/// <summary>The number 3.</summary>
[StructLayout(LayoutKind.Sequential, Size = 3)]
internal struct Three;

/// <summary>The number 4.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4)]
internal struct Four;

/// <summary>The number 5.</summary>
[StructLayout(LayoutKind.Sequential, Size = 5)]
internal struct Five;

/// <summary>The number 6.</summary>
[StructLayout(LayoutKind.Sequential, Size = 6)]
internal struct Six;

/// <summary>The number 7.</summary>
[StructLayout(LayoutKind.Sequential, Size = 7)]
internal struct Seven;

/// <summary>The number 8.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal struct Eight;
