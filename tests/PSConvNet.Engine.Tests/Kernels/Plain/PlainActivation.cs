namespace PSConvNet.Tests.Kernels.Plain;

/// <summary>What <c>ActivationLoops</c> compute, in fp64 by the functions' definitions, and the slopes of the functions. At infinities, their limits.</summary>
internal static class PlainActivation
{
    /// <summary>The function's value.</summary>
    public static double Value(Activation activation, double x, double alpha) =>
        activation switch
        {
            Activation.ReLU => x <= 0 ? 0 : x,
            Activation.LeakyReLU => x <= 0 ? alpha * x : x,
            Activation.GELU => Times(x, NormalDistribution(x)),
            Activation.ELU => x <= 0 ? alpha * ExpMinusOne(x) : x,
            Activation.SiLU => Times(x, Logistic(x)),
            Activation.Sigmoid => Logistic(x),
            Activation.Tanh => Math.Tanh(x),
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        };

    /// <summary>The function's derivative; from below, where it has two.</summary>
    public static double Slope(Activation activation, double x, double alpha) =>
        activation switch
        {
            Activation.ReLU => x <= 0 ? 0 : 1,
            Activation.LeakyReLU => x <= 0 ? alpha : 1,
            Activation.GELU => NormalDistribution(x) + Times(x, NormalDensity(x)),
            Activation.ELU => x <= 0 ? alpha * Math.Exp(x) : 1,
            Activation.SiLU => Logistic(x) + Times(x, Logistic(x) * Logistic(-x)),
            Activation.Sigmoid => Logistic(x) * Logistic(-x),
            Activation.Tanh => 4 * Logistic(2 * x) * Logistic(-2 * x),
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        };

    /// <summary>
    /// Φ(x): by Marsaglia's series around 0, and below by Laplace's continued fraction, whose relative error is small where the function nearly vanishes.
    /// </summary>
    public static double NormalDistribution(double x)
    {
        if (x > 0)
            return 1 - NormalDistribution(-x);
        if (x < -2)
        {
            var fraction = -x;
            for (var i = 300; i > 0; i--)
                fraction = -x + i / fraction;
            return NormalDensity(x) / fraction;
        }
        var (sum, term) = (x, x);
        for (var i = 3; i < 100; i += 2)
            sum += term *= x * x / i;
        return 0.5 + sum * NormalDensity(x);
    }

    private static double NormalDensity(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static double Logistic(double x) => x < 0 ? Math.Exp(x) / (1 + Math.Exp(x)) : 1 / (1 + Math.Exp(-x));

    /// <summary>e^x - 1: near 0 by its series, because the difference would lose digits.</summary>
    private static double ExpMinusOne(double x)
    {
        if (Math.Abs(x) > 0.5)
            return Math.Exp(x) - 1;
        var (sum, term) = (x, x);
        for (var i = 2; i < 20; i++)
            sum += term *= x / i;
        return sum;
    }

    /// <summary>x y, where a y of 0 wins over an infinite x: it vanishes faster.</summary>
    private static double Times(double x, double y) => y == 0 ? Math.CopySign(0, x) : x * y;
}
