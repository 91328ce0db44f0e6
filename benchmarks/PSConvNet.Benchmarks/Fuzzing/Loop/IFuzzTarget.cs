namespace PSConvNet.Benchmarks.Fuzzing.Loop;

/// <summary>A reader, what its inputs look like, and what it promises.</summary>
internal interface IFuzzTarget
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>How its inputs are changed.</summary>
    IMutation Mutation { get; }

    /// <summary>Inputs to begin with: small and valid.</summary>
    IEnumerable<byte[]> Seeds();

    /// <summary>Reads an input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="path">A file that holds it.</param>
    /// <returns>What was read, or null where the input was refused without an exception.</returns>
    object? Read(byte[] input, string path);

    /// <summary>Holds what was read to what is promised of it; an exception says what is broken.</summary>
    void Check(object read);

    /// <summary>Whether an exception of <see cref="Read"/> is the error that the reader promises.</summary>
    bool IsPromised(Exception e);
}
