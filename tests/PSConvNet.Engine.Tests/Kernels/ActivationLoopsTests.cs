using PSConvNet.Tests.Kernels.Plain;

namespace PSConvNet.Tests.Kernels;

/// <summary>The functions and their slopes against fp64, over all numbers, for each width of vectors and both precisions.</summary>
public class ActivationLoopsTests
{
    private const float Alpha = 0.3f;

    // Binades are sampled at several hundred numbers each, of either sign.
    private const int Step = 16411;

    public static TheoryData<Activation> Functions =>
        [.. Enum.GetValues<Activation>().Where(ActivationLoops.CanCompute)];

    public static TheoryData<Activation, int> Cases
    {
        get
        {
            var cases = new TheoryData<Activation, int>();
            foreach (var function in Enum.GetValues<Activation>().Where(ActivationLoops.CanCompute))
            foreach (var width in Enum.GetValues<VectorWidth>().Where(VectorWidths.Has))
                cases.Add(function, (int)width);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_are_a_few_units_of_the_last_place_away_from_fp64_over_all_numbers(Activation function, int width)
    {
        var x = AllBinades();
        var y = new float[x.Length];

        Loops(function, width).Forward<float>(x, y);

        for (var i = 0; i < x.Length; i++)
        {
            var expected = PlainActivation.Value(function, x[i], Alpha);
            AssertUlps(expected, y[i], MostUlps(function), $"{function} of {x[i]:G9}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Slopes_are_a_few_units_of_the_last_place_away_from_fp64_over_all_numbers(Activation function, int width)
    {
        var x = AllBinades();
        var slopes = new float[x.Length];

        Loops(function, width).Backward<float>([.. x.Select(_ => 1f)], x, slopes);

        for (var i = 0; i < x.Length; i++)
        {
            var expected = PlainActivation.Slope(function, x[i], Alpha);
            // At their lowest points the slopes of GELU and SiLU are the difference of two equal terms, whose digits count.
            var scale = function switch
            {
                Activation.GELU => PlainActivation.NormalDistribution(x[i]),
                Activation.SiLU => PlainActivation.Value(Activation.Sigmoid, x[i], Alpha),
                _ => 0,
            };
            AssertUlps(expected, slopes[i], 7, $"slope of {function} at {x[i]:G9}", scale);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void In_bf16_every_number_gives_the_value_and_the_slope_rounded_once(Activation function, int width)
    {
        ushort[] x = [.. Enumerable.Range(0, 1 << 16).Select(bits => (ushort)bits)];
        var (y, slopes) = (new ushort[x.Length], new ushort[x.Length]);
        ushort[] ones = [.. x.Select(_ => PlainBFloat16.Round(1))];
        var loops = Loops(function, width);

        loops.Forward<ushort>(x, y);
        loops.Backward<ushort>(ones, x, slopes);

        for (var i = 0; i < x.Length; i++)
        {
            var number = PlainBFloat16.Widen(x[i]);
            var expected = double.IsNaN(number) ? number : PlainActivation.Value(function, number, Alpha);
            AssertRounded(expected, y[i], $"{function} of {number:G4}");
            if (!double.IsNaN(number))
                AssertRounded(PlainActivation.Slope(function, number, Alpha), slopes[i], $"slope at {number:G4}");
        }
    }

    [Theory]
    [InlineData(Activation.ReLU, 0f, 0f, 0f, float.PositiveInfinity)]
    [InlineData(Activation.LeakyReLU, float.NegativeInfinity, -0f, 0f, float.PositiveInfinity)]
    [InlineData(Activation.GELU, -0f, -0f, 0f, float.PositiveInfinity)]
    [InlineData(Activation.ELU, -Alpha, -0f, 0f, float.PositiveInfinity)]
    [InlineData(Activation.SiLU, -0f, -0f, 0f, float.PositiveInfinity)]
    [InlineData(Activation.Sigmoid, 0f, 0.5f, 0.5f, 1f)]
    [InlineData(Activation.Tanh, -1f, -0f, 0f, 1f)]
    public void Infinities_give_limits_zeros_keep_their_sign_and_a_NaN_stays_one(
        Activation function,
        float atNegativeInfinity,
        float atNegativeZero,
        float atZero,
        float atInfinity
    )
    {
        float[] x = [float.NegativeInfinity, -0f, 0f, float.PositiveInfinity, float.NaN, -float.NaN];
        float[] expected = [atNegativeInfinity, atNegativeZero, atZero, atInfinity, float.NaN, float.NaN];
        foreach (var width in Enum.GetValues<VectorWidth>().Where(VectorWidths.Has))
        {
            var (y, slopes) = (new float[x.Length], new float[x.Length]);
            var loops = Loops(function, (int)width);

            loops.Forward<float>(x, y);
            loops.Backward<float>([1, 1, 1, 1, float.NaN, float.NaN], x, slopes);

            for (var i = 0; i < x.Length; i++)
                Assert.True(
                    float.IsNaN(expected[i])
                        ? float.IsNaN(y[i]) && float.IsNaN(slopes[i])
                        : BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(y[i]),
                    $"{width}: {function} of {x[i]} is {y[i]}, its slope {slopes[i]}"
                );
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Numbers_that_fill_no_vector_are_computed_alike_and_nothing_else_is_written(
        Activation function,
        int width
    )
    {
        var random = new Random(width);
        var loops = Loops(function, width);
        var (x, g) = (RandomValues.Normal(random, 64, scale: 2), RandomValues.Normal(random, 64));
        var (all, allSlopes) = (new float[64], new float[64]);
        loops.Forward<float>(x, all);
        loops.Backward<float>(g, x, allSlopes);
        for (var i = 0; i < x.Length; i++)
        {
            var expected = g[i] * PlainActivation.Slope(function, x[i], Alpha);
            AssertUlps(expected, allSlopes[i], 8, $"gradient {i}", scale: Math.Abs(g[i]));
        }
        for (var length = 0; length < 40; length++)
        {
            float[] y = [.. Enumerable.Repeat(7f, 64)];
            float[] result = [.. Enumerable.Repeat(7f, 64)];

            loops.Forward<float>(x.AsSpan(0, length), y.AsSpan(0, length));
            loops.Backward<float>(g.AsSpan(0, length), x.AsSpan(0, length), result.AsSpan(0, length));

            Assert.Equal([.. all.Take(length), .. Enumerable.Repeat(7f, 64 - length)], y);
            Assert.Equal([.. allSlopes.Take(length), .. Enumerable.Repeat(7f, 64 - length)], result);
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void The_plain_slopes_are_finite_differences_of_the_plain_values(Activation function)
    {
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var x = (random.NextDouble() - 0.5) * 24;
            // The straight parts of ReLU and its kin meet at 0.
            if (Math.Abs(x) < 1e-3)
                continue;
            var expected = (Value(x - 2e-4) - 8 * Value(x - 1e-4) + 8 * Value(x + 1e-4) - Value(x + 2e-4)) / 12e-4;
            Assert.Equal(expected, PlainActivation.Slope(function, x, Alpha), 1e-10);
        }

        double Value(double x) => PlainActivation.Value(function, x, Alpha);
    }

    [Fact]
    public void Memory_of_different_lengths_and_functions_of_all_channels_are_refused()
    {
        var loops = ActivationLoops.Create(Activation.GELU, 0);

        Assert.Throws<ArgumentOutOfRangeException>(() => loops.Forward<float>(new float[4], new float[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            loops.Backward<float>(new float[4], new float[3], new float[4])
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            loops.Backward<float>(new float[4], new float[4], new float[5])
        );
        Assert.Throws<NotSupportedException>(() => loops.Forward<double>(new double[4], new double[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationLoops.Create(Activation.Softmax, 0));
    }

    private static ActivationLoops Loops(Activation function, int width) =>
        ActivationLoops.Create(function, Alpha, (VectorWidth)width);

    private static double MostUlps(Activation function) =>
        function switch
        {
            Activation.ReLU => 0,
            Activation.LeakyReLU => 0.5,
            Activation.ELU => 2.5,
            Activation.GELU => 6,
            _ => 3.5,
        };

    /// <summary>Numbers of every exponent and either sign, subnormal ones among them, and the infinities.</summary>
    private static float[] AllBinades()
    {
        var numbers = new List<float> { float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon };
        for (long bits = 0; bits <= uint.MaxValue; bits += Step)
        {
            var number = BitConverter.UInt32BitsToSingle((uint)bits);
            if (!float.IsNaN(number))
                numbers.Add(number);
        }
        return [.. numbers];
    }

    private static void AssertUlps(double expected, float found, double most, string what, double scale = 0)
    {
        var ulps = Ulps.Between(found, expected, scale);
        // Only then is the message made: there are some hundred thousand numbers.
        if (!(ulps <= most))
            Assert.Fail($"{what} is {found:G9}, {ulps:F2} units of the last place away from {expected:G12}.");
    }

    /// <summary>Half a unit of bf16's last place, and a little for those that fp32 has moved over a middle.</summary>
    private static void AssertRounded(double expected, ushort found, string what)
    {
        var number = PlainBFloat16.Widen(found);
        var isRight = double.IsNaN(expected)
            ? double.IsNaN(number)
            : number == expected
                || Math.Abs(number - expected) <= 0.5001 * Ulps.OfBFloat16(expected)
                // The next number after the largest one is infinite.
                || double.IsInfinity(number) && Math.Abs(expected) > 3.39e38;
        if (!isRight)
            Assert.Fail($"{what} is {number:G6}, not {expected:G9} rounded.");
    }
}
