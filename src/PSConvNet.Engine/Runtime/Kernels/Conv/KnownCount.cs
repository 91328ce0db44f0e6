using System.Runtime.InteropServices;

namespace PSConvNet.Runtime.Kernels;

// Numbers that the compiler knows, as the sizes of types: a loop over a generic TCount is compiled for each, and what is behind
// `if (sizeof(TCount) > 5)` is part of it or isn't there. Static abstract properties would do the same, but are folded too late: code that is never run
// would use up the budget of what is inlined.

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
