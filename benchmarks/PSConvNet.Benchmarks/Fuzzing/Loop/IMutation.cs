namespace PSConvNet.Benchmarks.Fuzzing.Loop;

/// <summary>A way to change inputs.</summary>
internal interface IMutation
{
    /// <summary>A changed copy of an input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="other">Another one, parts of which may be put into it.</param>
    /// <param name="random">Where chance comes from.</param>
    byte[] Apply(byte[] input, byte[] other, Random random);
}
