namespace PSConvNet.Runtime;

/// <summary>An activation function.</summary>
public enum Activation
{
    /// <summary>The value itself.</summary>
    None,

    /// <summary>max(0, x).</summary>
    ReLU,

    /// <summary>x where positive, α x elsewhere; α is 0.2 unless an activation layer says otherwise (Maas et al. 2013).</summary>
    LeakyReLU,

    /// <summary>x Φ(x), with the exact normal distribution function (Hendrycks and Gimpel 2016).</summary>
    GELU,

    /// <summary>x where positive, α (exp x - 1) elsewhere; α is 1 unless an activation layer says otherwise (Clevert et al. 2016).</summary>
    ELU,

    /// <summary>x σ(x), also called swish (Elfwing et al. 2017).</summary>
    SiLU,

    /// <summary>1 / (1 + exp -x).</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>exp x / Σ exp x over the channels.</summary>
    Softmax,

    /// <summary>log of the softmax.</summary>
    LogSoftmax,
}

internal static class ActivationExtensions
{
    /// <summary>The function's parameter where the user gives none: Keras' slopes.</summary>
    public static double DefaultAlpha(this Activation activation) =>
        activation switch
        {
            Activation.LeakyReLU => 0.2,
            Activation.ELU => 1,
            _ => 0,
        };

    public static bool IsSoftmax(this Activation activation) =>
        activation is Activation.Softmax or Activation.LogSoftmax;
}
