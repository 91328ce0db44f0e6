namespace PSConvNet.Runtime;

/// <summary>A parameter that a kernel needs: its name in the layer, its layout in memory, and its initial values.</summary>
/// <param name="Name"><c>kernel</c>, <c>bias</c>, <c>gamma</c>, …</param>
/// <param name="Shape">Its layout: a convolution's kernel is out x height x width x in, a dense one out x in.</param>
/// <param name="Initializer">How its initial values are drawn.</param>
internal sealed record ParameterSpec(string Name, Shape Shape, Initializer Initializer)
{
    /// <summary>Its name in PyTorch's state dictionaries, after the layer's: <c>weight</c>.</summary>
    public string TorchName { get; init; } = Name;

    /// <summary>Whether its last dimension is the layer's input, so that it is in another order in PyTorch and ONNX if the input is.</summary>
    public bool FollowsInput { get; init; }

    /// <summary>The number of inputs that one output depends on, for the initializer's scale.</summary>
    public int FanIn { get; init; } = 1;

    /// <summary>The number of outputs that depend on one input.</summary>
    public int FanOut { get; init; } = 1;

    /// <summary>False for the moving statistics of a batch norm, which are measured and not trained.</summary>
    public bool Trainable { get; init; } = true;

    /// <summary>Whether the kernel always gets this parameter in fp32, because it would suffer in lower precision.</summary>
    public bool Float32 { get; init; }

    /// <summary>The smallest valid value: 0 for a variance.</summary>
    public float Least { get; init; } = float.MinValue;

    /// <summary>Strength of the penalty λ Σ w² that is added to the loss; 0 for none.</summary>
    public double L2 { get; init; }

    /// <summary>Fills the values.</summary>
    public void Fill(Span<float> values, ref RandomStream random)
    {
        switch (Initializer)
        {
            case Initializer.Zeros:
                values.Clear();
                break;
            case Initializer.Ones:
                values.Fill(1);
                break;
            case Initializer.GlorotUniform:
                Uniform(values, Math.Sqrt(6.0 / (FanIn + FanOut)), ref random);
                break;
            case Initializer.HeUniform:
                Uniform(values, Math.Sqrt(6.0 / FanIn), ref random);
                break;
            case Initializer.LeCunUniform:
                Uniform(values, Math.Sqrt(3.0 / FanIn), ref random);
                break;
            case Initializer.GlorotNormal:
                TruncatedNormal(values, Math.Sqrt(2.0 / (FanIn + FanOut)), ref random);
                break;
            case Initializer.HeNormal:
                TruncatedNormal(values, Math.Sqrt(2.0 / FanIn), ref random);
                break;
            case Initializer.LeCunNormal:
                TruncatedNormal(values, Math.Sqrt(1.0 / FanIn), ref random);
                break;
            default:
                throw new InvalidOperationException($"There is no initializer {Initializer}.");
        }
    }

    private static void Uniform(Span<float> values, double limit, ref RandomStream random)
    {
        foreach (ref var value in values)
            value = (float)((2 * random.NextDouble() - 1) * limit);
    }

    private static void TruncatedNormal(Span<float> values, double deviation, ref RandomStream random)
    {
        // The standard deviation of a standard normal distribution truncated at ±2. As in Keras, dividing by it gives the wanted variance.
        const double cutDeviation = 0.87962566103423978;
        foreach (ref var value in values)
        {
            double draw;
            do draw = random.NextGaussian();
            while (Math.Abs(draw) > 2);
            value = (float)(draw * deviation / cutDeviation);
        }
    }
}
