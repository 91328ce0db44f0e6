namespace PSConvNet.Data;

/// <summary>Which of ink and paper is lighter.</summary>
public enum InkPolarity
{
    /// <summary>Found out for each picture.</summary>
    Automatic,

    /// <summary>Dark ink on light paper.</summary>
    DarkOnLight,

    /// <summary>Light on dark: chalk on a board, MNIST's digits.</summary>
    LightOnDark,
}
