namespace PSConvNet.Runtime;

/// <summary>How a kernel's weights are drawn before training. Biases start at zero.</summary>
public enum Initializer
{
    /// <summary>Uniform in ± sqrt(6 / (fan in + fan out)): Keras' default (Glorot and Bengio 2010).</summary>
    GlorotUniform,

    /// <summary>Normal with variance 2 / (fan in + fan out), cut at two standard deviations (Glorot and Bengio 2010).</summary>
    GlorotNormal,

    /// <summary>Uniform in ± sqrt(6 / fan in), for ReLU (He et al. 2015).</summary>
    HeUniform,

    /// <summary>Normal with variance 2 / fan in, cut at two standard deviations (He et al. 2015).</summary>
    HeNormal,

    /// <summary>Uniform in ± sqrt(3 / fan in) (LeCun et al. 1998).</summary>
    LeCunUniform,

    /// <summary>Normal with variance 1 / fan in, cut at two standard deviations (LeCun et al. 1998).</summary>
    LeCunNormal,

    /// <summary>All zeros.</summary>
    Zeros,

    /// <summary>All ones.</summary>
    Ones,
}
