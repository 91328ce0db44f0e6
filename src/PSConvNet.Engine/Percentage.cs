using System.Globalization;

namespace PSConvNet;

/// <summary>
/// Shares as percentages. There is one rule for rounding, that of .NET's format <c>0.00</c>, which the views use: it rounds the decimal number
/// of 15 digits. The formats F2 and P2 round the binary number instead: 0.87435 would be 87.44 % here and 87.43 % there.
/// </summary>
public static class Percentage
{
    /// <summary>A share as a percentage, the same in every culture: <c>99.12 %</c>.</summary>
    /// <param name="share">The share, from 0 to 1.</param>
    /// <param name="decimals">How many decimals it gets.</param>
    public static string Of(double share, int decimals = 2) => $"{Number(share, decimals)} %";

    /// <summary>The percentage without its sign.</summary>
    /// <param name="share">The share, from 0 to 1.</param>
    /// <param name="decimals">How many decimals it gets.</param>
    public static string Number(double share, int decimals = 2) =>
        (100 * share).ToString(decimals == 0 ? "0" : "0." + new string('0', decimals), CultureInfo.InvariantCulture);
}
