namespace PSConvNet.Tests.Sweeps;

/// <summary>
/// A function whose minimum is published, to be searched: S. Surjanovic and D. Bingham, Virtual Library of Simulation Experiments,
/// sfu.ca/~ssurjano/optimization.html.
/// </summary>
internal sealed record TestFunction(string Name, SweepSpace Space, double Minimum, Func<SweepPoint, double> Evaluate)
{
    /// <summary>Branin's, rescaled by nobody: three minima of 0.397887.</summary>
    public static TestFunction Branin { get; } =
        new(
            "Branin",
            new SweepSpace([new UniformParameter("x1", -5, 10), new UniformParameter("x2", 0, 15)]),
            0.397887,
            point =>
            {
                var (x1, x2) = (Of(point, "x1"), Of(point, "x2"));
                var bent = x2 - 5.1 / (4 * Math.PI * Math.PI) * x1 * x1 + 5 / Math.PI * x1 - 6;
                return bent * bent + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(x1) + 10;
            }
        );

    /// <summary>Hartmann's in six dimensions: one minimum of -3.32237 among others.</summary>
    public static TestFunction Hartmann6 { get; } =
        new(
            "Hartmann-6",
            new SweepSpace(Enumerable.Range(1, 6).Select(i => new UniformParameter($"x{i}", 0, 1))),
            -3.32237,
            point =>
            {
                double[] alpha = [1.0, 1.2, 3.0, 3.2];
                double[,] a =
                {
                    { 10, 3, 17, 3.5, 1.7, 8 },
                    { 0.05, 10, 17, 0.1, 8, 14 },
                    { 3, 3.5, 1.7, 10, 17, 8 },
                    { 17, 8, 0.05, 10, 0.1, 14 },
                };
                double[,] p =
                {
                    { 1312, 1696, 5569, 124, 8283, 5886 },
                    { 2329, 4135, 8307, 3736, 1004, 9991 },
                    { 2348, 1451, 3522, 2883, 3047, 6650 },
                    { 4047, 8828, 8732, 5743, 1091, 381 },
                };
                var sum = 0.0;
                for (var i = 0; i < 4; i++)
                {
                    var inner = 0.0;
                    for (var j = 0; j < 6; j++)
                        inner += a[i, j] * Math.Pow(Of(point, $"x{j + 1}") - 1e-4 * p[i, j], 2);
                    sum -= alpha[i] * Math.Exp(-inner);
                }
                return sum;
            }
        );

    /// <summary>The smallest value in so many trials.</summary>
    public double Search(SweepSampler kind, long seed, int trials)
    {
        var sampler = SamplerFactory.Create(kind, Space, seed, 10);
        var history = new List<Observation>();
        for (var i = 0; i < trials; i++)
        {
            var point = sampler.Sample(i, history);
            history.Add(new Observation(point, Evaluate(point)));
        }
        return history.Min(o => o.Loss);
    }

    public override string ToString() => Name;

    private static double Of(SweepPoint point, string name) => SweepValue.Number(point[name])!.Value;
}
