namespace PSConvNet;

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

/// <summary>What goes to the middle of a sample.</summary>
public enum InkCentre
{
    /// <summary>The strokes' centre of mass, as in MNIST.</summary>
    Mass,

    /// <summary>The middle of the box around them.</summary>
    Box,
}

/// <summary>How pictures of people's own become samples like those that a network learned from: light strokes on black, of one size, centred.</summary>
public sealed partial record ImagePreparation
{
    /// <summary>The longest side of the picture that is worked on, in pixels; larger ones are reduced to it first.</summary>
    public const int WorkingSide = 640;

    /// <summary>The side of the square that strokes are fitted into, in pixels of the sample; null for five sevenths of its shorter side, which is 20 of 28.</summary>
    public int? Fit { get; init; }

    /// <summary>What goes to the middle.</summary>
    public InkCentre Centre { get; init; }

    /// <summary>Which of ink and paper is lighter.</summary>
    public InkPolarity Polarity { get; init; }

    /// <summary>Whether shadows and other changes of the paper are taken out.</summary>
    public bool Background { get; init; } = true;

    /// <summary>Whether the lines of ruled and squared paper are taken out.</summary>
    public bool Lines { get; init; } = true;

    /// <summary>Whether strokes become white, however faint they are.</summary>
    public bool Contrast { get; init; } = true;

    /// <summary>Whether strokes that are much thinner or thicker than MNIST's are made as wide.</summary>
    public bool Strokes { get; init; } = true;

    /// <summary>The side of the square that strokes are fitted into.</summary>
    internal int FitOf(int height, int width) => Fit ?? Math.Max(1, (int)Math.Round(Math.Min(height, width) * 5 / 7.0));
}
