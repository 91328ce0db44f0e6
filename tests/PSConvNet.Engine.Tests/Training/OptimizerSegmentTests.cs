using FsCheck;
using FsCheck.Fluent;

namespace PSConvNet.Tests.Training;

public class OptimizerSegmentTests
{
    public static TheoryData<string> Cases => OptimizerCases.Names;

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_size_and_every_cut_in_two_gives_the_same_bits(string name)
    {
        var spec = OptimizerCases.Ours(name);
        for (var count = 1; count <= 70; count++)
        {
            var whole = Train(spec, count, [count]);
            for (var cut = 0; cut <= count; cut++)
                Assert.Equal(whole, Train(spec, count, [cut, count - cut]));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Any_number_of_pieces_gives_the_same_bits(string name)
    {
        var spec = OptimizerCases.Ours(name);
        Check.One(
            Config.QuickThrowOnFailure,
            Prop.ForAll<NonNegativeInt[]>(pieces =>
            {
                int[] lengths = [.. pieces.Select(p => p.Get)];
                return Train(spec, lengths.Sum(), lengths).SequenceEqual(Train(spec, lengths.Sum(), [lengths.Sum()]));
            })
        );
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_parameter_alone_gives_the_same_bits_as_all_together(string name)
    {
        var spec = OptimizerCases.Ours(name);

        Assert.Equal(Train(spec, 333, [333]), Train(spec, 333, Enumerable.Repeat(1, 333).ToArray()));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Segments_on_several_threads_give_the_same_bits_as_one_after_the_other(string name)
    {
        var spec = OptimizerCases.Ours(name);
        int[] lengths = [.. Enumerable.Range(0, 64).Select(i => 1 + i * 37 % 101)];
        var count = lengths.Sum();

        Assert.Equal(Train(spec, count, [count]), Train(spec, count, lengths, parallel: true));
    }

    [Fact]
    public void A_step_touches_no_state_outside_its_segment()
    {
        var state = new OptimizerState(new AdamOptimizer(), 100);

        state.Apply(Enumerable.Repeat(1f, 13).ToArray(), Enumerable.Repeat(1f, 13).ToArray(), 40, 1, 0.1);

        foreach (var name in state.Names)
        {
            var buffer = state.GetBuffer(name).ToArray();
            Assert.All(buffer[..40], v => Assert.Equal(0, v));
            Assert.All(buffer[40..53], v => Assert.NotEqual(0, v));
            Assert.All(buffer[53..], v => Assert.Equal(0, v));
        }
    }

    [Theory]
    [InlineData(10, 9, 0, 1)]
    [InlineData(10, 10, 91, 1)]
    [InlineData(10, 10, -1, 1)]
    [InlineData(101, 101, 0, 1)]
    [InlineData(10, 10, 0, 0)]
    public void A_segment_outside_the_parameters_or_a_step_before_the_first_is_refused(
        int weights,
        int gradients,
        int offset,
        long step
    )
    {
        var state = new OptimizerState(new AdamOptimizer(), 100);

        Assert.ThrowsAny<ArgumentException>(() =>
            state.Apply(new float[weights], new float[gradients], offset, step, 0.1)
        );
    }

    /// <summary>Weights and state, as bits, after three steps on the same parameters cut into the given lengths.</summary>
    private static int[] Train(OptimizerSpec spec, int count, int[] lengths, bool parallel = false)
    {
        var random = new Random(count);
        var weights = OptimizerCases.Normal(random, count);
        var state = new OptimizerState(spec, count);
        int[] offsets = [.. lengths.Select((_, i) => lengths[..i].Sum())];
        for (var step = 1; step <= 3; step++)
        {
            var gradients = OptimizerCases.Normal(random, count);
            void Segment(int i) =>
                state.Apply(
                    weights.AsSpan(offsets[i], lengths[i]),
                    gradients.AsSpan(offsets[i], lengths[i]),
                    offsets[i],
                    step,
                    spec.LearningRate
                );
            if (parallel)
                Parallel.For(0, lengths.Length, Segment);
            else
                for (var i = 0; i < lengths.Length; i++)
                    Segment(i);
        }
        return
        [
            .. weights
                .Concat(state.Names.SelectMany(n => state.GetBuffer(n).ToArray()))
                .Select(BitConverter.SingleToInt32Bits),
        ];
    }
}
