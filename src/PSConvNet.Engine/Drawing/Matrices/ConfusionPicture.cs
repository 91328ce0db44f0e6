using System.Globalization;
using PSConvNet.Drawing;

namespace PSConvNet;

/// <summary>What a model takes for what: a row for each true class, a column for each answer, and a number where they meet.</summary>
/// <remarks>
/// A cell is coloured by its share of its row: on the diagonal, what is right, in one hue; beside it, what is wrong, in another and by
/// the square root, so that a few mistakes among thousands are still seen. Up to 30 classes the counts stand in the cells.
/// </remarks>
public sealed class ConfusionPicture : CanvasPicture
{
    private readonly ConfusionLayout _layout;

    /// <summary>Draws a measurement's confusion matrix.</summary>
    /// <param name="metrics">The measurement; any number of classes.</param>
    /// <exception cref="ConvNetException"><c>NativeLibraryMissing</c>.</exception>
    public ConfusionPicture(ModelMetrics metrics)
        : base(TitleOf(metrics), DescriptionOf(metrics))
    {
        Names = [.. metrics.Classes.Select(measured => measured.Name)];
        Counts = (int[,])metrics.ConfusionMatrix.Clone();
        _layout = WithSkia(() => new ConfusionLayout(Title, Names, Counts));
    }

    /// <inheritdoc />
    public override int Width => _layout.Width;

    /// <inheritdoc />
    public override int Height => _layout.Height;

    /// <summary>The classes' names.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>Truth x answer.</summary>
    internal int[,] Counts { get; }

    /// <inheritdoc />
    public override string ToText(int columns = 80, bool colour = false) =>
        ConfusionText.Write(Title, Names, Counts, Math.Max(columns, 40));

    internal override void Draw(Pen pen) => _layout.Draw(pen);

    /// <summary>What is mistaken for what, the most frequent first.</summary>
    internal static IEnumerable<(int Truth, int Answer, int Count)> Mistakes(int[,] counts)
    {
        var mistakes =
            from truth in Enumerable.Range(0, counts.GetLength(0))
            from answer in Enumerable.Range(0, counts.GetLength(1))
            where truth != answer && counts[truth, answer] > 0
            orderby counts[truth, answer] descending
            select (truth, answer, counts[truth, answer]);
        return mistakes;
    }

    private static string TitleOf(ModelMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        return $"{metrics.Name}: {Number(metrics.Errors)} of {Number(metrics.Samples)} wrong";
    }

    private static string DescriptionOf(ModelMetrics metrics)
    {
        var worst = Mistakes(metrics.ConfusionMatrix)
            .Take(5)
            .Select(m =>
                $"{metrics.Classes[m.Truth].Name} taken for {metrics.Classes[m.Answer].Name} {Number(m.Count)} times"
            );
        var mistakes = metrics.Errors == 0 ? "There is no mistake." : $"Most often: {string.Join("; ", worst)}.";
        return $"Confusion matrix of {metrics.Classes.Count} classes, rows are the truth, columns the answers. {metrics.Name} gets {Number(metrics.Samples - metrics.Errors)} of {Number(metrics.Samples)} right. {mistakes}";
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
