using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PSConvNet.Benchmarks.Fuzzing.Loop;
using PSConvNet.Benchmarks.Fuzzing.Mutations;
using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Fuzzing;

/// <summary>The benchmark's fuzzer, with a reader that counts its ways itself.</summary>
public sealed unsafe class FuzzLoopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly byte* _counts = (byte*)NativeMemory.AllocZeroed(EdgeMap.Size);

    public void Dispose()
    {
        NativeMemory.Free(_counts);
        _folder.Dispose();
    }

    [Fact]
    public void A_fault_behind_four_bytes_is_found_step_by_step_and_kept_once()
    {
        var loop = Fuzz(new PlantedTarget(_counts, hasFault: true), executions: 20_000);

        var found = Assert.Single(Directory.GetDirectories(_folder.File("failures")));
        Assert.Equal(PlantedTarget.Steps, PlantedTarget.StepsOf(File.ReadAllBytes(Path.Combine(found, "input"))));
        Assert.Contains("planted", File.ReadAllText(Path.Combine(found, "what.txt")), StringComparison.Ordinal);
        Assert.True(loop.Accepted > 0);
    }

    [Fact]
    public void A_reader_that_refuses_as_it_promises_has_no_failures()
    {
        Fuzz(new PlantedTarget(_counts, hasFault: false), executions: 2000);

        Assert.False(Directory.Exists(_folder.File("failures")));
    }

    private FuzzLoop Fuzz(IFuzzTarget target, int executions)
    {
        var loop = new FuzzLoop(
            target,
            new EdgeMap(_counts),
            new FuzzCorpus(_folder.File("corpus")),
            new FailureFolder(_folder.File("failures")),
            _folder.File("input")
        );
        loop.Run(new Random(1), () => loop.Executions < executions);
        return loop;
    }

    private sealed class PlantedTarget(byte* counts, bool hasFault) : IFuzzTarget
    {
        public const int Steps = 4;

        public string Name => "planted";

        public IMutation Mutation { get; } = new ByteMutation();

        public IEnumerable<byte[]> Seeds() => ["abcdefgh"u8.ToArray()];

        /// <summary>How many of the first bytes end in the digits F, E, D, C.</summary>
        public static int StepsOf(byte[] input) =>
            input.Take(Steps).TakeWhile((value, at) => (value & 0xf) == 0xf - at).Count();

        // Failures are told apart by where they are thrown.
        [MethodImpl(MethodImplOptions.NoInlining)]
        public object? Read(byte[] input, string path)
        {
            Assert.Equal(input, File.ReadAllBytes(path));
            if (input.Length > 20)
                throw new FormatException("too long");
            var steps = StepsOf(input);
            counts[steps]++;
            return hasFault && steps == Steps ? throw new InvalidOperationException("planted") : input;
        }

        public void Check(object read) { }

        public bool IsPromised(Exception e) => e is FormatException;
    }
}
