using System.Collections.ObjectModel;
using System.Globalization;

namespace PSConvNet.Evaluation;

/// <summary>The probabilities of all classes. In a text, such as a column of a CSV file, they are numbers with blanks between.</summary>
public sealed class ProbabilityList : ReadOnlyCollection<float>
{
    /// <summary>A list of numbers.</summary>
    public ProbabilityList(IList<float> values)
        : base(values) { }

    /// <inheritdoc />
    public override string ToString() =>
        string.Join(' ', this.Select(value => value.ToString(CultureInfo.InvariantCulture)));
}
