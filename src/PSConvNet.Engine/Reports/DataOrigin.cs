using System.Globalization;
using System.Text.RegularExpressions;

namespace PSConvNet.Reports;

/// <summary>A data set without its images: what tells the commands that get it again.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">Where it came from, and what was held out of it since.</param>
/// <param name="Shape">One image's shape.</param>
/// <param name="ClassNames">The classes.</param>
/// <param name="Train">How many images there are to learn from.</param>
/// <param name="Test">How many there are to measure on.</param>
internal sealed partial record DataOrigin(
    string Name,
    string Source,
    Shape Shape,
    IReadOnlyList<string> ClassNames,
    int Train,
    int Test
)
{
    /// <summary>How its images were made of pictures; null where they weren't prepared.</summary>
    public ImagePreparation? Preparation { get; init; }

    /// <summary>That of a data set.</summary>
    public static DataOrigin Of(Dataset data) =>
        new(data.Name, data.Source, data.Shape, data.ClassNames, data.Train.Count, data.Test.Count)
        {
            Preparation = data.Train.Preparation,
        };

    /// <summary>What was held out last, and of what; null where nothing was.</summary>
    public DataSplit? LastSplit()
    {
        if (HeldOut().Match(Source) is not { Success: true } match)
            return null;
        var picked = int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture);
        var before = this with { Source = match.Groups["before"].Value, Train = Train + picked };
        return new DataSplit(before, picked, match.Groups["seed"].Value);
    }

    /// <inheritdoc cref="Dataset.ToString"/>
    public override string ToString() =>
        ReportText.Of(
            $"{Name}: {Train} training and {Test} test images of {Shape}, {Counted.Of(ClassNames.Count, "class")}"
        );

    [GeneratedRegex(
        @"^(?<before>.*), (?<count>\d{1,9}) held out with seed (?<seed>-?\d+)$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline
    )]
    private static partial Regex HeldOut();
}

/// <summary>Images that were held out of a data set's training part.</summary>
/// <param name="Before">The data set before.</param>
/// <param name="Picked">How many images were held out.</param>
/// <param name="Seed">By which seed.</param>
internal sealed record DataSplit(DataOrigin Before, int Picked, string Seed)
{
    /// <summary>The share that was asked for, most likely.</summary>
    public double Fraction => Likely(Picked, Before.Train, usual: 0.1);

    /// <summary>The share of a whole that was asked for, most likely: the usual one, else the roundest that gives as many.</summary>
    public static double Likely(int picked, int of, double usual)
    {
        IEnumerable<double> likely =
        [
            usual,
            .. Enumerable.Range(1, 9).Select(i => i / 10.0),
            .. Enumerable.Range(1, 99).Select(i => i / 100.0),
        ];
        return likely.Append((double)picked / of).First(fraction => (int)Math.Round(of * fraction) == picked);
    }

    /// <summary>The command that holds them out again.</summary>
    /// <param name="variable">The variable that holds the data set before, and afterwards what is left.</param>
    public string Command(string variable) =>
        $"{variable}, $heldOut = {variable} | Split-Dataset -Fraction {PowerShellText.Number(Fraction)} -Seed {Seed}";
}
