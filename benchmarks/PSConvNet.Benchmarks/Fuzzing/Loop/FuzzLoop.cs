namespace PSConvNet.Benchmarks.Fuzzing.Loop;

/// <summary>
/// Changes inputs, has them read, keeps those that went new ways through the code, and writes down what no reader may do: another exception
/// than it promises, more memory than it may take, a result that breaks a promise.
/// </summary>
/// <param name="target">The reader.</param>
/// <param name="edges">Where its code says which way it went.</param>
/// <param name="corpus">The inputs so far; the target's seeds where there are none.</param>
/// <param name="failures">Where failures go.</param>
/// <param name="scratch">The file that inputs are written to.</param>
internal sealed class FuzzLoop(
    IFuzzTarget target,
    EdgeMap edges,
    FuzzCorpus corpus,
    FailureFolder failures,
    string scratch
)
{
    /// <summary>What a reader may allocate beside as much as the input has; docs/security.md promises it.</summary>
    private const long Allowance = 64L << 20;

    /// <summary>Larger inputs cost time and show nothing that smaller ones don't.</summary>
    private const int Largest = 1 << 17;

    /// <summary>How many inputs were read.</summary>
    public long Executions { get; private set; }

    /// <summary>How many of them were accepted.</summary>
    public long Accepted { get; private set; }

    /// <summary>The edges that the corpus went through before anything was changed.</summary>
    public int EdgesAtStart { get; private set; }

    /// <summary>When the input that is being read was begun, in the system's ticks; for who watches from another thread.</summary>
    public long Begun { get; private set; }

    /// <summary>Runs until it is told to stop.</summary>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="goesOn">Asked before each execution.</param>
    public void Run(Random random, Func<bool> goesOn)
    {
        if (corpus.Count == 0)
        {
            foreach (var seed in target.Seeds())
                corpus.Add(seed, isAccepted: true);
        }
        foreach (var input in corpus.Inputs)
            Execute(input);
        EdgesAtStart = edges.Edges;
        while (goesOn())
        {
            var input = target.Mutation.Apply(corpus.Draw(random), corpus.Draw(random), random);
            if (input.Length > Largest)
                continue;
            var accepted = Accepted;
            if (Execute(input))
                corpus.Add(input, Accepted > accepted);
        }
    }

    /// <summary>Reads an input; true where it is worth keeping.</summary>
    private bool Execute(byte[] input)
    {
        Executions++;
        File.WriteAllBytes(scratch, input);
        edges.Clear();
        Begun = Environment.TickCount64;
        try
        {
            var read = Read(input);
            // Before the check, whose own ways say nothing about the reader.
            var isNew = edges.Add();
            if (read is null)
                return isNew;
            Accepted++;
            target.Check(read);
            return isNew;
        }
        catch (Exception e)
        {
            failures.Add(input, e.ToString());
            return false;
        }
        finally
        {
            Begun = 0;
        }
    }

    /// <summary>What was read; null where it was refused as promised.</summary>
    private object? Read(byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        object? read;
        try
        {
            read = target.Read(input, scratch);
        }
        catch (Exception e) when (target.IsPromised(e))
        {
            read = null;
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= input.Length + Allowance
            ? read
            : throw new InvalidOperationException($"Reading {input.Length} bytes allocated {allocated >> 20} MB.");
    }
}
