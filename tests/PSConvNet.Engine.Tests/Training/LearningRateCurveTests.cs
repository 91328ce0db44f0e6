namespace PSConvNet.Tests.Training;

/// <summary>The rates, the smoothing, when a test ends and what is read from its curve, against closed forms.</summary>
public class LearningRateCurveTests
{
    private static readonly LearningRateRange s_range = new();

    [Theory]
    [InlineData(1e-6, 10, 100)]
    [InlineData(1e-4, 1e-1, 10)]
    [InlineData(1e-30, 1e30, 61)]
    public void The_rates_are_a_geometric_sequence_from_the_minimum_to_the_maximum(double from, double to, int steps)
    {
        var range = new LearningRateRange
        {
            MinimumRate = from,
            MaximumRate = to,
            Steps = steps,
        };
        var factor = Math.Exp((Math.Log(to) - Math.Log(from)) / (steps - 1));

        Assert.Equal(from, range.RateAt(1));
        Assert.Equal(to, range.RateAt(steps));
        for (var step = 2; step <= steps; step++)
            Assert.Equal(1, range.RateAt(step) / (range.RateAt(step - 1) * factor), 1e-12);
    }

    [Fact]
    public void The_smoothed_loss_is_the_mean_of_the_losses_so_far_each_weighing_a_fiftieth_less_than_the_next()
    {
        var random = new Random(3);
        var losses = Enumerable.Range(0, 100).Select(_ => 1 + random.NextDouble()).ToArray();

        var points = Observe(losses).Points;

        for (var step = 1; step <= 100; step++)
        {
            var weights = Enumerable.Range(1, step).Select(i => Math.Pow(0.98, step - i)).ToArray();
            var mean = weights.Zip(losses, (weight, loss) => weight * loss).Sum() / weights.Sum();
            Assert.Equal(mean, points[step - 1].SmoothedLoss, 1e-12);
            Assert.Equal(
                (step, s_range.RateAt(step), losses[step - 1]),
                (points[step - 1].Step, points[step - 1].LearningRate, points[step - 1].Loss)
            );
        }
    }

    [Theory]
    [InlineData(0.99, false)]
    [InlineData(1.01, true)]
    public void A_test_ends_where_the_smoothed_loss_is_above_four_times_its_minimum(double leap, bool ends)
    {
        // After n losses of 1, a loss of x makes (0.02 x + 0.98 (1 - 0.98^n)) / (1 - 0.98^(n + 1)) of them.
        const int n = 50;
        var four = (4 * (1 - Math.Pow(0.98, n + 1)) - 0.98 * (1 - Math.Pow(0.98, n))) / 0.02;

        var (points, reason) = Observe([.. Enumerable.Repeat(1.0, n), four * leap]);

        Assert.Equal(n + 1, points.Count);
        Assert.Equal(ends ? LearningRateStopReason.LossRose : null, reason);
    }

    [Fact]
    public void The_first_tenth_of_the_losses_ends_no_test_and_is_no_minimum()
    {
        // Ten losses a hundred times as low as the ones they are followed by.
        var (points, reason) = Observe([.. Enumerable.Repeat(0.01, 10), .. Enumerable.Repeat(1.0, 10)]);

        // The eleventh is the first to count: (0.02 + 0.98 (1 - 0.98^10) 0.01) / (1 - 0.98^11) = 0.110, four times which is 0.44.
        Assert.Equal(LearningRateStopReason.LossRose, reason);
        Assert.True(points[^1].SmoothedLoss > 4 * points[10].SmoothedLoss);
        Assert.True(points[^2].SmoothedLoss <= 4 * points[10].SmoothedLoss);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    public void The_suggestion_is_where_the_loss_falls_fastest_and_the_minimum_a_tenth_of_where_it_is_lowest(
        int steepest
    )
    {
        // A fall from 2.3 to 0.3 that is steepest in its middle, then a straight rise.
        double Loss(int step) =>
            step <= 80 ? 0.3 + 2 / (1 + Math.Exp((step - steepest) / 5.0)) : 0.3 + 0.2 * (step - 80);

        var curve = Curve(Loss);

        Assert.Equal(s_range.RateAt(steepest), curve.Suggestion);
        Assert.Equal(s_range.RateAt(80) / 10, curve.Minimum);
        Assert.StartsWith("Suggestion ", curve.Conclusion, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-30, 1e-3, LearningRateStopReason.LossRose, "No learning rate helps")]
    [InlineData(1e-29, 1e-3, LearningRateStopReason.LossRose, "Try a MinimumRate of 1E-30")]
    [InlineData(1e-28, 1e-3, LearningRateStopReason.LossRose, "Try a MinimumRate of 1E-30")]
    [InlineData(1e-3, 1e30, LearningRateStopReason.StepsDone, "No learning rate helps")]
    [InlineData(1e-3, 1e28, LearningRateStopReason.StepsDone, "Try a MaximumRate of 1E+30")]
    public void Only_rates_that_the_cmdlet_takes_are_advised(
        double minimum,
        double maximum,
        LearningRateStopReason reason,
        string says
    )
    {
        var (points, _) = Observe([.. Enumerable.Repeat(2.3, 100)]);
        var range = new LearningRateRange { MinimumRate = minimum, MaximumRate = maximum };

        var curve = Curve(points, reason) with { Range = range };

        Assert.Contains(says, curve.Conclusion, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leap_and_the_way_back_from_it_attract_no_suggestion()
    {
        // The same with a leap of one point at step 70, which comes down in one step.
        double Loss(int step) => 0.3 + 2 / (1 + Math.Exp((step - 40) / 5.0)) + (step == 70 ? 1 : 0);

        Assert.Equal(s_range.RateAt(40), Curve(Loss).Suggestion);
    }

    [Theory]
    [InlineData("flat", LearningRateStopReason.StepsDone, "Try a MaximumRate of 1E+03")]
    [InlineData("chance", LearningRateStopReason.StepsDone, "Try a MaximumRate of 1E+03")]
    [InlineData("rising", LearningRateStopReason.LossRose, "Try a MinimumRate of 1E-08")]
    [InlineData("chance", LearningRateStopReason.Stopped, "stopped before the loss had fallen")]
    public void A_curve_that_does_not_fall_has_no_suggestion_and_says_what_to_try(
        string kind,
        LearningRateStopReason reason,
        string says
    )
    {
        var random = new Random(1);
        var (points, _) = Observe([
            .. Enumerable
                .Range(1, 100)
                .Select(step =>
                    kind switch
                    {
                        "flat" => 2.3,
                        "chance" => 2.3 + 0.1 * (random.NextDouble() - 0.5),
                        _ => 1 + step / 50.0,
                    }
                ),
        ]);

        var curve = Curve(points, reason);

        Assert.Null(curve.Suggestion);
        Assert.Null(curve.Minimum);
        Assert.Contains(says, curve.Conclusion, StringComparison.Ordinal);
        Assert.Contains(curve.Conclusion, curve.ToTable().Replace('\n', ' '), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(20)]
    public void A_test_that_was_stopped_after_any_number_of_batches_can_be_read_and_printed(int count)
    {
        var curve = Curve(
            Observe([.. Enumerable.Range(0, count).Select(i => 3 - i / 8.0)]).Points,
            LearningRateStopReason.Stopped
        );

        Assert.Equal(count < 20, curve.Suggestion is null);
        Assert.Contains($"{count} of 100 batches", curve.ToTable(), StringComparison.Ordinal);
        Assert.StartsWith("net on Digits: ", curve.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_curve_prints_its_optimizer_without_the_rate_that_played_no_part_and_marks_what_it_speaks_for()
    {
        var curve = Curve(step => 0.3 + 2 / (1 + Math.Exp((step - 40) / 5.0))) with
        {
            Options = new TrainingOptions
            {
                Optimizer = new SgdOptimizer { LearningRate = 0.7, Momentum = 0.9 },
            },
        };

        var lines = curve.ToTable().Split('\n');

        Assert.Equal(
            "net on Digits: rates from 1E-06 to 10, SGD (Momentum 0.9), batches of 128, Float32",
            $"{lines[0]} {lines[1]}"
        );
        Assert.Equal(
            3,
            Array.FindIndex(lines, line => line.Contains("LearningRate  SmoothedLoss", StringComparison.Ordinal))
        );
        Assert.Equal(
            "0.00057        1.3000  #################### < falls fastest",
            lines.Single(line => line.EndsWith("falls fastest", StringComparison.Ordinal)).Trim()
        );
        Assert.Single(lines, line => line.EndsWith("# < lowest", StringComparison.Ordinal));
        Assert.Equal("100 batches in 1.5 s.", lines[^1]);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void A_leap_at_the_end_leaves_the_other_bars_their_length()
    {
        var curve = Curve(step => step == 100 ? 1e6 : 0.3 + 2 / (1 + Math.Exp((step - 40) / 5.0)));

        var rows = curve.ToTable().Split('\n').Where(line => line.Contains('#', StringComparison.Ordinal)).ToList();

        Assert.EndsWith("1.00E+006  " + new string('#', 36) + ">", rows[^1], StringComparison.Ordinal);
        Assert.EndsWith(" " + new string('#', 36), rows[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 10, 100, "LearningRateRange.MinimumRate must be from 1e-30 to 1e30, not 0.")]
    [InlineData(-1, 10, 100, "LearningRateRange.MinimumRate must be from 1e-30")]
    [InlineData(double.NaN, 10, 100, "LearningRateRange.MinimumRate must be from 1e-30")]
    [InlineData(1e-6, double.PositiveInfinity, 100, "LearningRateRange.MaximumRate must be from 1e-30 to 1e30")]
    [InlineData(
        1e-3,
        1e-3,
        100,
        "LearningRateRange.MaximumRate must be above LearningRateRange.MinimumRate 0.001, not 0.001."
    )]
    [InlineData(1e-6, 10, 9, "LearningRateRange.Steps must be at least 10, not 9.")]
    public void A_range_that_cannot_be_is_refused(double from, double to, int steps, string message)
    {
        var range = new LearningRateRange
        {
            MinimumRate = from,
            MaximumRate = to,
            Steps = steps,
        };

        var error = Assert.Throws<ConvNetException>(range.Validate);

        Assert.Equal("TrainingOptionInvalid", error.ErrorId);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static (IReadOnlyList<LearningRatePoint> Points, LearningRateStopReason? Reason) Observe(double[] losses)
    {
        var test = new RangeTest(s_range);
        foreach (var loss in losses)
        {
            if (test.Observe(loss) is { } reason)
                return (test.Points, reason);
        }
        return (test.Points, null);
    }

    /// <summary>A curve whose losses lie on a smooth line already.</summary>
    private static LearningRateCurve Curve(Func<int, double> loss) =>
        Curve(
            [
                .. Enumerable
                    .Range(1, s_range.Steps)
                    .Select(step => new LearningRatePoint(step, s_range.RateAt(step), loss(step), loss(step))),
            ],
            LearningRateStopReason.StepsDone
        );

    private static LearningRateCurve Curve(IReadOnlyList<LearningRatePoint> points, LearningRateStopReason reason) =>
        new()
        {
            ModelName = "net",
            DatasetName = "Digits",
            Options = new TrainingOptions(),
            Range = s_range,
            Points = points,
            StopReason = reason,
            Precision = Precision.Float32,
            Seconds = 1.5,
        };
}
