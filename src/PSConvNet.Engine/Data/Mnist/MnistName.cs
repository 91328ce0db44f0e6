namespace PSConvNet.Data;

/// <summary>The data sets of MNIST's kind: 60,000 training and 10,000 test images of 28 x 28 grey pixels in 10 classes.</summary>
public enum MnistName
{
    /// <summary>MNIST's handwritten digits (LeCun, Cortes, Burges 1998).</summary>
    Digits,

    /// <summary>Fashion-MNIST, articles of clothing (Xiao, Rasul, Vollgraf 2017).</summary>
    Fashion,

    /// <summary>Kuzushiji-MNIST, cursive Japanese characters (Clanuwat et al. 2018).</summary>
    Kuzushiji,

    /// <summary>Digits drawn by this program, for machines with no data; see <see cref="SyntheticDigits"/>.</summary>
    Synthetic,
}
